// From a plan to its forecasts: one for each node that may hold, by what its faults mean.

import TakeoverKeepalived
import TakeoverModel
import Testing

private struct Stop: Fault {
  static let declaration = FaultDeclaration(kind: "stop", summary: "", effect: "")
  init(_ arguments: Arguments) {}
  var consequence: Consequence { .goodbye }
  func procedure(on node: Node, in site: Site) -> Procedure {
    Procedure(inject: [], confirm: [], heal: [], confirmHealed: [])
  }
}

private struct Edit: Fault {
  static let reading = Rereading(of: "/etc/conf", by: Command("sed", "1d"), restarts: false)
  static let declaration = FaultDeclaration(kind: "edit", summary: "", effect: "")
  init(_ arguments: Arguments) {}
  var consequence: Consequence { .rereads(Self.reading) }
  func procedure(on node: Node, in site: Site) -> Procedure {
    Procedure(inject: [], confirm: [], heal: [], confirmHealed: [])
  }
}

/// Whose author had no word for VRRP.
private struct Flood: Fault {
  static let declaration = FaultDeclaration(kind: "flood", summary: "", effect: "")
  init(_ arguments: Arguments) {}
  func procedure(on node: Node, in site: Site) -> Procedure {
    Procedure(inject: [], confirm: [], heal: [], confirmHealed: [])
  }
}

@Suite struct `Forecasts of a plan` {
  private static let faults = Catalog<any Fault.Type>([Stop.self, Edit.self, Flood.self])

  private static let site = Site(
    name: "pair", environment: .lab,
    nodes: ["a", "b"].map {
      Node(name: $0, reach: Reach(host: $0), interface: "eth0", addresses: [], services: [:])
    },
    addresses: [VirtualAddress(.v4(0xC000_020A), prefix: 32)])

  private func plan(_ kind: String, _ edit: (inout Trial) -> Void = { _ in }) -> Plan {
    var trial = Trial(
      name: kind, fault: FaultUse(kind: kind, arguments: Arguments()), target: .holder,
      hold: .seconds(5),
      settle: .seconds(1), recover: .seconds(9), expectations: [])
    edit(&trial)
    return Plan(name: "plan", trials: [trial])
  }

  private func forecasts(
    _ plan: Plan, reread: [Rereading: [String: Reread]] = [:]
  ) -> [Forecast] {
    let speakers = [("a", 100), ("b", 80)].map { name, priority in
      Speaker(
        node: name, version: 2, interval: .seconds(1), priority: priority, preempts: true)
    }
    return KeepalivedForecasts(
      site: Self.site, faults: Self.faults,
      speakers: Dictionary(uniqueKeysWithValues: speakers.map { ($0.node, .success($0)) }),
      reread: reread
    ).forecasts(of: [plan]) { _ in true }
  }

  @Test func `are one for each node that may hold`() {
    let both = forecasts(plan("stop"))
    #expect(both.map(\.holder) == ["a", "b"])
    #expect(both.compactMap(\.outlook.promise?.taker) == ["b", "a"])
  }

  @Test func `ask for what a node would read, once`() {
    var twice = plan("stop") {
      $0.also = [
        FurtherBlow(
          fault: FaultUse(kind: "edit", arguments: Arguments()), target: .standby,
          after: .seconds(1))
      ]
    }
    twice.trials += plan("edit").trials
    let asked = KeepalivedForecasts.rereadings(in: [twice], of: Self.faults) { _ in true }
    #expect(asked == [Edit.reading])
    #expect(KeepalivedForecasts.rereadings(in: [twice], of: Self.faults) { _ in false }.isEmpty)
  }

  @Test func `are made of what the struck node reads`() {
    let weak = Speaker(
      node: "a", version: 2, interval: .seconds(1), priority: 50, preempts: true)
    let made = forecasts(plan("edit"), reread: [Edit.reading: ["a": .speaker(weak)]])
    #expect(made[0].outlook.promise?.taker == "b")
    #expect(made[1].outlook.silence == "the other configuration was not read")
  }

  @Test func `say why they promise nothing`() {
    #expect(
      forecasts(plan("flood"))[0].outlook.silence == "nobody has said what flood means to VRRP")
    let overlapping = plan("stop") {
      $0.also = [
        FurtherBlow(
          fault: FaultUse(kind: "edit", arguments: Arguments()), target: .standby,
          after: .seconds(1))
      ]
    }
    #expect(
      forecasts(overlapping)[0].outlook.silence
        == "stop and edit overlap, and what they come to together is not computed")
  }
}
