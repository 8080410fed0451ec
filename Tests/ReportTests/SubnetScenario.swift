// The stories that a cloud subnet adds: a's link goes down at 8000, b advertises at 11010 and announces at
// 11010.5; the subnet binds the address to b after its lag, or does not.

import TakeoverModel
import TakeoverReport

extension Scenario {
  static let subnet = CloudSubnet(
    endpoint: "http://192.168.77.1/", region: "ap-lab",
    havips: [.init(address, id: "havip-lab1")], instances: ["a": "ins-a", "b": "ins-b"],
    decisions: "/run/fabric.jsonl", lag: .milliseconds(500))

  /// Bound to a since long ago; to b at `boundAt`, when clients hear of it.
  static func bound(
    at boundAt: Double?, to node: String = "b", _ expectations: Expectation...
  ) -> Scenario {
    var scenario = linkDown()
    scenario.expectations = expectations
    scenario.site.cloud = subnet
    scenario.held = [
      Stretch(node: "a", from: 0, to: 8000.2),
      Stretch(node: "b", from: boundAt.map { $0 + 0.1 } ?? 30_000, to: 30_000),
    ]
    scenario.extra = [decision(.bound, "a", at: 100)]
    if let boundAt {
      scenario.extra += [
        decision(.believed, node, at: 11_010.51), decision(.bound, node, at: boundAt),
      ]
    }
    return scenario
  }

  static func decision(
    _ what: FabricDecision.Decision, _ node: String?, at time: Double, _ reason: String = "",
    of address: IPAddress = Scenario.address
  ) -> Observation {
    Observation(
      when: Interval(at: at(time)), source: "fabric-decisions",
      event: .fabricDecision(
        FabricDecision(
          address: address, node: node, port: node ?? "", decision: what, reason: reason)))
  }

  /// What the control plane answers, asked once a second, each answer after 5 ms: bound to a until
  /// `boundAt`, then to b.
  static func answers(
    boundAt: Double, associated: [String]? = nil, from: Double = 3000, until: Double = 20_000
  ) -> [Observation] {
    stride(from: from, to: until, by: 1000).map { time in
      let node = time < boundAt ? "a" : "b"
      return Observation(
        when: Interval(at(time), at(time + 5)), source: "havip-binding",
        event: .havipBinding(
          HavipBinding(
            address: address, havip: "havip-lab1", node: node, instance: "ins-\(node)",
            state: "AVAILABLE", flushed: "", associated: associated)))
    }
  }

  /// The same pair where only the control plane tells.
  static func told(boundAt: Double, _ expectations: Expectation...) -> Scenario {
    var scenario = bound(at: boundAt)
    scenario.expectations = expectations
    scenario.site.cloud?.decisions = nil
    scenario.extra = answers(boundAt: boundAt)
    return scenario
  }
}
