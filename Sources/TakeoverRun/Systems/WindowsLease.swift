// A lease in PowerShell's words: the watcher is a scheduled task, which no session's end reaches.

internal import TakeoverModel

/// On the node, below `leases\ID\`: `heal.ps1` and `watch.ps1`, `deadline` (when it was written and when
/// it passes, in seconds of the performance counter, which begins with the system and which nobody
/// sets), `watching`, and `armed`, which the watcher renames to `healing` when it takes over.
///
/// What a blow leaves there outlives a start of the system, and so does the lease: the task begins anew
/// with it, finds a deadline of another start, and heals at once.
struct WindowsLease: LeaseKeeping {
  let lease: Lease

  static let root = #"\#(Procedure.windowsRoot)\leases"#
  static let taskFolder = #"\takeover\"#

  /// Below %ProgramFiles%.
  var place: String { #"\#(Self.root)\\#(lease.id)"# }
  private var task: String { "lease-\(lease.id)" }

  /// `$now`, in seconds.
  static let clock =
    "$now = [long] [Math]::Floor([Diagnostics.Stopwatch]::GetTimestamp() / "
    + "[Diagnostics.Stopwatch]::Frequency)"

  /// Writes everything down and starts the watcher; succeeds only when that one says that it watches.
  /// Scripts are read by -Command, because a policy may forbid files of scripts and nothing else.
  func grant(_ procedures: [Procedure]) -> Command {
    .powerShell(
      """
      param($folder, $seconds, $heal, $watch, $task)
      $folder = Join-Path $env:ProgramFiles $folder
      if (Test-Path -LiteralPath $folder) { throw "$folder is there already" }
      $place = @{ TaskPath = '\(Self.taskFolder)'; TaskName = $task }
      try {
        New-Item -ItemType Directory -Force -Path $folder | Out-Null
        [IO.File]::WriteAllText("$folder\\heal.ps1", $heal)
        [IO.File]::WriteAllText("$folder\\watch.ps1", $watch)
        \(Self.clock)
        [IO.File]::WriteAllText("$folder\\deadline", "$now $($now + [long] $seconds + 1)")
        [IO.File]::WriteAllText("$folder\\armed", '')
        $read = "[IO.File]::ReadAllText('$folder\\watch.ps1')"
        $line = "& ([scriptblock]::Create($read)) '$folder' '$task'"
        $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument (
          "-NoProfile -NonInteractive -Command `"$line`"")
        $who = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount
        $how = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries `
          -ExecutionTimeLimit ([TimeSpan]::Zero) -Priority 4
        $when = New-ScheduledTaskTrigger -AtStartup
        Register-ScheduledTask @place -Action $action -Principal $who -Settings $how `
          -Trigger $when | Out-Null
        Start-ScheduledTask @place
        for ($turn = 0; -not (Test-Path -LiteralPath "$folder\\watching"); $turn++) {
          if ($turn -ge 160) { throw 'the task does not begin' }
          Start-Sleep -Milliseconds 50
        }
      } catch {
        $said = "$_"
        Unregister-ScheduledTask @place -Confirm:$false -ErrorAction SilentlyContinue
        Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
        throw "no watcher starts here: $said"
      }
      """,
      [place, lease.seconds, Self.healing(procedures), Self.watching(keeps: lease.isTimer), task])
  }

  /// The watcher may read the file this very moment.
  var renewal: Command {
    .powerShell(
      """
      param($folder, $seconds)
      $folder = Join-Path $env:ProgramFiles $folder
      if (-not (Test-Path -LiteralPath "$folder\\armed")) { throw 'status \(Lease.gone)' }
      \(Self.clock)
      for ($turn = 0; ; $turn++) {
        try {
          [IO.File]::WriteAllText("$folder\\deadline", "$now $($now + [long] $seconds + 1)")
          break
        } catch {
          if ($turn -ge 20) { throw }
          Start-Sleep -Milliseconds 50
        }
      }
      if (-not (Test-Path -LiteralPath "$folder\\armed")) { throw 'status \(Lease.gone)' }
      """, [place, lease.seconds])
  }

  /// Parsed with the blow, before it is armed. What is for another shell stays what it is, and is
  /// refused at the door.
  func guarding(_ command: Command) -> Command {
    guard let script = command.asPowerShell else { return command }
    return .powerShell(
      """
      param($folder)
      if (-not (Test-Path -LiteralPath (Join-Path $env:ProgramFiles "$folder\\armed"))) {
        throw 'status \(Lease.gone)'
      }
      & {
      \(script.body)
      } @args
      """, [place] + script.parameters)
  }

  func recording(_ command: Command, _ confirm: [Command]) -> Command {
    let proof =
      confirm.isEmpty ? ["throw 'status 1'"] : confirm.map { "\(PowerShell.step($0)) | Out-Null" }
    return .powerShell(
      """
      param($folder)
      $folder = Join-Path $env:ProgramFiles $folder
      if (-not (Test-Path -LiteralPath "$folder\\armed")) { throw 'status \(Lease.gone)' }
      \(PowerShell.step(command))
      for ($turn = 0; $turn -lt 80; $turn++) {
        try {
      \(proof.map { "    \($0)\n" }.joined())    [IO.File]::WriteAllText("$folder\\confirmed", '')
          return
        } catch {
          Start-Sleep -Milliseconds 50
        }
      }
      """, [place])
  }

  var record: Command {
    .powerShell(
      "param($folder) Test-Path -LiteralPath (Join-Path $env:ProgramFiles \"$folder\\confirmed\")",
      [place])
  }

  var release: Command {
    .powerShell(
      """
      param($folder, $task, $state)
      $folder = Join-Path $env:ProgramFiles $folder
      $status = 0
      try {
        [IO.File]::Move("$folder\\armed", "$folder\\released")
      } catch {
        $status = \(Lease.gone)
      }
      for ($turn = 0; $turn -lt 40; $turn++) {
        $heals = Test-Path -LiteralPath "$folder\\healing"
        if (-not $heals -or (Test-Path -LiteralPath "$folder\\outcome")) { break }
        if ($turn -eq 39) { throw 'status \(Lease.healing)' }
        Start-Sleep -Milliseconds 100
      }
      $place = @{ TaskPath = '\(Self.taskFolder)'; TaskName = $task }
      if (Get-ScheduledTask @place -ErrorAction SilentlyContinue) {
        Stop-ScheduledTask @place
        Unregister-ScheduledTask @place -Confirm:$false
      }
      foreach ($left in $folder, (Join-Path $env:ProgramFiles $state)) {
        if (Test-Path -LiteralPath $left) { Remove-Item -LiteralPath $left -Recurse -Force }
      }
      if ($status -ne 0) { throw "status $status" }
      """, [place, task, Procedure.windowsStateFolder])
  }

  /// The healing as a script of its own: throws when the node is not shown to be whole.
  static func healing(_ procedures: [Procedure]) -> String {
    let heal = procedures.reversed().flatMap(\.heal).map {
      "try { \(PowerShell.step($0)) | Out-Null } catch { $failed = \"$_\" }"
    }
    let proof = procedures.flatMap(\.confirmHealed).map {
      "    \(PowerShell.step($0)) | Out-Null\n"
    }
    return """
      # What mends this node if the coordinator does not.
      \(PowerShell.strict)
      \(PowerShell.steps)
      $failed = ''
      \(heal.joined(separator: "\n"))
      $why = ''
      for ($turn = 0; $turn -lt 20; $turn++) {
        try {
      \(proof.joined())    if ($failed) { break }
          return
        } catch {
          $why = "$_"
          Start-Sleep -Milliseconds 250
        }
      }
      throw "it is not healed: $failed $why"
      """
  }

  /// Heals twice, a second apart: a blow may fall in the very moment in which the deadline passes.
  /// A healing that fails is tried again for ten minutes, and what it said is kept then.
  private static func watching(keeps: Bool) -> String {
    """
    param($folder, $task)
    \(PowerShell.strict)
    [IO.File]::WriteAllText("$folder\\watching", "$PID")
    while ($true) {
      if (-not (Test-Path -LiteralPath "$folder\\armed")) { exit }
      $left = 1
      try {
        $began, $until = [IO.File]::ReadAllText("$folder\\deadline").Split(' ')
        \(clock)
        $left = if ($now -lt [long] $began) { 0 } else { [long] $until - $now }
      } catch {
        $left = 1
      }
      if ($left -le 0) { break }
      Start-Sleep -Seconds ([Math]::Min($left, 5))
    }
    try { [IO.File]::Move("$folder\\armed", "$folder\\healing") } catch { exit }
    $times = 0
    $turn = 0
    while ($times -lt 2) {
      try {
        & ([scriptblock]::Create([IO.File]::ReadAllText("$folder\\heal.ps1"))) | Out-Null
        $times++
        Start-Sleep -Seconds 1
      } catch {
        $times = 0
        $turn++
        [IO.File]::WriteAllText("$folder\\said", "$_")
        Start-Sleep -Seconds 5
      }
      if ($turn -ge 120) {
        [IO.File]::Move("$folder\\healing", "$folder\\failed")
        exit 1
      }
      if (-not (Test-Path -LiteralPath "$folder\\healing")) { exit }
    }
    $state = Join-Path $env:ProgramFiles '\(Procedure.windowsStateFolder)'
    Remove-Item -LiteralPath $state -Recurse -Force -ErrorAction SilentlyContinue
    [IO.File]::WriteAllText("$folder\\outcome", 'healed')
    \(keeps ? "Start-Sleep -Seconds 60" : "")
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
    Unregister-ScheduledTask -TaskPath '\(taskFolder)' -TaskName $task -Confirm:$false
    """
  }
}
