// What is written to a long-lived PowerShell that reads its commands from its input. Each frame is one line
// of ASCII, whatever is in it: the shell reads lines in a code page of its own, and a script of several
// lines would wait for an empty one (about_PowerShell_exe, -Command -).

internal import FoundationEssentials
internal import TakeoverModel

struct PowerShellFraming: Dialect {
  let nonce = Nonce.make()

  /// Nothing is left waiting that would have to be let go.
  let release = ""

  let silence =
    #"look whether its OpenSSH has cmd.exe as default shell (HKLM:\SOFTWARE\OpenSSH, DefaultShell)"#

  /// Windows' own PowerShell 5.1, which every server has. Not by way of another shell's `exec`: sshd hands
  /// the line to cmd.exe.
  static func program(for reach: Reach) -> String {
    "powershell -NoProfile -NonInteractive -Command -"
  }

  /// Defines what the frames call, and answers 0.
  func greeting(_ number: Int) -> String {
    "& ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("
      + "'\(Self.coded(Self.prelude))')))); Write-Answer '' '' '\(nonce).\(number)' 0\n"
  }

  func run(_ command: Command, _ number: Int) -> String {
    frame(command, number, staged: nil)
  }

  func stage(_ command: Command, armed: Int, fired: Int) -> String {
    frame(command, fired, staged: armed)
  }

  /// Nobody watches over it there: a script that prints ends at the first line that nobody takes, one
  /// that says nothing goes on to its end. sshd of Windows ends a session's processes only where it has
  /// a terminal (Win32-OpenSSH, issue 1751).
  func stream(_ command: Command, _ number: Int) -> String {
    "Invoke-Stream '\(nonce).\(number)' \(Self.words(command)); exit\n"
  }

  func saying(_ word: String) -> String { "[Console]::Out.WriteLine('\(word)')\n" }

  private func frame(_ command: Command, _ number: Int, staged: Int?) -> String {
    let waiting = staged.map { "\(nonce).\($0)" } ?? ""
    return "Invoke-Frame '\(nonce).\(number)' '\(waiting)' \(Self.words(command))\n"
  }

  /// The body and the list of the parameters; what is for another shell never gets here.
  private static func words(_ command: Command) -> String {
    guard let script = command.asPowerShell else { return "'' @()" }
    let parameters = script.parameters.map { "'\(coded($0))'" }.joined(separator: ",")
    return "'\(coded(script.body))' @(\(parameters))"
  }

  static func coded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// Answers are written past the host, whose writers have a code page and a width: bytes of UTF-8, the
  /// marker behind them on both outputs. What a script prints is kept when it throws; its words then
  /// stand on the error output. The script is parsed before it is armed.
  static let prelude =
    PowerShell.strict + "\n" + PowerShell.steps + "\n" + """
      function global:ConvertFrom-Word([string] $Word) {
        [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Word))
      }
      function global:Write-Bytes([IO.Stream] $Stream, [string] $Text) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
        $Stream.Write($bytes, 0, $bytes.Length)
        $Stream.Flush()
      }
      function global:Write-Answer([string] $Text, [string] $Trouble, [string] $Mark, [int] $Status) {
        $end = "$([char] 1)${Mark}:$Status`n"
        Write-Bytes ([Console]::OpenStandardOutput()) ($Text + $end)
        Write-Bytes ([Console]::OpenStandardError()) ($Trouble + $end)
      }
      function global:Read-Status([string] $Message) {
        if ($Message -match '(?s)^status (\\d+)(?:: (.*))?$') {
          [int] $Matches[1]
          if ($Matches[2]) { "$($Matches[2])`n" } else { '' }
        } else {
          1
          "$Message`n"
        }
      }
      function global:Invoke-Frame(
        [string] $Mark, [string] $Staged, [string] $Body, [string[]] $Given
      ) {
        $lines = New-Object Collections.Generic.List[string]
        $status = 0
        $trouble = ''
        try {
          $step = [scriptblock]::Create((ConvertFrom-Word $Body))
          $words = @(foreach ($word in $Given) { ConvertFrom-Word $word })
          if ($Staged) {
            Write-Answer '' '' $Staged 0
            if ($null -eq [Console]::In.ReadLine()) { return }
          }
          Invoke-Step $step $words | ForEach-Object { $lines.Add($_) }
        } catch {
          $status, $trouble = Read-Status "$_"
        }
        $text = if ($lines.Count -gt 0) { ($lines -join "`n") + "`n" } else { '' }
        Write-Answer $text $trouble $Mark $status
      }
      function global:Invoke-Stream([string] $Mark, [string] $Body, [string[]] $Given) {
        $status = 0
        $trouble = ''
        $out = [Console]::OpenStandardOutput()
        try {
          $step = [scriptblock]::Create((ConvertFrom-Word $Body))
          $words = @(foreach ($word in $Given) { ConvertFrom-Word $word })
          Invoke-Step $step $words | ForEach-Object { Write-Bytes $out "$_`n" }
        } catch {
          $status, $trouble = Read-Status "$_"
        }
        Write-Answer '' $trouble $Mark $status
      }
      """
}
