// The words with which the OpenSSH client is started. Pure.

internal import TakeoverModel

/// The client's options for one way to a node (ssh(1), ssh_config(5)).
struct OpenSSHClient {
  /// The host as the site names it: ssh(1) finds in ssh_config what belongs to it.
  let reach: Reach
  /// The user and the port that came of site and ssh_config.
  let user: String
  let port: Int

  /// What `ssh -G` is asked: no more than the site says.
  static func resolving(_ reach: Reach) -> [String] {
    var words = ["ssh", "-G", "-T"] + configuration(reach)
    if reach.port != 22 { words += ["-p", "\(reach.port)"] }
    if reach.user != "root" { words += ["-l", reach.user] }
    return words + ["--", reach.host]
  }

  /// The connection that all shells share. Its own session says `mark` when the others can come,
  /// and ends with its input: the connection cannot outlive whoever started it.
  func connection(socket: String, mark: String, patience: Duration) -> [String] {
    let seconds = max(1, patience.components.seconds)
    var words = ["ssh", "-T", "-a", "-x"] + Self.quiet
    words += Self.options([
      // Below INFO it does not say why it could not negotiate.
      "LogLevel=INFO",
      "ControlMaster=yes", "ControlPath=\(Self.literal(socket))", "ControlPersist=no",
      "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "ConnectTimeout=\(seconds)",
      "ConnectionAttempts=1", "ServerAliveInterval=15", "ServerAliveCountMax=4",
      "ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "Tunnel=no",
      "AddKeysToAgent=no", "IgnoreUnknown=SessionType,StdinNull,ForkAfterAuthentication",
      "SessionType=default", "StdinNull=no", "ForkAfterAuthentication=no",
    ])
    words += Self.configuration(reach) + ["-p", "\(port)", "-l", user]
    if let identity = reach.identity {
      words += ["-i", Self.escaped(FileText.expanded(identity)), "-o", "IdentitiesOnly=yes"]
    }
    if let file = reach.knownHosts {
      words += Self.options([
        "UserKnownHostsFile=\(Self.literal(FileText.expanded(file)))",
        "GlobalKnownHostsFile=/dev/null",
      ])
    }
    return words + ["--", reach.host, "echo \(mark); exec cat"]
  }

  /// A shell on that connection. Without it ssh(1) would make one of its own, from the wrong place:
  /// the ProxyCommand that fails forbids it.
  func shell(socket: String) -> [String] {
    ["ssh", "-F", "none", "-T"] + Self.quiet
      + Self.options([
        "LogLevel=ERROR", "ControlMaster=no", "ControlPath=\(Self.literal(socket))",
        "ProxyCommand=exec false",
      ]) + ["--", reach.host, reach.sudo ? "exec \(SudoRight.command)" : "exec sh"]
  }

  /// Asks the connection whether it stands; it says `Master running` on standard error.
  func asking(socket: String) -> [String] {
    ["ssh", "-F", "none"]
      + Self.options(["LogLevel=ERROR", "ControlPath=\(Self.literal(socket))"])
      + ["-O", "check", "--", reach.host]
  }

  private static func configuration(_ reach: Reach) -> [String] {
    reach.config.map { ["-F", FileText.expanded($0)] } ?? []
  }

  /// Nothing is asked, and no byte of the input is special.
  private static let quiet = options(["BatchMode=yes", "EscapeChar=none"])

  private static func options(_ options: [String]) -> [String] { options.flatMap { ["-o", $0] } }

  /// A path in an option: one word, its percent signs no tokens.
  private static func literal(_ path: String) -> String { "\"\(escaped(path))\"" }

  private static func escaped(_ path: String) -> String { path.replacing("%", with: "%%") }
}
