// What each kind means to VRRP, as a list that a person can read; each that means nothing known says why.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct `What a kind means to VRRP` {
  private func fault(_ kind: String, _ given: [String: ParameterValue] = [:]) throws -> any Fault {
    try FaultCatalog.faults.fault(
      FaultUse(kind: kind, arguments: FaultTests.arguments(kind, given)))
  }

  private func words(_ consequence: Consequence) -> String {
    switch consequence {
    case .rereads(let reading):
      "reads \(reading.file) anew" + (reading.restarts ? ", by a restart" : "")
    case .rival(let rival): "rival of priority \(rival.priority), VRRPv\(rival.version)"
    case .open(let reason): "not known: \(reason)"
    case .along(let interface, let inner): "\(words(inner)), where it is by \(interface)"
    case .beside(let what): "checks only: \(what)"
    default: "\(consequence)"
    }
  }

  @Test func `is said of every kind, with all of its examples`() throws {
    var lines: [String] = []
    for type in FaultCatalog.faults.kinds {
      let kind = type.declaration.kind
      for example in type.declaration.examples {
        let meaning = words(try fault(kind, example).consequence)
        #expect(!meaning.contains("nobody has said"), "\(kind)")
        let given = example.keys.sorted().map { " \($0)=\(example[$0]?.description ?? "")" }
          .joined()
        lines.append("\(kind)\(given): \(meaning)")
      }
    }
    try Golden.expect(lines.joined(separator: "\n") + "\n", "consequences.txt")
  }

  @Test func `an edit is the very command that the node is asked to make`() throws {
    for (kind, given) in [
      ("change-priority", ["to": .count(50)]), ("wrong-password", [:]), ("lose-peers", [:]),
      ("edit-configuration", ["sed": .text("s/100/50/")]),
    ] as [(String, [String: ParameterValue])] {
      guard case .rereads(let reading) = try fault(kind, given).consequence else {
        Issue.record("\(kind) makes nobody read")
        continue
      }
      let asked = try FaultTests.procedure(kind, given).requirements.first?.command
      #expect(asked?.asScript?.parameters.contains(reading.edit.shellText) == true, "\(kind)")
      #expect(asked?.asScript?.parameters.contains(reading.file) == true, "\(kind)")
    }
  }

  @Test func `another service than keepalived is noticed by checks only`() throws {
    for kind in ["stop-service", "kill-process", "freeze-process", "reload-unchanged"] {
      #expect(
        try fault(kind, ["service": .text("haproxy")]).consequence
          == .beside("the service haproxy"))
    }
    #expect(try fault("freeze-process", ["scope": .text("parent")]).consequence == .nothing)
    #expect(
      try fault("edit-configuration", ["sed": .text("1d"), "apply": .text("none")]).consequence
        == .nothing)
  }

  @Test func `traffic between the nodes is cut one way or both`() throws {
    func drop(_ direction: String, _ more: [String: ParameterValue] = [:]) throws -> Consequence {
      let given: [String: ParameterValue] = [
        "protocol": .text("vrrp"), "direction": .text(direction),
      ]
      return try fault("drop-traffic", given.merging(more) { $1 }).consequence
    }
    #expect(try drop("in") == .deaf)
    #expect(try drop("out") == .unheard)
    #expect(try drop("both") == .cutOff)
    #expect(try drop("out", ["interface": .text("eth1")]) == .along("eth1", .unheard))
    let all = try fault("packet-loss", ["percent": .count(100), "protocol": .text("vrrp")])
    #expect(all.consequence == .cutOff)
  }
}
