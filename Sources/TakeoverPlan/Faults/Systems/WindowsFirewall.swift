// Rules of Windows' firewall that are a fault's whole doing: made without being in force, switched on by
// the blow, removed by their names.

internal import TakeoverModel

struct WindowsFirewall: Sendable {
  static let cmdlets = [
    "New-NetFirewallRule", "Enable-NetFirewallRule", "Get-NetFirewallRule",
    "Remove-NetFirewallRule", "Get-NetFirewallProfile",
  ]

  /// One rule for each way.
  struct Match: Sendable {
    /// As New-NetFirewallRule takes it: TCP, UDP, ICMPv4, ICMPv6, Any.
    var `protocol`: String
    var localPort: Int?
    var remotePort: Int?

    /// For the node: `TCP,Any,80`.
    var words: String {
      let ports = [localPort, remotePort].map { $0.map(String.init) ?? "Any" }
      return ([`protocol`] + ports).joined(separator: ",")
    }
  }

  let name: String
  let interface: String
  /// Inbound, Outbound.
  let ways: [String]
  let matches: [Match]
  /// Empty: everybody.
  let addresses: [String]

  init(
    name: String, interface: String, ways: [String], matches: [Match], addresses: [String]
  ) {
    self.name = "takeover-" + name
    self.interface = interface
    self.ways = ways
    self.matches = matches
    self.addresses = addresses
  }

  /// A rule that blocks goes before all that allow, so that nothing could spare the way to the node.
  init(_ rules: TrafficRules, on node: Node, in site: Site) throws(Complaint) {
    let addresses: [IPAddress] =
      switch rules.peer {
      case .any: []
      case .address(let address): [address]
      case .others: site.peers(of: node).flatMap(\.addresses)
      }
    guard rules.peer == .any || !addresses.isEmpty else {
      throw Complaint(
        "the site gives no address of \(node.name)'s peer",
        remedy: "add address: to the other node in the site, or name the peer's address")
    }
    let cutsRoad =
      switch rules.traffic {
      case .all: true
      case .tcp: rules.port == nil || rules.port == node.reach.port
      default: false
      }
    if rules.peer == .any, cutsRoad {
      throw Complaint(
        "on Windows this would cut the way to \(node.name): what blocks goes before what allows",
        remedy: "name one peer, or another port than SSH's")
    }
    var name = [rules.traffic.rawValue + (rules.port.map(String.init) ?? ""), rules.direction]
    name.append(rules.peer == .any ? "any" : rules.peer == .others ? "peer" : "\(addresses[0])")
    self.init(
      name: name.joined(separator: "-").replacing(":", with: "."),
      interface: rules.interface ?? node.interface,
      ways: [("in", "Inbound"), ("out", "Outbound")].filter {
        rules.direction == $0.0 || rules.direction == "both"
      }.map(\.1), matches: try Self.matches(rules, addresses),
      addresses: addresses.map(\.description))
  }

  private static func matches(
    _ rules: TrafficRules, _ addresses: [IPAddress]
  ) throws(Complaint) -> [Match] {
    guard rules.verdict == .drop else {
      throw Complaint("Windows' firewall only drops", remedy: "drop-traffic")
    }
    switch rules.traffic {
    case .all: return [Match(protocol: "Any")]
    case .icmp:
      // A rule for one family takes no address of the other.
      return [("ICMPv4", true), ("ICMPv6", false)].filter { _, isFour in
        addresses.isEmpty || addresses.contains { $0.isV4 == isFour }
      }.map { Match(protocol: $0.0) }
    case .tcp, .udp:
      let name = rules.traffic.rawValue.uppercased()
      guard let port = rules.port else { return [Match(protocol: name)] }
      return [Match(protocol: name, localPort: port), Match(protocol: name, remotePort: port)]
    case .arp, .vrrp:
      throw Complaint(
        "Windows' firewall knows no \(rules.traffic.rawValue)",
        remedy: "protocol: icmp, tcp, udp or all")
    }
  }

  private var count: Int { ways.count * matches.count }

  func procedure() -> Procedure {
    Procedure(
      prepare: [make], inject: [enable], confirm: [isInForce], heal: [remove],
      confirmHealed: [isRemoved],
      requirements: [Self.isOn] + (addresses.isEmpty ? [] : [isNoRoad]))
  }

  /// Rules of one name are switched on by one call; what is left of an earlier one is removed first.
  private var make: Command {
    .powerShell(
      """
      param($name, $interface, $addresses, $ways, $kinds)
      Get-NetFirewallRule -Name "$name-*" -ErrorAction SilentlyContinue | Remove-NetFirewallRule
      $number = 0
      foreach ($way in $ways.Split(' ')) {
        foreach ($kind in $kinds.Split(' ')) {
          $number++
          $protocol, $local, $remote = $kind.Split(',')
          $ends = @($addresses.Split(',') | Where-Object {
            $_ -eq 'Any' -or $protocol -notlike 'ICMP*' -or
              ($_ -like '*:*') -eq ($protocol -eq 'ICMPv6')
          })
          $rule = @{
            Name = "$name-$number"; DisplayName = $name; Group = 'takeover'; Direction = $way
            Action = 'Block'; Profile = 'Any'; Enabled = 'False'; InterfaceAlias = $interface
            Protocol = $protocol; RemoteAddress = $ends
          }
          if ($local -ne 'Any') { $rule.LocalPort = $local }
          if ($remote -ne 'Any') { $rule.RemotePort = $remote }
          New-NetFirewallRule @rule | Out-Null
        }
      }
      """,
      [
        name, interface, addresses.isEmpty ? "Any" : addresses.joined(separator: ","),
        ways.joined(separator: " "), matches.map(\.words).joined(separator: " "),
      ])
  }

  private var enable: Command {
    .powerShell("param($name) Enable-NetFirewallRule -DisplayName $name", [name])
  }

  /// The active store has what is enforced, after what a policy of the domain has made of it.
  private var isInForce: Command {
    .powerShell(
      """
      param($name, $count)
      $found = @(Get-NetFirewallRule -PolicyStore ActiveStore -DisplayName $name | Where-Object {
        "$($_.Enabled)" -eq 'True'
      })
      "$($found.Count)" -eq $count
      """, [name, String(count)])
  }

  private var remove: Command {
    .powerShell(
      """
      param($name)
      Get-NetFirewallRule -Name "$name-*" -ErrorAction SilentlyContinue | Remove-NetFirewallRule
      """, [name])
  }

  private var isRemoved: Command {
    .powerShell(
      """
      param($name)
      @(Get-NetFirewallRule -Name "$name-*" -ErrorAction SilentlyContinue).Count -eq 0
      """, [name])
  }

  private static let isOn = Requirement(
    .powerShell(
      """
      $off = @(Get-NetFirewallProfile -PolicyStore ActiveStore | Where-Object {
        "$($_.Enabled)" -ne 'True'
      })
      $off.Count -eq 0
      """), otherwise: "has a profile of its firewall switched off: a rule there strikes nothing")

  /// sshd tells its children both ends of the connection; where it does not, nothing is struck.
  private var isNoRoad: Requirement {
    Requirement(
      .powerShell(
        """
        param($addresses)
        $from = "$env:SSH_CONNECTION".Split(' ')[0]
        [bool] $from -and $from -notin $addresses.Split(',')
        """, [addresses.joined(separator: ",")]),
      otherwise: "is reached from an address that is struck, and a rule can spare nothing of it")
  }
}
