// What a run says to a Windows node, by PowerShell's cmdlets.

internal import TakeoverModel

struct WindowsSpeech: NodeSpeech {
  /// The parts of the answer are parted by `==`, the fields of a line by tabs.
  var inspection: Command {
    .powerShell(
      """
      $system = Get-CimInstance -ClassName Win32_OperatingSystem
      "$($system.Caption) $($system.Version), PowerShell $($PSVersionTable.PSVersion)"
      '=='
      foreach ($one in Get-NetAdapter) { "$($one.Name)`t$($one.MacAddress)" }
      '=='
      \(Self.addressLines)
      """)
  }

  /// Not by Get-NetIPAddress, which takes a hundred times as long and is asked four times a second.
  private static let addressLines = """
    foreach ($one in [Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
      foreach ($own in $one.GetIPProperties().UnicastAddresses) {
        "$($one.Name)`t$($own.Address.ToString().Split('%')[0])"
      }
    }
    """

  func described(node: String, transport: String, output: String) -> NodeDescription {
    var parts: [[Substring]] = [[]]
    for line in output.split(separator: "\n") {
      if line == "==" { parts.append([]) } else { parts[parts.count - 1].append(line) }
    }
    let addresses = parts.count > 2 ? self.addresses(in: parts[2]) : [:]
    let links = (parts.count > 1 ? parts[1] : []).compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard let name = fields.first, !name.isEmpty else { return NodeDescription.Link?.none }
      let mac = fields.count > 1 ? MACAddress(String(fields[1]).replacing("-", with: ":")) : nil
      return NodeDescription.Link(
        name: String(name), mac: mac, addresses: addresses[String(name)] ?? [])
    }
    return NodeDescription(
      node: node, transport: transport, system: parts[0].joined(separator: ", "), links: links)
  }

  var lister: String { "Get-NetAdapter" }

  /// sshd tells its children both ends of the connection: client, its port, server, its port.
  var road: Command {
    .powerShell(
      """
      $ends = "$env:SSH_CONNECTION".Split(' ')
      if ($ends.Count -lt 3) { return }
      $here = $ends[2].Split('%')[0]
      (Get-NetIPAddress -IPAddress $here).InterfaceAlias
      """)
  }

  func missing(of programs: [String]) -> Command {
    .powerShell(
      """
      foreach ($name in $args) {
        if (-not (Get-Command -Name $name -ErrorAction SilentlyContinue)) { $name }
      }
      """, programs)
  }

  func link(_ interface: String) -> Command {
    .powerShell("param($name) \"$((Get-NetAdapter -Name $name).Status)\" -eq 'Up'", [interface])
  }

  func isUp(_ answer: CommandResult) -> Bool { answer.succeeded }

  func raising(_ interface: String) -> String {
    "as an administrator, in PowerShell: Enable-NetAdapter '\(interface)'"
  }

  var addresses: Command { .powerShell(Self.addressLines) }

  func addresses(in lines: [Substring]) -> [String: [IPAddress]] {
    var found: [String: [IPAddress]] = [:]
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2, let address = IPAddress(fields[1]) else { continue }
      found[String(fields[0]), default: []].append(address)
    }
    return found
  }

  /// The service's own process only: those below it host resources, and come and go by right.
  func processes(
    of services: [String: ServiceControl], known: [String: ServiceProcessesSeen.Process]
  ) -> Command {
    .powerShell(
      """
      for ($next = 0; $next -lt $args.Count; $next += 2) {
        "= $($args[$next])"
        $filter = "Name='{0}'" -f $args[$next + 1]
        $id = (Get-CimInstance -ClassName Win32_Service -Filter $filter).ProcessId
        $process = if ($id) { Get-Process -Id $id -ErrorAction SilentlyContinue }
        if ($process) { "$id $($process.StartTime.ToFileTimeUtc())" }
      }
      """,
      services.sorted { $0.key < $1.key }.flatMap { name, control in
        if case .windows(let service) = control { [name, service] } else { [String]() }
      })
  }

  func digest(of node: Node, in site: Site, touching touches: Touches) -> Command {
    WindowsDigest.command(for: node, in: site)
  }

  func state(
    _ output: String, of node: Node, in site: Site, touching touches: Touches
  ) -> NodeState {
    WindowsDigest.state(output)
  }

  var programs: [String] {
    [
      "Get-NetAdapter", "Get-NetIPAddress", "Get-NetRoute", "Get-CimInstance", "Get-ClusterNode",
      "Register-ScheduledTask", "Start-ScheduledTask", "Stop-ScheduledTask",
      "Unregister-ScheduledTask",
    ]
  }

  func installing(_ program: String) -> String {
    program.contains("-Cluster")
      ? "in PowerShell: Install-WindowsFeature Failover-Clustering -IncludeManagementTools"
      : "it belongs to Windows Server 2016 and later"
  }

  var ruler: String { "an administrator" }
  var rising: String { "log in as an administrator: user: Administrator" }

  var mayAll: Command {
    .powerShell(
      """
      $own = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
      $own.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
      """)
  }

  var root: String { #"%ProgramFiles%\\#(Procedure.windowsRoot)"# }
  func folder(of lease: Lease) -> String { #"%ProgramFiles%\\#(WindowsLease(lease: lease).place)"# }
  var permission: String { #"\#(root)\allow"# }

  func permits(_ site: String) -> Command {
    .powerShell(
      """
      param($root, $site)
      $allow = Join-Path $env:ProgramFiles "$root\\allow"
      if (-not (Test-Path -LiteralPath $allow)) { throw 'status 1' }
      [IO.File]::ReadAllLines($allow) -ccontains $site
      """, [Procedure.windowsRoot, site])
  }

  func permitting(_ site: String) -> String {
    #"as an administrator, in PowerShell: mkdir -Force $env:ProgramFiles\"#
      + "\(Procedure.windowsRoot); Add-Content -Encoding ASCII "
      + #"$env:ProgramFiles\\#(Procedure.windowsRoot)\allow '\#(site)'"#
  }

  func keeping(_ lock: NodeLock) -> any LockKeeping { WindowsLock(lock: lock) }
  func keeping(_ lease: Lease) -> any LeaseKeeping { WindowsLease(lease: lease) }

  func sweep(_ node: Node, force: Bool) -> Command { WindowsSweep.command(on: node, force: force) }
}
