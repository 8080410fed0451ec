// Pairs of load balancers: what the plans of Plans/haproxy find, the museum's failures on pairs that do
// not have them, and the faults that only such a pair can have.

import Foundation
import TakeoverModel
import Testing

/// All of it runs where TAKEOVER_MUSEUM is set, a sample everywhere.
@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Load balancers` {
  private static let isWhole = ProcessInfo.processInfo.environment["TAKEOVER_MUSEUM"] != nil

  struct Case: Sendable, CustomTestStringConvertible {
    var plan: String
    /// What each trial fails by, in the order of the plan.
    var caught: [Set<String>]
    var isSample = false
    var testDescription: String { plan }
  }

  static let cases = [
    Case(plan: "killed", caught: [[], [], []]),
    Case(plan: "hung", caught: [["established-reset-within"]]),
    Case(plan: "cannot-bind", caught: [[], []]),
    Case(plan: "full", caught: [["established-reset-within", "requests-failed-at-most"]]),
    Case(plan: "reload", caught: [[], [], []]),
    Case(plan: "established", caught: [[], [], []], isSample: true),
    Case(plan: "bound", caught: [[], []], isSample: true),
    Case(plan: "crash", caught: [[], []]),
  ]

  @Test(arguments: cases.filter { $0.isSample || isWhole })
  func `do what their plan says, and no worse`(one: Case) async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      try await run("Plans/haproxy/\(one.plan).yaml", in: place, expecting: one.caught)
    }
  }

  @Test func `have a case for each of their plans`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Plans/haproxy")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == Self.cases.map { $0.plan + ".yaml" }.sorted())
  }

  /// The one thing that is wrong in a plan of the museum, and what is right.
  struct Healthy: Sendable, CustomTestStringConvertible {
    var plan: String
    var wrong: String
    var right: String
    var isSample = false
    var testDescription: String { plan }
  }

  static let healthy = [
    Healthy(plan: "18-hung-service", wrong: "asks: process", right: "asks: service"),
    Healthy(
      plan: "19-cannot-bind", wrong: "nonlocal-bind: false", right: "nonlocal-bind: true",
      isSample: true),
    Healthy(plan: "20-strict", wrong: "fault: strict-mode", right: "fault: reload-unchanged"),
    Healthy(plan: "21-established", wrong: "rst == rst drop", right: "rst == rst accept"),
  ]

  @Test(arguments: healthy.filter { $0.isSample || isWhole })
  func `without what is wrong in the museum pass there`(one: Healthy) async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let path = "\(place.folder)/Plans/museum/\(one.plan).yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try #require(text.contains(one.wrong))
      try text.replacing(one.wrong, with: one.right)
        .write(toFile: path, atomically: true, encoding: .utf8)
      try await run("Plans/museum/\(one.plan).yaml", in: place, expecting: [[]])
    }
  }

  private func run(
    _ plan: String, in place: Workplace, expecting caught: [Set<String>]
  ) async throws {
    let ended = try await place.run("run", plan)
    let isCaught = caught.contains { !$0.isEmpty }
    #expect(ended.status == (isCaught ? 1 : 0), "\(ended.messages)\(ended.output)")
    let trials = try place.trials()
    #expect(trials.count == caught.count)
    for (trial, expected) in zip(trials, caught) {
      let findings = try #require(trial["findings"] as? [[String: Any]])
      let missed = findings.filter { $0["outcome"] as? String != "pass" }
      #expect(Set(missed.compactMap { $0["check"] as? String }) == expected, "\(ended.output)")
      #expect(trial["outcome"] as? String == (expected.isEmpty ? "pass" : "fail"))
    }
  }

  /// The contract of the faults that want a service bound to the addresses.
  @Test func `keep the contract of their own faults`() async throws {
    let examples = `The contract of every fault`.all.filter {
      ["port-taken", "nonlocal-bind-off", "client-crowd"].contains($0.kind)
    }
    let text: (String) -> String = { pair in
      ContractLab.text(pair).replacing(
        "service-port: 80", with: "haproxy: {backends: [rogue], bind: addresses}")
    }
    try await Workplace.with(lab: text) { place in
      let plan = ContractLab.plan(examples, hold: "400ms")
      try plan.write(toFile: place.folder + "/contract.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("run", "contract.yaml", "--yes")
      #expect([0, 1, 2].contains(ended.status), "\(ended.status): \(ended.messages)")
      let found = try ContractLab.results(in: place.folder + "/Reports/latest/journal.jsonl")
      for (index, example) in examples.enumerated() {
        let result = found[index] ?? ContractLab.Result()
        print("\(example.name): \(result.words)")
        #expect(result.isKept, "\(example.name): \(result.words)")
      }
    }
  }
}
