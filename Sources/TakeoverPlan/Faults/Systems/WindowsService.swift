// The processes of a Windows service: found by their parents, written down with the time at which each
// began.

internal import TakeoverModel

struct WindowsService: StruckService {
  static let cmdlets = ["Get-Service", "Get-CimInstance", "Invoke-CimMethod"]

  let name: String
  let control: ServiceControl
  /// Below %ProgramFiles%: `.processes` has a line `id began` each, the first process first.
  let record: String

  init(of service: String, on node: Node, for fault: String) throws(Complaint) {
    let known = node.services.keys.sorted().joined(separator: ", ")
    guard let control = node.services[service] else {
      throw Complaint(
        "node \(node.name) has no service \"\(service)\"",
        remedy: known.isEmpty
          ? "name it below services: of the node in the site" : "services of the node: \(known)")
    }
    guard case .windows(let name) = control else {
      throw Complaint(
        "\(service) of \(node.name) is no service of Windows",
        remedy: "name it as Get-Service does: \(service): {service: ClusSvc}")
    }
    self.control = control
    self.name = name
    record = #"\#(Procedure.windowsStateFolder)\\#(fault).\#(service)"#
  }

  /// `Get-Alive RECORD` gives the processes of the record that are still the same.
  private static let look = """
    function Get-Alive([string] $record) {
      foreach ($line in [IO.File]::ReadAllLines("$record.processes")) {
        $id, $began = $line.Split(' ')
        $process = Get-Process -Id $id -ErrorAction SilentlyContinue
        if ($process -and "$($process.StartTime.ToFileTimeUtc())" -eq $began) { $process }
      }
    }

    """

  /// A parent's id that has passed to another process is older than its child, so ages are compared.
  /// What shares its process with other services would take them along.
  func prepare(_ scope: ProcessScope) throws(Complaint) -> Command {
    guard scope == .tree || scope == .parent else {
      throw Complaint(
        "on Windows no single child of a service is struck", remedy: "scope: tree, or parent")
    }
    return .powerShell(
      """
      param($name, $scope, $record)
      $record = Join-Path $env:ProgramFiles $record
      $service = Get-CimInstance -ClassName Win32_Service -Filter ("Name='{0}'" -f $name)
      if (-not $service.ProcessId) { throw 'the service has no main process' }
      if ($service.ServiceType -ne 'Own Process') { throw "$name shares its process with others" }
      $all = @(Get-CimInstance -ClassName Win32_Process)
      $tree = @($all | Where-Object { $_.ProcessId -eq $service.ProcessId })
      for ($next = 0; $scope -eq 'tree' -and $next -lt $tree.Count; $next++) {
        $parent = $tree[$next]
        $tree += @($all | Where-Object {
          $_.ParentProcessId -eq $parent.ProcessId -and $_.CreationDate -ge $parent.CreationDate -and
            $_.ProcessId -notin $tree.ProcessId
        })
      }
      $lines = @(foreach ($one in $tree) {
        $process = Get-Process -Id $one.ProcessId -ErrorAction SilentlyContinue
        if ($process) { "$($process.Id) $($process.StartTime.ToFileTimeUtc())" }
      })
      if ($lines.Count -eq 0) { throw 'the service has no such process' }
      New-Item -ItemType Directory -Force -Path (Split-Path $record) | Out-Null
      [IO.File]::WriteAllLines("$record.processes", [string[]]$lines)
      """, [name, scope.rawValue, record])
  }

  var verify: Command {
    .powerShell(
      """
      param($record)
      $record = Join-Path $env:ProgramFiles $record
      foreach ($line in [IO.File]::ReadAllLines("$record.processes")) {
        $id, $began = $line.Split(' ')
        $process = Get-Process -Id $id -ErrorAction SilentlyContinue
        if ($process -and "$($process.StartTime.ToFileTimeUtc())" -ne $began) {
          throw "process $id is another one now"
        }
      }
      """, [record])
  }

  /// One call for all of them, the first process first, so that it starts none of the others anew.
  /// That one of them has left by itself is no failure; what counts is what `confirm` finds.
  func blow(_ signal: String, at scope: ProcessScope) throws(Complaint) -> Command {
    guard signal == "KILL" else {
      throw Complaint("Windows has no signal \(signal)", remedy: "signal: KILL")
    }
    return .powerShell(
      """
      param($record)
      $record = Join-Path $env:ProgramFiles $record
      $ids = foreach ($line in [IO.File]::ReadAllLines("$record.processes")) { $line.Split(' ')[0] }
      Stop-Process -Id $ids -Force -ErrorAction SilentlyContinue
      """, [record])
  }

  func repeating(
    _ procedure: Procedure, _ signal: String, at scope: ProcessScope, every period: Duration
  ) throws(Complaint) -> Procedure {
    throw Complaint(
      "on Windows a service is struck once", remedy: "leave every: out")
  }

  var areGone: Command {
    .powerShell(
      """
      param($record)
      \(Self.look)$record = Join-Path $env:ProgramFiles $record
      @(Get-Alive $record).Count -eq 0
      """, [record])
  }

  var stop: Command {
    .powerShell(
      """
      param($name)
      Stop-Service -Name $name -Force -NoWait
      for ($turn = 0; $turn -lt 100; $turn++) {
        if ("$((Get-Service -Name $name).Status)" -ne 'Running') { return }
        Start-Sleep -Milliseconds 10
      }
      """, [name])
  }

  /// A process that WMI makes is none of the session, and outlives it; no service's name
  /// has a quote in it.
  var restartAtOnce: Command {
    .powerShell(
      """
      param($name)
      $line = "powershell -NoProfile -NonInteractive -Command Restart-Service -Name '$name' -Force"
      $made = Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{
        CommandLine = $line
      }
      if ($made.ReturnValue -ne 0) { throw "no process can be made: $($made.ReturnValue)" }
      for ($turn = 0; $turn -lt 300; $turn++) {
        if ("$((Get-Service -Name $name).Status)" -ne 'Running') { return }
        Start-Sleep -Milliseconds 10
      }
      """, [name])
  }

  var isInactive: Command {
    .powerShell("param($name) \"$((Get-Service -Name $name).Status)\" -ne 'Running'", [name])
  }

  /// A service that is still on its way out cannot be started, so this goes on for eight seconds.
  var restart: Command {
    .powerShell(
      """
      param($name)
      $watch = [Diagnostics.Stopwatch]::StartNew()
      $said = ''
      while ($watch.Elapsed.TotalSeconds -lt 8) {
        if ("$((Get-Service -Name $name).Status)" -eq 'Running') { return }
        try { Start-Service -Name $name } catch { $said = "$_" }
        Start-Sleep -Milliseconds 200
      }
      throw "the service does not start: $said"
      """, [name])
  }

  func mending(_ scope: ProcessScope, holding addresses: [IPAddress]) -> (
    heal: [Command], proof: [Command]
  ) {
    ([restart], [control.isActive])
  }
}
