// A blow that stood still half-way: whoever carried it out died between two of its commands. The
// healing commands make the node what it was, from there too.

import Foundation
import TakeoverCommand
import TakeoverModel
import TakeoverPlan
import Testing

/// One example of each kind carried out whole, and a sample stopped everywhere; `TAKEOVER_KINDS=all`
/// stops every example everywhere, `=words,words` those whose names contain one of the words, and
/// `TAKEOVER_CUTS=inside` stops scripts between their simple commands, too.
@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A blow that stood still` {
  typealias Contract = `The contract of every fault`

  private static let environment = ProcessInfo.processInfo.environment
  private static let cutsInside = environment["TAKEOVER_CUTS"] == "inside"

  /// Those that have most to leave behind: a process of their own, a file in another's place, a daemon
  /// that has read it, a sender on another machine.
  private static let sample = [
    "link-flap 1", "check-hangs 1", "change-priority 1", "rogue-announcer 1",
  ]

  private static func isStopped(_ example: Contract.Example) -> Bool {
    environment["TAKEOVER_KINDS"] != nil || sample.contains(example.name)
  }

  /// A lab each, so that what is left broken is not everybody's; a password is VRRPv2's alone.
  static let runs: [[Contract.Example]] = {
    let examples = Contract.examples
    let old = examples.filter { $0.kind == "wrong-password" }
    let rest = examples.filter { $0.kind != "wrong-password" }
    let size = cutsInside ? 3 : environment["TAKEOVER_KINDS"] == nil ? 22 : 7
    return stride(from: 0, to: rest.count, by: size).map {
      Array(rest[$0..<min($0 + size, rest.count)])
    } + (old.isEmpty ? [] : [old])
  }()

  @Test(arguments: runs.indices)
  func `is healed from wherever that was, again and again`(_ run: Int) async throws {
    let isOld = Self.runs[run].contains { $0.kind == "wrong-password" }
    try await Workplace.with(lab: { ContractLab.text($0, isOld: isOld) }) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try await PrefixGround.with(place) { ground in
        for example in Self.runs[run] { try await strike(example, on: ground) }
      }
    }
  }

  private func strike(_ example: Contract.Example, on ground: PrefixGround) async throws {
    let began = ContinuousClock.now
    let fault = try Self.fault(example)
    var lines: [String] = []
    var length = Int.max
    var points = 0
    var count = 0
    while count <= length {
      let blow = try await ground.blow(of: fault, target: type(of: fault).declaration.target)
      if let lack = try await ground.lack(of: blow, requiring: type(of: fault).declaration.requires)
      {
        let known = Contract.lacking.first { example.name.hasPrefix($0.name) }
        #expect(known.map { lack.contains($0.words) } ?? false, "\(example.name): \(lack)")
        print("\(example.name): skipped: \(lack)")
        return
      }
      length = blow.commands.count
      if !Self.isStopped(example) { count = max(count, length) }
      points += 1
      lines += try await ground.stop(blow, after: count)
      defer { count += 1 }
      guard Self.cutsInside, count >= blow.procedure.prepare.count, count < length,
        blow.commands[count].asScript != nil
      else { continue }
      // Not cut at first: how long is it?
      var turns = [0]
      while !turns.isEmpty {
        let turn = turns.removeFirst()
        let next = try await ground.blow(of: fault, target: type(of: fault).declaration.target)
        let (whole, trouble) = try await ground.stop(next, after: count, inside: turn)
        points += 1
        lines += trouble
        if turn == 0, let whole { turns = Self.turns(of: whole) }
      }
    }
    #expect(lines.isEmpty, "\(example.name): \(lines.joined(separator: "\n"))")
    let spent = (ContinuousClock.now - began) / .seconds(1)
    print(
      "\(example.name): \(length) commands, healed from \(points) points"
        + (lines.isEmpty ? "" : ", but for \(lines.count)")
        + " in \(spent.formatted(.number.precision(.fractionLength(1)))) s")
  }

  /// The second command and the last, and some between them: at most twelve.
  private static func turns(of length: Int) -> [Int] {
    guard length > 13 else { return length < 2 ? [] : Array(2...length) }
    return (0...11).map { 2 + $0 * (length - 2) / 11 }
  }

  private static func fault(_ example: Contract.Example) throws -> any Fault {
    var arguments = Arguments()
    arguments.values = example.given
    let kinds = FaultCatalog.faults
    let kind = try #require(kinds.kinds.first { $0.declaration.kind == example.kind })
    for parameter in kind.declaration.parameters where arguments.values[parameter.name] == nil {
      arguments.values[parameter.name] = parameter.standard
    }
    return try kinds.fault(FaultUse(kind: example.kind, arguments: arguments))
  }
}
