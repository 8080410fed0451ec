// What a dry run prints is what a run does, in that order: shown by what the node's own shells read.

import Foundation
import TakeoverCommand
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A dry run` {
  /// Stands before sh(1) in the PATH of the node's sessions, and keeps what is written to it.
  private static let listening = """
    printf '%s\\n' '#!/bin/dash' '[ $# = 0 ] || exec /bin/sh "$@"' \
      'tee -a /var/log/shells | /bin/sh' >/usr/local/bin/sh && chmod 755 /usr/local/bin/sh
    """

  private static let kinds = ["stop-service", "freeze-process", "link-down", "drop-traffic"]

  @Test func `prints the commands that a run then carries out, in order`() async throws {
    try await Workplace.with(lab: { ContractLab.text($0) }) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let nodes = try NodesOfLab(place)
      for name in ["a", "b"] { _ = try await nodes.run(.script(Self.listening), on: name) }
      let examples = `The contract of every fault`.all.filter { one in
        Self.kinds.contains(one.kind) && one.name.hasSuffix(" 1")
      }
      #expect(examples.count == Self.kinds.count)
      try ContractLab.plan(examples, hold: "300ms")
        .write(toFile: place.folder + "/dry.yaml", atomically: true, encoding: .utf8)
      let dry = try await place.run("run", "dry.yaml", "--dry-run")
      #expect(dry.status == 0)
      let run = try await place.run("run", "dry.yaml")
      #expect(run.status == 0, "\(run.messages)")
      let struck = try struck(in: place)
      #expect(struck.count == examples.count, "\(struck)")
      var ends: [String: String.Index] = [:]
      var logs: [String: String] = [:]
      for name in ["a", "b"] {
        logs[name] = try await nodes.run(Command("cat", "/var/log/shells"), on: name)
      }
      for (example, name) in zip(examples, struck) {
        let node = try #require(nodes.site.node(named: name))
        let arguments = Filled.use(example)
        let procedure = try FaultCatalog.faults.fault(arguments).procedure(
          on: node, in: nodes.site)
        let log = try #require(logs[name])
        var from = ends[name] ?? log.startIndex
        for command in procedure.prepare + procedure.inject + procedure.confirm + procedure.heal
          + procedure.confirmHealed
        {
          #expect(dry.output.contains(command.shellText), "\(example.name): \(command.shellText)")
          let found = log.range(of: Self.inside(command), range: from..<log.endIndex)
          #expect(found != nil, "\(example.name) on \(name) did not run \(command.shellText)")
          from = found?.upperBound ?? from
        }
        ends[name] = from
      }
    }
  }

  /// As a long-lived shell gets it: a script's body within quotes, a program's words.
  private static func inside(_ command: TakeoverModel.Command) -> String {
    guard let script = command.asScript else { return command.shellText }
    return String(Command("\(script.body) '").shellText.dropFirst().dropLast(6))
  }

  /// Who was struck, trial by trial.
  private func struck(in place: Workplace) throws -> [String] {
    let decoder = JSONDecoder()
    let text = String(decoding: try place.bytes("Reports/latest/journal.jsonl"), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      guard line.contains("\"event\":\"blow\""),
        let seen = try? decoder.decode(Observation.self, from: Data(line.utf8)),
        case .blow(let blow) = seen.event
      else { return nil }
      return blow.node
    }
  }
}

/// An example with the standards of its kind filled in.
enum Filled {
  static func use(_ example: `The contract of every fault`.Example) -> FaultUse {
    var arguments = Arguments(example.given)
    let kind = FaultCatalog.faults.kinds.first { $0.declaration.kind == example.kind }
    for parameter in kind?.declaration.parameters ?? []
    where arguments.values[parameter.name] == nil {
      arguments.values[parameter.name] = parameter.standard
    }
    return FaultUse(kind: example.kind, arguments: arguments)
  }
}
