// A run's folder that somebody else sent, or a disk has spoiled: journal and capture broken at once,
// from a seed, and judged as `takeover judge` does it, from either source. TAKEOVER_FUZZ says how many
// (a hundredth of it; 1,000 otherwise), TAKEOVER_FUZZ_SEED from which seed (1 otherwise). No root.

import Foundation
import TakeoverModel
import TakeoverWire
import TestSupport
import Testing

@testable import TakeoverCommand

@Suite struct `A folder that no run left` {
  private static let count = Fuzz.count.map { max($0 / 100, 1_000) } ?? 1_000

  private static let origin: Int64 = 1_795_370_013_000_000_000
  private static let vip = IPAddress.v4(0x0a4d_0064)
  private static let points = ["a", "b"].map { CapturePoint(name: $0, interface: $0, node: $0) }

  private static func at(_ milliseconds: Int64) -> Interval {
    Interval(at: Moment(nanoseconds: milliseconds * 1_000_000))
  }

  /// One trial, whose blow falls at 2 s; the taker announces at 2.5 s, on b's port.
  private static let journal: [UInt8] = {
    let fault = FaultUse(kind: "stop-service", arguments: Arguments())
    let node = { (name: String) in
      Node(name: name, reach: Reach(host: name), interface: "eth0", addresses: [], services: [:])
    }
    let site = Site(
      name: "pair", environment: .test, nodes: [node("a"), node("b")],
      addresses: [VirtualAddress(vip, prefix: 24)], captures: points)
    let trial = Trial(
      name: "t", fault: fault, target: .holder, hold: .zero, settle: .zero, recover: .zero,
      expectations: [Expectation(check: "takeover-within", value: .duration(.seconds(1)))])
    let header = RunHeader(
      run: "r", version: "0", origin: origin, plans: [Plan(name: "p", trials: [trial])], site: site)
    let (which, step) = (
      TrialHeader(plan: 0, trial: 0, repetition: 1), Step(node: "a", outcome: .pass)
    )
    let sight = FrameSight(
      port: "b", frame: 2, outgoing: false, source: mac(13), destination: .broadcast)
    let said: [(Int64, String, Event)] = [
      (0, "run", .runBegan(header)),
      (1, "wire/a", .captureBegan(CaptureState(port: "a", received: 0, dropped: 0))),
      (1, "wire/b", .captureBegan(CaptureState(port: "b", received: 0, dropped: 0))),
      (1_000, "run", .trialBegan(which)),
      (1_500, "run", .gatePassed(Roles(holder: "a", standby: ["b"]))),
      (2_000, "run", .blow(BlowStruck(node: "a", fault: fault, command: "true", status: 0))),
      (2_001, "run", .confirmed(step)),
      (
        2_500, "wire/b",
        .announcement(
          AnnouncementSeen(sight: sight, form: .announcement, address: vip, claimant: mac(13)))
      ),
      (3_000, "run", .healed(step)),
      (3_500, "run", .restored(Roles(holder: "b", standby: ["a"]))),
      (3_500, "wire/a", .captureState(CaptureState(port: "a", received: 1, dropped: 0))),
      (3_500, "wire/b", .captureState(CaptureState(port: "b", received: 1, dropped: 0))),
      (3_600, "run", .trialEnded(which)), (3_700, "run", .runEnded(RunEnd(reason: .completed))),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return said.flatMap { time, source, event -> [UInt8] in
      let line = Observation(when: at(time), source: source, event: event)
      return Array((try? encoder.encode(line)) ?? Data()) + [10]
    }
  }()

  private static func mac(_ host: UInt64) -> MACAddress {
    MACAddress(bits: 0x0200_0000_0000 + host)
  }

  private static let capture: [UInt8] = {
    let frames: [(Int, UInt64, Int64)] = [(0, 7, 1_200), (1, 13, 2_500)]
    return PcapngBlock.section(application: "takeover")
      + points.flatMap { PcapngBlock.interface(name: $0.interface, description: $0.name) }
      + frames.flatMap { interface, host, time in
        let packet = ARPPacket(
          operation: 1, senderHardware: mac(host), sender: vip, targetHardware: .broadcast,
          target: vip)
        let bytes = EthernetFrame(
          destination: .broadcast, source: mac(host), tags: [], kind: EthernetFrame.Kind.arp,
          payload: packet.bytes[...]
        ).bytes
        return PcapngBlock.frame(
          .init(
            interface: interface,
            frame: CapturedFrame(
              stamp: origin + time * 1_000_000, direction: .multicast, bytes: bytes,
              originalLength: bytes.count)))
      }
      + PcapngBlock.statistics(
        interface: 0, time: origin + 3_700_000_000, received: 1, dropped: 0)
      + PcapngBlock.statistics(
        interface: 1, time: origin + 3_700_000_000, received: 1, dropped: 0)
  }()

  private static func broken(_ bytes: [UInt8], _ random: inout Vectors) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = Int.random(in: place...min(bytes.count, place + 30), using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: bytes[place] = .random(in: 0...255, using: &random)
      case 3..<5: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 5: bytes.removeSubrange(place..<end)
      case 6: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 7:
        let isDigit = (48...57).contains(bytes[place])
        bytes.insert(contentsOf: isDigit ? Array("999999999999".utf8) : [0xFF, 0xFF], at: place)
      case 8: bytes.replaceSubrange(place..<end, with: [UInt8](repeating: 0xFF, count: end - place))
      default: bytes.removeLast(bytes.count - place)
      }
    }
    return bytes
  }

  @Test func `it is judged, from either source, or refused in words`() throws {
    let path = NSTemporaryDirectory() + "takeover-foreign-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let folder = RunFolder(path: path)
    var random = Vectors(seed: Fuzz.seed)
    var (judged, refused) = (0, 0)
    for number in 0..<Self.count {
      let isWhole = number < 2
      try folder.write(
        isWhole ? Self.journal : Self.broken(Self.journal, &random), as: "journal.jsonl")
      try folder.write(
        isWhole ? Self.capture : Self.broken(Self.capture, &random), as: "capture.pcapng")
      do {
        let report = try Reporting.write(
          from: folder, dialect: .standard, copies: [:], fromCaptures: number % 2 == 0)
        judged += 1
        if isWhole { #expect(report.outcome == .pass, "\(number)") }
        let junit = try Data(contentsOf: URL(filePath: path + "/TEST-takeover.xml"))
        #expect(junit.starts(with: Data("<?xml".utf8)))
      } catch let error as any Explained {
        #expect(!error.problem.isEmpty, "\(number)")
        refused += 1
      }
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(
      Set(left).subtracting(["evidence.pcapng"]) == [
        "journal.jsonl", "capture.pcapng", "TEST-takeover.xml", "report.md", "report.html",
        "results.json", "takeover.prom", "pictures",
      ])
    #expect(judged > Self.count / 3 && refused > 0, "\(judged) judged, \(refused) refused")
  }

  @Test func `a capture's name leads to no other folder`() throws {
    let path = NSTemporaryDirectory() + "takeover-foreign-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(
      atPath: path + "/run/evidence-..", withIntermediateDirectories: true)
    let text = String(decoding: Self.journal, as: UTF8.self)
      .replacing(#""name":"b","node":"b""#, with: #""name":"..\/..\/out","node":"b","through":"b""#)
    #expect(text.contains(#"..\/..\/out"#))
    let folder = RunFolder(path: path + "/run")
    try folder.write(Array(text.utf8), as: "journal.jsonl")
    #expect(throws: Complaint.self) {
      try Reporting.write(from: folder, dialect: .standard, copies: [:])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["run"])
  }
}
