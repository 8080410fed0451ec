// The commands of every fault for a Windows node, as golden files; and what is refused there.

import TakeoverModel
import TakeoverPlan
import TestSupport
import Testing

@Suite struct `Faults of a Windows node` {
  static let site: Site = {
    var site = FaultTests.site()
    for index in site.nodes.indices {
      site.nodes[index].reach.user = "Administrator"
      site.nodes[index].reach.system = .windows
      site.nodes[index].interface = "Cluster"
      site.nodes[index].services = ["cluster": .windows("ClusSvc")]
    }
    site.vrid = nil
    return site
  }()

  private static let service: [String: ParameterValue] = ["service": .text("cluster")]

  /// By hand where the examples are for keepalived or for sh; else by those.
  static let samples: [FaultTests.Sample] =
    chosen
    + FaultCatalog.faults.kinds.map { $0.declaration }
    .filter { one in one.isOffered(on: .windows) && !chosen.contains { $0.kind == one.kind } }
    .flatMap { declaration in
      declaration.examples.enumerated().map { index, example in
        (declaration.kind + (index == 0 ? "" : "-\(index + 1)"), declaration.kind, example)
      }
    }

  private static let chosen: [FaultTests.Sample] = [
    ("stop-service", "stop-service", service),
    ("restart-service", "restart-service", service),
    ("kill-process", "kill-process", service),
    ("kill-process-parent", "kill-process", service.merging(["scope": .text("parent")]) { $1 }),
    ("drop-tcp", "drop-traffic", ["protocol": .text("tcp"), "port": .count(3343)]),
    (
      "drop-udp-in-any", "drop-traffic",
      [
        "protocol": .text("udp"), "port": .count(3343), "peer": .text("any"),
        "direction": .text("in"),
      ]
    ),
    ("drop-icmp", "drop-traffic", ["protocol": .text("icmp"), "peer": .text("fd00::20")]),
    ("drop-all", "drop-traffic", ["protocol": .text("all")]),
    ("reboot", "reboot", [:]),
    (
      "exec", "exec",
      [
        "inject": .text("Stop-Service -Name 'it''s'"),
        "confirm": .text("(Get-Service -Name 'it''s').Status -eq 'Stopped'"),
        "heal": .text("Start-Service -Name 'it''s'"), "requires": .text("Get-Service"),
        "prepare": .text("Get-Date | Out-File $notes\\began"),
      ]
    ),
  ]

  private static func procedure(
    _ kind: String, _ given: [String: ParameterValue], at site: Site = site
  ) throws -> Procedure {
    try FaultCatalog.faults.procedure(
      of: FaultUse(kind: kind, arguments: FaultTests.arguments(kind, given)), on: site.nodes[0],
      in: site)
  }

  @Test(arguments: samples.indices)
  func `the commands are those that were read`(index: Int) throws {
    let sample = Self.samples[index]
    let procedure = try Self.procedure(sample.kind, sample.given)
    let required = procedure.requirements.map { "\($0.otherwise)\n\($0.command.shellText)\n" }
    try Golden.expect(
      (required.isEmpty ? "" : "## required\n\(required.joined())\n") + FaultTests.text(procedure),
      "\(sample.name).windows.txt")
  }

  @Test(arguments: samples.indices)
  func `every script is for PowerShell, and whole`(index: Int) throws {
    let sample = Self.samples[index]
    let procedure = try Self.procedure(sample.kind, sample.given)
    let commands =
      procedure.requirements.map(\.command) + procedure.prepare + procedure.inject
      + procedure.confirm + procedure.heal + procedure.confirmHealed
    for command in commands {
      // Whoever carries the node has a shell of its own.
      guard procedure.place == .node else {
        #expect(command.system == .posix)
        continue
      }
      let body = try #require(command.asPowerShell?.body, "\(sample.name)")
      #expect(PowerShellText.trouble(body) == nil, "\(sample.name): \(body)")
      #expect(PowerShellText.trouble(command.shellText) == nil, "\(sample.name): \(body)")
    }
  }

  @Test func `every kind is offered or refused as it declares, and a refusal names a way out`() {
    let offered = FaultCatalog.faults.offered(on: .windows)
    for declaration in FaultCatalog.faults.kinds.map({ $0.declaration }) {
      let given = declaration.examples[0]
      guard !declaration.isOffered(on: .windows) else {
        #expect(Self.samples.contains { $0.kind == declaration.kind }, "\(declaration.kind)")
        continue
      }
      do {
        _ = try Self.procedure(declaration.kind, given)
        Issue.record("\(declaration.kind) is planned on Windows")
      } catch let complaint as Complaint {
        #expect(
          complaint.problem.contains("\(declaration.kind) cannot be done to a, a windows node"))
        #expect(complaint.remedy.contains(offered.joined(separator: ", ")))
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(offered.count >= 14, "\(offered)")
  }

  @Test func `a frozen process is refused with the reason`() {
    #expect {
      try Self.procedure("freeze-process", Self.service)
    } throws: { error in
      (error as? Complaint)?.problem.contains("debugger") == true
    }
  }

  @Test func `what only a failover cluster has is refused on a POSIX node`() {
    for (kind, given) in [("move-group", ["group": .text("Shop")]), ("drain-node", [:])]
      as [(String, [String: ParameterValue])]
    {
      #expect {
        try Self.procedure(kind, given, at: FaultTests.site())
      } throws: { error in
        (error as? Complaint)?.problem.contains("Windows' failover cluster") == true
      }
    }
  }

  @Test(
    arguments: [
      ("kill-process", ["signal": .text("SEGV")]), ("kill-process", ["scope": .text("worker")]),
      ("kill-process", ["every": .duration(.seconds(1))]),
      ("stop-service", ["service": .text("keepalived")]),
      ("drop-traffic", ["protocol": .text("vrrp")]), ("drop-traffic", ["protocol": .text("arp")]),
      ("drop-traffic", ["protocol": .text("all"), "peer": .text("any")]),
      ("drop-traffic", ["protocol": .text("tcp"), "peer": .text("any")]),
      ("drop-traffic", ["protocol": .text("tcp"), "peer": .text("any"), "port": .count(22)]),
      ("reboot", ["how": .text("at-once")]),
      ("move-group", ["group": .text("*")]),
      ("move-group", ["group": .text("x"), "to": .text(" ")]),
      (
        "exec",
        [
          "inject": .text("a"), "confirm": .text("b"), "heal": .text("c"),
          "touches": .text("/etc/hosts"),
        ]
      ),
    ] as [(String, [String: ParameterValue])])
  func `what Windows has not is refused with a remedy`(
    _ kind: String, _ given: [String: ParameterValue]
  ) {
    #expect {
      let own = kind == "kill-process" ? given.merging(Self.service) { first, _ in first } : given
      return try Self.procedure(kind, own)
    } throws: { error in
      (error as? Complaint)?.remedy.isEmpty == false
    }
  }

  @Test func `a node that nobody could start again is not started anew`() throws {
    var site = Self.site
    site.nodes[0].outside = nil
    #expect(throws: Complaint.self) { try Self.procedure("reboot", [:], at: site) }
    #expect(throws: Complaint.self) { try Self.procedure("power-off", [:], at: site) }
    #expect(try Self.procedure("reboot", [:]).restarts)
  }

  @Test func `an adapter that carries the way to the node is known to cut it`() throws {
    var site = Self.site
    site.nodes[0].reach.host = "172.17.16.7"
    let procedure = try Self.procedure("link-down", [:], at: site)
    #expect(procedure.silences == "Cluster")
    #expect(procedure.cutsRoad(to: site.nodes[0]))
  }

  @Test func `a plan that asks for what is not there is told so before it runs`() throws {
    let trial = Trial(
      name: "t", fault: FaultUse(kind: "freeze-process", arguments: Arguments(Self.service)),
      target: .holder, hold: .seconds(5), settle: .seconds(1), recover: .seconds(10),
      expectations: [])
    var plan = Plan(name: "p", trials: [trial], source: "p.yaml")
    #expect(PlanFit.misfits(of: plan, on: Self.site).count == 2, "either node may be the holder")
    plan.trials = []
    plan.watches = [
      CommandWatch(name: "line", place: "a", command: .script("Get-ClusterGroup")),
      CommandWatch(name: "words", place: "a", command: Command("pg_isready", "-q")),
      CommandWatch(name: "here", command: Command("true")),
    ]
    #expect(PlanFit.misfits(of: plan, on: Self.site).map(\.trial) == ["observe words"])
  }
}
