// What any run may have left on a Windows node, found by looking, and mended as far as that is honest.

internal import TakeoverModel

enum WindowsSweep {
  /// Prints a line for each thing that was found, with what came of it. Status 0: nothing is left;
  /// `NodeLock.taken`: a run still holds the node.
  static func command(on node: Node, force: Bool) -> Command {
    .powerShell(
      """
      param($root, $interface, $force)
      $root = Join-Path $env:ProgramFiles $root
      $script:failed = $false
      function Tell([string] $what, [scriptblock] $mend) {
        try {
          & $mend | Out-Null
          "${what}: healed"
        } catch {
          $script:failed = $true
          "${what}: NOT healed: $("$_" -replace '\\s+', ' ')"
        }
      }
      \(WindowsLease.clock)
      if (Test-Path -LiteralPath "$root\\lock") {
        $old, $began, $until, $whom = [IO.File]::ReadAllText("$root\\lock").Split([char[]] ' ', 4)
        $left = if (-not $until -or $now -lt [long] $began) { 0 } else { [long] $until - $now }
        if ($left -gt 0 -and $force -eq 'no') {
          "it is held by $whom, for $left s unless renewed"
          throw 'status \(NodeLock.taken)'
        }
      }
      foreach ($lease in @(Get-ChildItem -Path "$root\\leases" -Directory -ErrorAction SilentlyContinue)) {
        Tell "lease $($lease.Name)" {
          & ([scriptblock]::Create([IO.File]::ReadAllText("$($lease.FullName)\\heal.ps1")))
          Unregister-ScheduledTask -TaskPath '\(WindowsLease.taskFolder)' `
            -TaskName "lease-$($lease.Name)" -Confirm:$false -ErrorAction SilentlyContinue
          Remove-Item -LiteralPath $lease.FullName -Recurse -Force
        }
      }
      foreach ($rule in @(Get-NetFirewallRule -Name 'takeover-*' -ErrorAction SilentlyContinue)) {
        Tell "firewall rule $($rule.Name)" { $rule | Remove-NetFirewallRule }
      }
      if ("$((Get-NetAdapter -Name $interface).Status)" -eq 'Disabled') {
        Tell "$interface was disabled" { Enable-NetAdapter -Name $interface -Confirm:$false }
      }
      for ($next = 0; $next -lt $args.Count; $next += 2) {
        if ("$((Get-Service -Name $args[$next + 1]).Status)" -eq 'Running') { continue }
        $service = $args[$next + 1]
        Tell "$($args[$next]) did not run" { Start-Service -Name $service }
      }
      if ($script:failed) { throw 'status 1' }
      foreach ($left in "$root\\lock", "$root\\leases", "$root\\state") {
        Remove-Item -LiteralPath $left -Recurse -Force -ErrorAction SilentlyContinue
      }
      """,
      [Procedure.windowsRoot, node.interface, force ? "yes" : "no"]
        + node.services.sorted { $0.key < $1.key }.flatMap { name, control in
          if case .windows(let service) = control { [name, service] } else { [String]() }
        })
  }
}
