// What every kind of fault promises, on real nodes: the blow is shown to be in force, the healing makes
// the node what it was, and where the node lacks something, it says so and touches nothing.

import Foundation
import TakeoverCommand
import TakeoverModel
import TakeoverPlan
import Testing

/// Trials for a sample of the kinds: of every other one `A blow that stood still` shows the same without
/// a run. `TAKEOVER_KINDS=all` tries every example, `=words,words` those whose names contain one of the
/// words.
@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The contract of every fault` {
  /// What this laboratory cannot do, and the words in which the node says so: its kernel is the
  /// coordinator's own, with what that one has, and so is its clock.
  static let lacking: [(name: String, words: String)] = [
    ("reboot", "is a container, which nobody would start again"),
    ("kernel-panic", "is a container, which nobody would start again"),
    ("clock-step", "may not set its clock: it has no CAP_SYS_TIME"),
    ("clock-skew", "may not set its clock: it has no CAP_SYS_TIME"),
    ("disk-slow", "has no disk of its own below /var"),
    ("delay-traffic", netem), ("duplicate-traffic", netem), ("reorder-traffic", netem),
    ("corrupt-traffic", netem), ("cpu-starvation 2", "has no cpu controller for keepalived"),
    ("process-table-full", "has no pids controller for keepalived"),
  ]
  private static let netem = "has no netem in its kernel"

  struct Example: Sendable {
    var name: String
    var kind: String
    var given: [String: ParameterValue]
  }

  static let all = FaultCatalog.faults.kinds.flatMap { kind in
    kind.declaration.examples.enumerated().map { index, given in
      Example(
        name: "\(kind.declaration.kind) \(index + 1)", kind: kind.declaration.kind, given: given)
    }
  }

  /// One of each kind; with `TAKEOVER_KINDS` all, or those whose names contain one of its words.
  static let examples: [Example] = {
    guard let words = ProcessInfo.processInfo.environment["TAKEOVER_KINDS"] else {
      return all.filter { $0.name.hasSuffix(" 1") }
    }
    let wanted = words.split(separator: ",")
    return all.filter { one in wanted.contains { $0 == "all" || one.name.contains($0) } }
  }()

  /// One of each way to strike: services, files, links, tables, from outside, by another machine; and
  /// one that this laboratory lacks.
  private static let sample: Set = [
    "stop-service", "kill-process", "check-fails", "link-flap", "partition-peer", "rogue-speaker",
    "carrier-loss", "power-off", "edit-configuration", "reboot",
  ]

  private static let tried =
    ProcessInfo.processInfo.environment["TAKEOVER_KINDS"] == nil
    ? examples.filter { sample.contains($0.kind) } : examples

  /// A run each: what one kind leaves broken ends its run, and says nothing of the others. A password
  /// is VRRPv2's alone.
  static let runs: [[Example]] = {
    let old = tried.filter { $0.kind == "wrong-password" }
    let rest = tried.filter { $0.kind != "wrong-password" }
    return stride(from: 0, to: rest.count, by: 10).map {
      Array(rest[$0..<min($0 + 10, rest.count)])
    }
      + (old.isEmpty ? [] : [old])
  }()

  @Test(arguments: runs.indices)
  func `is kept: in force, healed, and the node is what it was`(_ run: Int) async throws {
    let examples = Self.runs[run]
    let isOld = examples.contains { $0.kind == "wrong-password" }
    try await Workplace.with(lab: { ContractLab.text($0, isOld: isOld) }) { place in
      let plan = ContractLab.plan(examples, hold: "400ms")
      try plan.write(toFile: place.folder + "/contract.yaml", atomically: true, encoding: .utf8)
      let run = try await place.run("run", "contract.yaml", "--yes")
      #expect([0, 1, 2].contains(run.status), "\(run.status): \(run.messages)")
      let found = try ContractLab.results(in: place.folder + "/Reports/latest/journal.jsonl")
      var table: [String] = []
      for (index, example) in examples.enumerated() {
        let result = found[index] ?? ContractLab.Result()
        table.append("\(example.name): \(result.words)")
        // Elsewhere the kernel may have it.
        if let lack = Self.lacking.first(where: { example.name.hasPrefix($0.name) }),
          result.skipped != nil
        {
          #expect(result.skipped?.contains(lack.words) == true, "\(example.name): \(result.words)")
          continue
        }
        #expect(result.isKept, "\(example.name): \(result.words)")
      }
      print(table.joined(separator: "\n"))
    }
  }
}

/// The lab and the plan of the contract, and what the journal says of each of its trials.
enum ContractLab {
  /// The pair, fast, with a health check and a machine beside it; `isOld`: VRRPv2, which is slow.
  static func text(_ pair: String, isOld: Bool = false) -> String {
    let whole = pair.replacing(
      "clients:", with: "machines:\n  rogue: {address: 172.17.16.66/24}\nclients:")
    if isOld { return whole }
    return whole.replacing("version: 2", with: "version: 3")
      .replacing("interval: 1s", with: "interval: 100ms")
      .replacing("  password: \"1111\"\n", with: "")
      .replacing("keepalived:\n", with: "keepalived:\n  check: {interval: 1s, fall: 2, rise: 1}\n")
  }

  static func plan(
    _ examples: [`The contract of every fault`.Example], hold: String, lease: String = "20s"
  ) -> String {
    let head = """
      version: 1
      name: contract
      site: Plans/labs/keepalived-pair.yaml
      lease: \(lease)
      trials:

      """
    return head
      + examples.map { example in
        """
          - name: \(example.name)
            \(words(example))
            hold: \(hold)
            settle: 100ms
            allow-outage: true
            expect: {failback: allowed}

        """
      }.joined()
  }

  /// `fault: KIND` and its parameters, a line each.
  static func words(_ example: `The contract of every fault`.Example) -> String {
    "fault: \(example.kind)"
      + example.given.sorted { $0.key < $1.key }
      .map { "\n    \($0.key): \(spelled($0.value))" }.joined()
  }

  private static func spelled(_ value: ParameterValue) -> String {
    guard case .text(let text) = value else { return value.description }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

  struct Result {
    var skipped: String?
    var confirmed: [Step] = []
    var healed: [Step] = []
    var troubles: [String] = []
    var isRestored = false

    var isKept: Bool {
      skipped == nil && isRestored && !confirmed.isEmpty && !healed.isEmpty
        && (confirmed + healed).allSatisfy { $0.outcome == .pass }
    }

    var words: String {
      if let skipped { return "skipped: \(skipped)" }
      func words(_ steps: [Step]) -> String {
        steps.map { "\($0.outcome.rawValue) \($0.detail)" }.joined(separator: ", ")
      }
      return "in force: \(words(confirmed)); healed: \(words(healed)); "
        + (isRestored ? "redundant again" : "NOT redundant again")
        + (troubles.isEmpty ? "" : "; " + troubles.joined(separator: "; "))
    }
  }

  /// By the trial's place in the plan.
  static func results(in journal: String) throws -> [Int: Result] {
    let decoder = JSONDecoder()
    var results: [Int: Result] = [:]
    var current = 0
    for line in try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n") {
      guard line.contains("\"source\":\"run\""),
        let seen = try? decoder.decode(Observation.self, from: Data(line.utf8))
      else { continue }
      var result = results[current] ?? Result()
      switch seen.event {
      case .trialBegan(let header):
        current = header.trial
        result = Result()
      case .trialSkipped(let note): result.skipped = note.text
      case .gateRefused(let note): result.troubles.append("refused: \(note.text)")
      case .notRestored(let note): result.troubles.append("not restored: \(note.text)")
      case .prepared(let step) where step.outcome != .pass:
        result.troubles.append("not prepared: \(step.detail)")
      case .confirmed(let step): result.confirmed.append(step)
      case .healed(let step): result.healed.append(step)
      case .restored: result.isRestored = true
      default: break
      }
      results[current] = result
    }
    return results
  }
}
