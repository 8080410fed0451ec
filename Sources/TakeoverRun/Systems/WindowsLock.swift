// A node's lock in PowerShell's words.

internal import TakeoverModel

/// A file with four words: the run, when that was written, until when it holds (seconds of the
/// performance counter), and who that is. A mutex of the system makes looking and writing one step. A
/// lock that was written by another start of the system has run out.
struct WindowsLock: LockKeeping {
  let lock: NodeLock

  /// Shell: sets `$path`, `$now` and `$mutex`, which is taken.
  private static let beginning = """
    $path = Join-Path $env:ProgramFiles "$root\\lock"
    \(WindowsLease.clock)
    $mutex = New-Object Threading.Mutex($false, 'Global\\takeover')
    try { $isOurs = $mutex.WaitOne(5000) } catch [Threading.AbandonedMutexException] { $isOurs = $true }
    if (-not $isOurs) { throw 'status \(NodeLock.taken): another run takes it this moment' }
    """

  /// Reads the lock into `$old`, `$began`, `$until` and `$whom`; all empty where there is none.
  private static let reading = """
      $seen = if (Test-Path -LiteralPath $path) { [IO.File]::ReadAllText($path) } else { '   ' }
      $old, $began, $until, $whom = $seen.Split([char[]] ' ', 4)
    """

  func taking(for site: String) -> Command {
    .powerShell(
      """
      param($root, $token, $seconds, $site, $owner, $leases)
      $allow = Join-Path $env:ProgramFiles "$root\\allow"
      $sites = if (Test-Path -LiteralPath $allow) { [IO.File]::ReadAllLines($allow) } else { @() }
      if ($sites -cnotcontains $site) {
        throw "status \(NodeLock.notAllowed): $allow does not name $site"
      }
      \(Self.beginning)
      try {
      \(Self.reading)
        $left = if (-not $until -or $now -lt [long] $began) { 0 } else { [long] $until - $now }
        if ($old -cne $token -and $left -gt 0) {
          throw "status \(NodeLock.taken): it is held by $whom, for $left s unless renewed"
        }
        [IO.File]::WriteAllText($path, "$token $now $($now + [long] $seconds + 1) $owner")
      } finally {
        $mutex.ReleaseMutex()
      }
      if (-not $old -or $old -ceq $token) { return }
      $whom
      \(Self.healing)
      """,
      [
        Procedure.windowsRoot, lock.token, lock.seconds, site, lock.owner, WindowsLease.root,
      ])
  }

  /// What the leases of a dead run would heal is healed now.
  private static let healing = """
    $leases = Join-Path $env:ProgramFiles $leases
    if (-not (Test-Path -LiteralPath $leases)) { return }
    foreach ($lease in Get-ChildItem -LiteralPath $leases -Directory) {
      $heal = "$($lease.FullName)\\heal.ps1"
      if (-not (Test-Path -LiteralPath $heal)) { continue }
      try {
        & ([scriptblock]::Create([IO.File]::ReadAllText($heal))) | Out-Null
      } catch {
        throw "$($lease.FullName) could not be healed: $_"
      }
      Unregister-ScheduledTask -TaskPath '\(WindowsLease.taskFolder)' `
        -TaskName "lease-$($lease.Name)" -Confirm:$false -ErrorAction SilentlyContinue
      Remove-Item -LiteralPath $lease.FullName -Recurse -Force
    }
    """

  var renewal: Command {
    .powerShell(
      """
      param($root, $token, $seconds, $owner)
      \(Self.beginning)
      try {
      \(Self.reading)
        if ($old -cne $token) { throw 'status \(NodeLock.taken)' }
        [IO.File]::WriteAllText($path, "$token $now $($now + [long] $seconds + 1) $owner")
      } finally {
        $mutex.ReleaseMutex()
      }
      """, [Procedure.windowsRoot, lock.token, lock.seconds, lock.owner])
  }

  var release: Command {
    .powerShell(
      """
      param($root, $token)
      \(Self.beginning)
      try {
      \(Self.reading)
        if ($old -ceq $token) { [IO.File]::Delete($path) }
      } finally {
        $mutex.ReleaseMutex()
      }
      """, [Procedure.windowsRoot, lock.token])
  }
}
