// The observers of a cloud subnet, with a scripted road, a hand-turned clock and a file that grows.

import Foundation
import Synchronization
import TakeoverModel
import Testing

@testable import TakeoverRun

/// Answers with what it is given, by turns; a nil is a failure of the road.
private final class ScriptedRoad: CloudRoad {
  let asked = Mutex<[CloudQuestion]>([])
  let isOpen = Mutex(false)
  private let answer: @Sendable (Int) throws -> [UInt8]

  init(_ answer: @escaping @Sendable (Int) throws -> [UInt8]) { self.answer = answer }

  func open() async throws { isOpen.withLock { $0 = true } }
  func close() async { isOpen.withLock { $0 = false } }
  func ask(_ question: CloudQuestion, within limit: Duration) async throws -> [UInt8] {
    let count = asked.withLock { all in
      all.append(question)
      return all.count
    }
    return try answer(count)
  }
}

private final class Flag: Sendable {
  let isSet = Mutex(false)
}

@Suite struct `Observers of a subnet` {
  private static let subnet = `A question to a control plane`.subnet

  /// Observes until `enough` questions were asked.
  private func bindings(
    after enough: Int, of subnet: CloudSubnet = subnet,
    answer: @escaping @Sendable (Int) throws -> [UInt8]
  ) async throws -> (bindings: [HavipBinding], whens: [Interval], road: ScriptedRoad) {
    let credentials = try #require(`A question to a control plane`.credentials)
    let road = ScriptedRoad(answer)
    let journal = MemoryJournal()
    var site = World.site
    site.cloud = subnet
    let observer = HavipBindingObserver(of: subnet, by: credentials, over: [road])
    let clock = HandClock()
    await withTaskGroup(of: Void.self) { [site] group in
      group.addTask {
        try? await observer.observe(site, into: journal, clock: clock) {}
      }
      while road.asked.withLock({ $0.count }) < enough { await Task.yield() }
      group.cancelAll()
    }
    let seen = journal.places.compactMap { place -> (HavipBinding, Interval)? in
      guard case .havipBinding(let seen) = place.event,
        seen.trouble != HavipBindingObserver.late
      else { return nil }
      return (seen, place.when)
    }
    return (seen.map(\.0), seen.map(\.1), road)
  }

  @Test func `each answer is written down for each HAVIP, from asking to hearing`() async throws {
    let answer = `A question to a control plane`.answer(`A question to a control plane`.bound)
    let (bindings, whens, road) = try await bindings(after: 5) { _ in answer }
    #expect(bindings.count >= 2)
    #expect(bindings[0].node == "a")
    #expect(bindings[1].trouble == "the control plane knows no havip-2")
    #expect(whens.allSatisfy { $0.earliest <= $0.latest })
    #expect(!road.isOpen.withLock { $0 })
    // One a second, none twice.
    let stamps = road.asked.withLock { all in
      all.compactMap { question in
        question.headers.first { $0.name == "X-TC-Timestamp" }.flatMap { Int64($0.value) }
      }
    }
    #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 }, "\(stamps)")
  }

  @Test func `a road that fails is a trouble of each HAVIP, and the next question is asked`()
    async throws
  {
    let (bindings, _, _) = try await bindings(after: 4) { count in
      throw Complaint("no road \(count)", remedy: "")
    }
    #expect(bindings.first?.trouble == "no road 1")
    #expect(bindings.contains { $0.trouble == "no road 2" })
    #expect(bindings.allSatisfy { $0.state.isEmpty && $0.node == nil })
  }

  @Test func `where there is no HAVIP nobody is asked`() async throws {
    var empty = Self.subnet
    empty.havips = []
    let (bindings, _, road) = try await bindings(after: 0, of: empty) { _ in [] }
    #expect(bindings.isEmpty)
    #expect(road.asked.withLock { $0.isEmpty })
  }

  // MARK: A subnet's own record

  private static func line(
    _ at: Int64, _ event: String, _ node: String, reason: String = "", more: String = ""
  ) -> String {
    """
    {"at":\(at),"event":"\(event)","node":"\(node)","port":"\(node)","hardware":"02:00:00:00:00:01",\
    "address":"10.0.0.3","reason":"\(reason)"\(more)}

    """
  }

  /// Observes a file that has `before` at first and gets `later` when the observer is ready.
  private func decisions(_ before: String, _ later: [String] = []) async throws -> MemoryJournal {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/takeover-\(UInt64.random(in: 0 ... .max)).jsonl"
    try before.write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let journal = MemoryJournal()
    let file = try #require(FileHandle(forWritingAtPath: path))
    let ready = Flag()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await FabricDecisionsObserver(following: path)
          .observe(World.site, into: journal, clock: HandClock()) {
            ready.isSet.withLock { $0 = true }
          }
      }
      while !ready.isSet.withLock({ $0 }) { await Task.yield() }
      for piece in later {
        _ = try? file.seekToEnd()
        file.write(Data(piece.utf8))
        for _ in 0..<20 { await Task.yield() }
      }
      group.cancelAll()
    }
    return journal
  }

  @Test func `what was decided before the run tells where each address led, no more`() async throws
  {
    let before =
      Self.line(1_000_000_000_100, "believed", "a") + Self.line(1_000_000_000_200, "bound", "a")
      + Self.line(1_000_000_000_300, "refused", "b", reason: "r")
      + Self.line(1_000_000_000_400, "believed", "b")
    let journal = try await decisions(before)
    #expect(
      journal.events == [
        .fabricDecision(
          FabricDecision(
            address: .v4(0x0a00_0003), node: "a", port: "a",
            hardware: MACAddress(bits: 0x0200_0000_0001),
            decision: .bound))
      ])
    // The clock's origin is 1,000,000,000,000.
    #expect(journal.places.map(\.when) == [Interval(at: Moment(nanoseconds: 200))])
  }

  @Test func `a change is known to when the switch was told and had done it`() async throws {
    let text = Self.line(
      1_000_000_000_500, "bound", "b", more: ",\"since\":1000000000400")
    #expect(
      try await decisions(text).places.map(\.when)
        == [Interval(Moment(nanoseconds: 400), Moment(nanoseconds: 500))])
  }

  @Test func `what comes later is written down line by line, also in pieces`() async throws {
    let text = Self.line(1_000_000_000_500, "refused", "b", reason: "r", more: ",\"more\":3")
    let half = text.index(text.startIndex, offsetBy: 40)
    let journal = try await decisions("", [String(text[..<half]), String(text[half...])])
    guard case .fabricDecision(let seen)? = journal.events.first else {
      Issue.record("\(journal.events)")
      return
    }
    #expect(seen.decision == .refused)
    #expect(seen.reason == "r")
    #expect(seen.more == 3)
    #expect(journal.events.count == 1)
  }

  @Test func `a file that is not there, or has other lines, ends the observer`() async {
    await #expect(throws: Complaint.self) {
      try await FabricDecisionsObserver(following: "/nowhere/fabric.jsonl")
        .observe(World.site, into: MemoryJournal(), clock: HandClock()) {}
    }
  }

  @Test(arguments: [
    "", "{}", "[]",
    #"{"at":1,"event":"guessed","node":"a","port":"a","address":"10.0.0.3","reason":""}"#,
    #"{"at":1,"since":2,"event":"bound","node":"a","port":"a","address":"10.0.0.3","reason":""}"#,
    #"{"at":-1,"event":"bound","node":"a","port":"a","address":"10.0.0.3","reason":""}"#,
    #"{"at":1,"event":"bound","node":"a","port":"a","address":"10.0.0","reason":""}"#,
  ]) func `a line that is no decision is none`(text: String) {
    #expect(FabricDecisionLine(Array(text.utf8)) == nil)
  }

  @Test func `a line that is cut off is none`() {
    let whole = Array(Self.line(1, "bound", "a").utf8.dropLast())
    #expect(FabricDecisionLine(whole) != nil)
    for length in 0..<whole.count { #expect(FabricDecisionLine(Array(whole[..<length])) == nil) }
  }
}
