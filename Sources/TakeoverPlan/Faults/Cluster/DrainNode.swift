// drain-node: a cluster's node is paused, as before its update: it gives away what it has.

package import TakeoverModel

package struct DrainNode: Fault {
  private static let failbacks = ["none": "NoFailback", "at-once": "Immediate", "policy": "Policy"]

  package static let declaration = FaultDeclaration(
    kind: "drain-node",
    summary: "pause a node of a Windows failover cluster and drain it, and resume it at the end",
    effect: "every group goes to another node, one planned move each; nothing comes back by itself "
      + "unless failback says so",
    parameters: [
      Parameter(
        "failback", .choice(failbacks.keys.sorted()), standard: .text("none"),
        summary: "whether the resumed node gets its groups back: none; at-once; or as their policy "
          + "says")
    ],
    requires: nil, cmdlets: ["Get-ClusterNode", "Suspend-ClusterNode", "Resume-ClusterNode"],
    refusals: [.posix: "it is Windows' failover cluster that drains nodes"],
    examples: [[:], ["failback": .text("at-once")]])

  let failback: String

  package init(_ arguments: Arguments) throws(Complaint) {
    failback = Self.failbacks[arguments.text("failback") ?? "none", default: "NoFailback"]
  }

  package var consequence: Consequence { .open("a Windows failover cluster does not speak VRRP") }

  /// Fails where the node is not up, or paused by somebody else.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    Procedure(
      prepare: [
        .powerShell(
          """
          $state = "$((Get-ClusterNode -Name $env:COMPUTERNAME).State)"
          if ($state -ne 'Up') { throw "the cluster's node $env:COMPUTERNAME is $state" }
          """)
      ],
      inject: [.powerShell("Suspend-ClusterNode -Name $env:COMPUTERNAME -Drain | Out-Null")],
      confirm: [stands("Paused")],
      heal: [
        .powerShell(
          """
          param($failback)
          $state = "$((Get-ClusterNode -Name $env:COMPUTERNAME).State)"
          if ($state -ne 'Paused') { return }
          Resume-ClusterNode -Name $env:COMPUTERNAME -Failback $failback | Out-Null
          """, [failback])
      ],
      confirmHealed: [stands("Up")])
  }

  private func stands(_ state: String) -> Command {
    .powerShell(
      "param($state) \"$((Get-ClusterNode -Name $env:COMPUTERNAME).State)\" -eq $state", [state])
  }
}
