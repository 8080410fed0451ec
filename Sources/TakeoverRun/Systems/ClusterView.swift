// What a node of a Windows failover cluster says of its groups: who owns each, and which addresses move
// with it. It stands beside the wire and the kernels as what keepalived says of itself does.

package import TakeoverModel

package enum ClusterView {
  package static let limit: Duration = .seconds(10)
  private static let daemon = "Failover Clustering"

  /// Prints `node NAME STATE PROCESS` and a line `group NAME OWNER STATE ADDRESSES` for each group, the
  /// fields parted by tabs. Only reads.
  package static let command = Command.powerShell(
    """
    $node = Get-ClusterNode -Name $env:COMPUTERNAME
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ClusSvc'"
    "node`t$($node.Name)`t$($node.State)`t$($service.ProcessId)"
    $all = @(Get-ClusterResource | Where-Object { "$($_.ResourceType)" -in 'IP Address', 'IPv6 Address' })
    foreach ($group in Get-ClusterGroup) {
      $own = @($all | Where-Object { "$($_.OwnerGroup)" -eq $group.Name } | ForEach-Object {
        ($_ | Get-ClusterParameter -Name Address).Value
      })
      "group`t$($group.Name)`t$($group.OwnerNode)`t$($group.State)`t$($own -join ' ')"
    }
    """)

  /// - Parameter node: as the site calls it.
  package static func view(of node: String, _ result: CommandResult) -> DaemonView {
    guard result.succeeded else {
      let said = result.errorText.trimmed
      return DaemonView(
        node: node, daemon: daemon,
        trouble: said.isEmpty ? "its cluster cannot be asked" : String(said.prefix(200)))
    }
    var view = DaemonView(node: node, daemon: daemon, means: "PowerShell")
    var own: String?
    var isUp = false
    for line in result.text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      if fields.count == 4, fields[0] == "node" {
        own = fields[1]
        isUp = fields[2] == "Up" || fields[2] == "Paused"
        view.processes = Int(fields[3]).map { [$0] } ?? []
      } else if fields.count == 5, fields[0] == "group" {
        view.instances.append(
          DaemonView.Instance(
            name: fields[1], interface: "", vrid: 0,
            state: state(isOwn: fields[2].lowercased() == own?.lowercased(), fields[3], isUp),
            addresses: fields[4].split(separator: " ").compactMap { IPAddress($0) }))
      }
    }
    if own == nil { view.trouble = "it says nothing of its cluster" }
    return view
  }

  /// In VRRP's words: the owner of a group that is online is its master. nil: it is on its way.
  private static func state(
    isOwn: Bool, _ state: String, _ isUp: Bool
  ) -> DaemonView.Instance.State? {
    guard isUp else { return .fault }
    switch state {
    case "Online", "PartialOnline": return isOwn ? .master : .backup
    case "Offline", "Failed": return isOwn ? .fault : .backup
    default: return nil
    }
  }
}
