// move-group: a planned move of a cluster's group, as before maintenance.

package import TakeoverModel

package struct MoveGroup: Fault {
  package static let declaration = FaultDeclaration(
    kind: "move-group",
    summary: "move a group of a Windows failover cluster off a node, and back at the end",
    effect: "the group's resources go offline there and online on another node: its addresses are "
      + "nobody's for as long as that takes",
    parameters: [
      Parameter(
        "group", .text, required: true, summary: "the group's name, as Get-ClusterGroup shows it"),
      Parameter("to", .text, summary: "the cluster's node that gets it; without it, the best one"),
    ],
    requires: nil, cmdlets: ["Get-ClusterGroup", "Move-ClusterGroup"],
    refusals: [.posix: "it is Windows' failover cluster that has groups"],
    examples: [["group": .text("Shop")], ["group": .text("Shop"), "to": .text("node-b")]])

  let group: String
  let destination: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    group = try ClusterWord.checked(arguments.text("group") ?? "", "group")
    destination = try arguments.text("to").map { name throws(Complaint) in
      try ClusterWord.checked(name, "to")
    }
  }

  package var consequence: Consequence { .open("a Windows failover cluster does not speak VRRP") }

  private static let record = #"\#(Procedure.windowsStateFolder)\move-group"#

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    Procedure(
      prepare: [owned], inject: [move], confirm: [isElsewhere], heal: [back],
      confirmHealed: [isBack])
  }

  /// Fails where the group is not this node's and online.
  private var owned: Command {
    .powerShell(
      """
      param($group, $record)
      $record = Join-Path $env:ProgramFiles $record
      $found = Get-ClusterGroup -Name $group
      if ("$($found.State)" -ne 'Online') { throw "$group is $($found.State)" }
      if ($found.OwnerNode.Name -ne $env:COMPUTERNAME) {
        throw "$group is owned by $($found.OwnerNode.Name), not by $env:COMPUTERNAME"
      }
      New-Item -ItemType Directory -Force -Path (Split-Path $record) | Out-Null
      [IO.File]::WriteAllText("$record.owner", $found.OwnerNode.Name)
      """, [group, Self.record])
  }

  /// -Wait 0: the call returns when the cluster has taken it up.
  private var move: Command {
    .powerShell(
      """
      param($group, $destination)
      if ($destination) {
        Move-ClusterGroup -Name $group -Node $destination -Wait 0 | Out-Null
      } else {
        Move-ClusterGroup -Name $group -Wait 0 | Out-Null
      }
      """, [group, destination ?? ""])
  }

  private var isElsewhere: Command {
    .powerShell(
      """
      param($group)
      $found = Get-ClusterGroup -Name $group
      "$($found.State)" -eq 'Online' -and $found.OwnerNode.Name -ne $env:COMPUTERNAME
      """, [group])
  }

  private var back: Command {
    .powerShell(
      """
      param($group, $record)
      $record = Join-Path $env:ProgramFiles $record
      if (-not (Test-Path -LiteralPath "$record.owner")) { return }
      $owner = [IO.File]::ReadAllText("$record.owner")
      $found = Get-ClusterGroup -Name $group
      if ("$($found.State)" -eq 'Pending') { return }
      if ($found.OwnerNode.Name -ne $owner) {
        Move-ClusterGroup -Name $group -Node $owner -Wait 0 | Out-Null
      }
      """, [group, Self.record])
  }

  private var isBack: Command {
    .powerShell(
      """
      param($group, $record)
      $record = Join-Path $env:ProgramFiles $record
      $found = Get-ClusterGroup -Name $group
      if ("$($found.State)" -ne 'Online') { throw "status 1: $group is $($found.State)" }
      if (-not (Test-Path -LiteralPath "$record.owner")) { return }
      $found.OwnerNode.Name -eq [IO.File]::ReadAllText("$record.owner")
      """, [group, Self.record])
  }
}

/// A name in a cluster, as a plan gives it.
enum ClusterWord {
  static func checked(_ name: String, _ parameter: String) throws(Complaint) -> String {
    guard !name.allSatisfy(\.isWhitespace), !name.contains(where: { "*?[]`".contains($0) }) else {
      throw Complaint(
        "\"\(name)\" names nothing in a cluster",
        remedy: "\(parameter): the name itself, without wildcards")
    }
    return name
  }
}
