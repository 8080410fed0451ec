// PowerShell as text: words that it takes literally, and what it means that a script has succeeded.

package enum PowerShell {
  /// One word in single quotes. PowerShell ends such a string at five characters, not at one
  /// (about_Quoting_Rules), and takes each of them for itself where it stands twice.
  package static func quoted(_ word: String) -> String {
    // By scalars: to `Character`s a quote with a combining mark is no quote, to PowerShell it is.
    let inside = word.unicodeScalars.map { quotes.contains($0) ? "\($0)\($0)" : String($0) }
    return "'" + inside.joined() + "'"
  }

  private static let quotes: Set<Unicode.Scalar> = [
    "'", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}",
  ]

  /// A list of words, also of one or none.
  package static func list(_ words: some Sequence<String>) -> String {
    "@(" + words.map(quoted).joined(separator: ", ") + ")"
  }

  /// A command's script by `Invoke-Step`, whatever it holds: a brace too many stays its own mistake.
  package static func step(_ command: Command) -> String {
    guard let script = command.asPowerShell else { return "throw 'this is for another shell'" }
    return "Invoke-Step ([scriptblock]::Create(\(quoted(script.body)))) \(list(script.parameters))"
  }

  /// Defines `Invoke-Step`, which runs a script with its parameters and hands on what it prints. The
  /// script has failed when it threw, when the last thing that it printed is `False`, or when the last
  /// program that it ran ended with another status than 0; then `Invoke-Step` throws, too. `status 75`
  /// as the message of what is thrown, or `status 75: and words`, is a status; anything else is 1.
  package static let steps = """
    function global:Invoke-Step([scriptblock] $Step, [string[]] $Given) {
      $global:LASTEXITCODE = 0
      $last = $null
      if ($Given.Count -gt 0) {
        & $Step @Given | ForEach-Object { $last = $_; "$_" }
      } else {
        & $Step | ForEach-Object { $last = $_; "$_" }
      }
      if ($last -is [bool] -and -not $last) { throw 'status 1' }
      if ($global:LASTEXITCODE) { throw "status $global:LASTEXITCODE" }
    }
    """

  /// What a script begins with that runs by itself: no question, no progress, no error passed over.
  package static let strict = """
    $global:ErrorActionPreference = 'Stop'
    $global:ProgressPreference = 'SilentlyContinue'
    $global:WarningPreference = 'SilentlyContinue'
    $global:ConfirmPreference = 'None'
    """
}

extension Command {
  /// A PowerShell script block with positional parameters, which its `param(…)` names: data goes into
  /// `parameters`, never into `body`.
  package static func powerShell(_ body: String, _ parameters: [String] = []) -> Command {
    Command(["powershell", "-Command", body, "takeover"] + parameters)
  }

  /// The body and the parameters, when this is a `powerShell` script.
  package var asPowerShell: (body: String, parameters: ArraySlice<String>)? {
    guard arguments.count >= 4, arguments[0] == "powershell", arguments[1] == "-Command",
      arguments[3] == "takeover"
    else { return nil }
    return (arguments[2], arguments[4...])
  }

  /// Whose shell it is for.
  package var system: NodeSystem { asPowerShell == nil ? .posix : .windows }
}

extension Procedure {
  /// On a Windows node, below %ProgramFiles%: only administrators write there. It outlives a reboot, as
  /// does what a blow leaves in that system.
  package static let windowsRoot = "takeover"
  /// What faults write down there. It goes away with the healing.
  package static let windowsStateFolder = #"\#(windowsRoot)\state"#
}
