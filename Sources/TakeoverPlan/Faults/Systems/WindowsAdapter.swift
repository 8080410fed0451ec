// A network adapter of Windows that is disabled and enabled again. It keeps its configuration meanwhile;
// its own addresses are looked for all the same.

internal import TakeoverModel

struct WindowsAdapter: StruckInterface {
  static let cmdlets = [
    "Get-NetAdapter", "Get-NetIPAddress", "Disable-NetAdapter", "Enable-NetAdapter",
  ]

  let interface: String
  let fault: String
  /// The cluster's business.
  let virtual: [String]

  /// Below %ProgramFiles%: `.addresses` has the adapter's own, a line each.
  private var record: String { #"\#(Procedure.windowsStateFolder)\\#(fault).\#(interface)"# }

  /// What the system gives every adapter by itself (WellKnown: fe80::, 169.254) comes back by itself.
  var save: Command {
    .powerShell(
      """
      param($name, $record, $virtual)
      $record = Join-Path $env:ProgramFiles $record
      if ("$((Get-NetAdapter -Name $name).Status)" -ne 'Up') { throw "$name is not up" }
      $own = @(Get-NetIPAddress -InterfaceAlias $name | Where-Object {
        "$($_.PrefixOrigin)" -ne 'WellKnown' -and $_.IPAddress -notin $virtual.Split(',')
      })
      New-Item -ItemType Directory -Force -Path (Split-Path $record) | Out-Null
      [IO.File]::WriteAllLines("$record.addresses", [string[]]@($own.IPAddress))
      """, [interface, record, virtual.joined(separator: ",")])
  }

  var down: Command {
    .powerShell("param($name) Disable-NetAdapter -Name $name -Confirm:$false", [interface])
  }

  var isDown: Command {
    .powerShell(
      "param($name) \"$((Get-NetAdapter -Name $name).Status)\" -eq 'Disabled'", [interface])
  }

  var restore: Command {
    .powerShell("param($name) Enable-NetAdapter -Name $name -Confirm:$false", [interface])
  }

  var isRestored: Command {
    .powerShell(
      """
      param($name, $record)
      $record = Join-Path $env:ProgramFiles $record
      if ("$((Get-NetAdapter -Name $name).Status)" -ne 'Up') { throw 'status 1' }
      if (-not (Test-Path -LiteralPath "$record.addresses")) { return }
      $now = @(Get-NetIPAddress -InterfaceAlias $name | Where-Object {
        "$($_.AddressState)" -eq 'Preferred'
      })
      $lost = @([IO.File]::ReadAllLines("$record.addresses") | Where-Object {
        $_ -and $_ -notin $now.IPAddress
      })
      $lost.Count -eq 0
      """, [interface, record])
  }
}
