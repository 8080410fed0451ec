// Reads a Windows node as it is, before a blow and after its healing: what a fault could break there.

internal import TakeoverModel

enum WindowsDigest {
  /// Prints `section` and, below it, its lines, each behind the section's name and a tab; `!section` and
  /// a reason, where it cannot be read; `end`, when it was all. Changes nothing.
  ///
  /// The start of the node is the start of its first session manager: what Windows says of its boot time
  /// moves with its clock.
  static func command(for node: Node, in site: Site) -> Command {
    .powerShell(
      """
      param($virtual)
      function Write-Part([string] $section, [scriptblock] $look) {
        try {
          $lines = @(& $look)
          $section
          foreach ($line in $lines) { "$section`t$line" }
        } catch {
          "!$section`t$("$_" -replace '\\s+', ' ')"
        }
      }
      $virtual = $virtual.Split(',')
      $services = $args
      Write-Part 'boot' {
        $found = @(Get-CimInstance -ClassName Win32_Process -Filter "Name='smss.exe'")
        $first = ($found | Sort-Object CreationDate | Select-Object -First 1).CreationDate
        "$($first.ToFileTimeUtc())"
      }
      Write-Part 'links' {
        foreach ($one in Get-NetAdapter) {
          "$($one.Name)`tstatus`t$($one.Status)"
          "$($one.Name)`thardware address`t$($one.MacAddress)"
          "$($one.Name)`tMTU`t$($one.MtuSize)"
        }
      }
      Write-Part 'addresses' {
        foreach ($one in Get-NetIPAddress) {
          if ($one.IPAddress -in $virtual -or "$($one.SuffixOrigin)" -eq 'Random') { continue }
          if ("$($one.PrefixOrigin)" -eq 'WellKnown') { continue }
          "$($one.InterfaceAlias)`t$($one.IPAddress)/$($one.PrefixLength)"
        }
      }
      Write-Part 'routes' {
        foreach ($one in Get-NetRoute) {
          if ("$($one.NextHop)" -in '0.0.0.0', '::') { continue }
          $family = if ("$($one.AddressFamily)" -eq 'IPv6') { 6 } else { 4 }
          "$family`t$($one.DestinationPrefix) via $($one.NextHop) dev $($one.InterfaceAlias)"
        }
      }
      Write-Part 'services' {
        for ($next = 0; $next -lt $services.Count; $next += 2) {
          $filter = "Name='{0}'" -f $services[$next + 1]
          $found = Get-CimInstance -ClassName Win32_Service -Filter $filter
          $runs = if ($found.State -eq 'Running') { 'yes' } else { 'no' }
          $first = if ($found.ProcessId) { 'yes' } else { 'no' }
          "$($services[$next])`truns`t$runs"
          "$($services[$next])`tfirst process`t$first"
          "$($services[$next])`tat boot`t$($found.StartMode)"
        }
        if (Get-Command -Name Get-ClusterNode -ErrorAction SilentlyContinue) {
          $own = Get-ClusterNode -Name $env:COMPUTERNAME
          "cluster node`tstate`t$($own.State)"
        }
      }
      'end'
      """,
      [site.addresses.map(\.address.description).joined(separator: ",")]
        + node.services.sorted { $0.key < $1.key }.flatMap { name, control in
          if case .windows(let service) = control { [name, service] } else { [String]() }
        })
  }

  /// Sections of a POSIX node that nothing here can break.
  private static let others: [NodeState.Section] = [
    .clock, .rules, .neighbours, .nftables, .qdiscs, .sysctls, .files,
  ]

  /// Any text is read; what cannot be understood is unread.
  static func state(_ output: String) -> NodeState {
    var lines: [NodeState.Section: [String]] = [:]
    var reasons: [NodeState.Section: String] = [:]
    var isWhole = false
    // By bytes: a carriage return before a line feed makes one `Character` of both.
    for piece in output.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = Substring(piece.last == 13 ? piece.dropLast() : piece)
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      let word = fields[0]
      if word == "end", fields.count == 1 {
        isWhole = true
      } else if word.hasPrefix("!"),
        let section = NodeState.Section(rawValue: String(word.dropFirst()))
      {
        reasons[section] =
          fields.count > 1 ? String(fields[1].prefix(200)) : "the node did not tell"
      } else if let section = NodeState.Section(rawValue: String(word)), !others.contains(section) {
        lines[section, default: []] += fields.dropFirst().map(String.init)
      }
    }
    for section in others { reasons[section] = "it is not looked at on a Windows node" }
    guard isWhole else {
      return NodeState(
        reasons: Dictionary(
          uniqueKeysWithValues: NodeState.Section.allCases.map { section in
            (section, reasons[section] ?? "the answer broke off")
          }))
    }
    for section in reasons.keys { lines[section] = nil }
    return NodeState(lines: lines, reasons: reasons)
  }
}
