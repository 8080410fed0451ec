// The faults of a Windows node, by PowerShell's cmdlets.

internal import TakeoverModel

struct WindowsFaults: FaultSystem {
  func service(
    _ name: String, on node: Node, for fault: String
  ) throws(Complaint) -> any StruckService {
    try WindowsService(of: name, on: node, for: fault)
  }

  func interface(
    _ name: String?, on node: Node, in site: Site, for fault: String
  ) -> any StruckInterface {
    WindowsAdapter(
      interface: name ?? node.interface, fault: fault,
      virtual: site.addresses.map(\.address.description))
  }

  func partition(_ interface: String?, on node: Node, in site: Site) throws(Complaint) -> Procedure
  {
    let peers = site.peers(of: node).flatMap(\.addresses).map(\.description)
    guard !peers.isEmpty else {
      throw Complaint(
        "the site gives no address of \(node.name)'s peer",
        remedy: "add address: to the other node in the site")
    }
    return WindowsFirewall(
      name: "partition", interface: interface ?? node.interface, ways: ["Inbound", "Outbound"],
      matches: [.init(protocol: "Any")], addresses: peers
    ).procedure()
  }

  func strike(_ rules: TrafficRules, on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try WindowsFirewall(rules, on: node, in: site).procedure()
  }

  /// What does not come back must be startable by somebody else.
  func startAnew(isOrderly: Bool, on node: Node) throws(Complaint) -> Procedure {
    guard isOrderly else {
      throw Complaint(
        "Windows does not start anew without a word to its services",
        remedy: "how: orderly; or power-off, where the site has `power:` below `outside:`")
    }
    guard node.outside?.acts[.power] != nil else {
      throw Complaint(
        "nobody could start \(node.name) if it did not come back",
        remedy: "add `power:` below `outside:` of the node, with break, mend and broken")
    }
    return Procedure(
      inject: [.powerShell("Restart-Computer -Force")], confirm: [],
      heal: [.powerShell("$true")], confirmHealed: [.powerShell("$true")], restarts: true)
  }

  var lines: any LineSystem { WindowsLines() }
}

/// `$node` is the node's name, `$interface` its interface, `$notes` a folder, which goes away with the
/// healing.
struct WindowsLines: LineSystem {
  private func place(_ notes: String) -> String { #"\#(Procedure.windowsStateFolder)\\#(notes)"# }

  func command(_ line: String, on node: Node, notes: String) -> Command {
    .powerShell(
      """
      param($node, $interface, $notes)
      $notes = Join-Path $env:ProgramFiles $notes
      \(line)
      """, [node.name, node.interface, place(notes)])
  }

  func folder(_ notes: String) -> Command {
    .powerShell(
      """
      param($notes)
      New-Item -ItemType Directory -Force -Path (Join-Path $env:ProgramFiles $notes) | Out-Null
      """, [place(notes)])
  }

  func negation(of command: Command) -> Command {
    .powerShell(
      """
      param($body)
      try { Invoke-Step ([scriptblock]::Create($body)) $args | Out-Null } catch { return }
      throw 'status 1'
      """, command.asPowerShell.map { [$0.body] + $0.parameters } ?? [])
  }

  func finds(_ program: String) -> Command {
    .powerShell("param($name) Get-Command -Name $name | Out-Null", [program])
  }

  /// What is compared before and after is a POSIX file with its mode and owner.
  func refusal(touching files: [String]) -> Complaint? {
    files.isEmpty
      ? nil
      : Complaint(
        "files are not compared on a Windows node", remedy: "leave touches: out")
  }
}
