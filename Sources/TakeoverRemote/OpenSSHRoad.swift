// The way to a node by the OpenSSH client: one connection, kept by a child of its own, and one more
// child for each shell on it (ControlMaster, ssh_config(5)).

internal import FoundationEssentials
internal import Glibc
internal import TakeoverModel

final class OpenSSHRoad: Road {
  private var version: String?
  private let client: OpenSSHClient
  private let program: String
  private let loop: PollLoop
  private var connection: (line: ChildLine, hearing: Hearing)?
  private var shells: [OpenSSHLine] = []
  /// Questions about the connection that may not have been answered yet.
  private var asking: [ChildLine] = []
  /// Of the control socket; nobody else may enter it.
  private var folder: String?

  private var errors: OpenSSHError { OpenSSHError(client: client) }

  /// - Parameter program: the path of ssh.
  init(by client: OpenSSHClient, program: String, on loop: PollLoop) {
    self.client = client
    self.program = program
    self.loop = loop
  }

  /// For a transport that nobody closed.
  deinit { removeFolder() }

  var description: String {
    "ssh (\(version ?? "OpenSSH")) \(client.user)@\(client.reach.host):\(client.port)"
  }

  var isUp: Bool {
    guard let connection else { return false }
    return !connection.hearing.isOver && !connection.line.isGone
  }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError) {
    await disconnect()
    if let path = client.reach.identity {
      _ = try IdentityFile(path, errors: SSHError(reach: client.reach))
    }
    if version == nil { version = try await askVersion(by: deadline) }
    let nsenter = try client.reach.namespace.map(Self.entering) ?? []
    let folder = try Self.privateFolder()
    self.folder = folder
    let mark = "takeover-\(Framing().nonce)"
    let hearing = Hearing(until: mark, on: loop)
    var words = client.connection(
      socket: folder + "/s", mark: mark, patience: deadline.remaining)
    if !nsenter.isEmpty { words = nsenter + [program] + words.dropFirst() }
    do throws(TransportError) {
      let line = try ChildLine(nsenter.first ?? program, words, on: loop, listener: hearing)
      connection = (line, hearing)
      let isReady: Void? = try await hearing.heard.value(by: deadline)
      guard isReady != nil else { throw errors.timedOut() }
    } catch {
      let said = hearing.errorText
      await disconnect()
      throw error.kind == .closed ? errors.meaning(of: said) : error
    }
  }

  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line
  {
    guard isUp, let folder else { throw ShellError.hungUp() }
    shells.removeAll(where: \.isReaped)
    let shell = OpenSSHLine(on: self, listener: listener)
    try shell.start(program, client.shell(socket: folder + "/s"), on: loop)
    shells.append(shell)
    return shell
  }

  /// Calls `settled` when `isUp` tells the truth: a connection that no longer answers is given up.
  func settleWhetherItStands(_ settled: @escaping () -> Void) {
    guard isUp, let folder, let connection else { return settled() }
    let hearing = Hearing(on: loop)
    let words = client.asking(socket: folder + "/s")
    guard let child = try? ChildLine(program, words, on: loop, listener: hearing) else {
      return settled()
    }
    asking.removeAll(where: \.isReaped)
    asking.append(child)
    let patience = loop.timer(at: .after(Self.patience)) {
      child.hangUp(forcibly: true)
      hearing.ended(ShellError.silent())
    }
    hearing.whenOver = { [loop] in
      loop.cancelTimer(patience)
      if !hearing.errorText.contains("Master running") { connection.line.hangUp(forcibly: true) }
      settled()
    }
  }

  /// A connection that stands answers after about 10 ms.
  private static let patience = Duration.seconds(1)

  /// The connection's end is the end of every shell: the node reads the end of their input.
  nonisolated(nonsending) func disconnect() async {
    let (ending, last, unheard) = (shells, connection?.line, asking)
    (shells, connection, asking) = ([], nil, [])
    for child in unheard { child.hangUp(forcibly: true) }
    for shell in ending { shell.hangUp(forcibly: true) }
    last?.hangUp(forcibly: true)
    for shell in ending { await shell.reaped() }
    await last?.reaped()
    for child in unheard { _ = await child.reaped() }
    removeFolder()
  }

  private func removeFolder() {
    if let folder { try? FileManager.default.removeItem(atPath: folder) }
    folder = nil
  }

  /// `ssh -V` says `OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.15` on standard error.
  private nonisolated(nonsending)
    func askVersion(by deadline: Instant) async throws(TransportError) -> String?
  {
    let answer = try await Program.answer(of: program, ["ssh", "-V"], on: loop, by: deadline)
    let separators: [Character] = [" ", ",", "\n"]
    let first = answer?.errorText.split(whereSeparator: separators.contains).first
    return first.map { String($0).replacing("_", with: " ") }
  }

  /// Short: a socket's path has 108 bytes (unix(7)), 17 of which ssh wants for itself.
  private static func privateFolder() throws(TransportError) -> String {
    var template = Array("/tmp/takeover-\(getpid())-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw TransportError(
        .broken, "no folder can be made in /tmp: \(unsafe String(cString: strerror(errno)))",
        remedy: "look at: df /tmp; ls -ld /tmp")
    }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func entering(_ namespace: String) throws(TransportError) -> [String] {
    guard let nsenter = Program.path(of: "nsenter") else {
      throw TransportError(
        .misconfigured, "there is no nsenter program here, which starts ssh in a namespace",
        remedy: "apt-get install util-linux")
    }
    return [nsenter, "--net=\(namespace)", "--"]
  }
}
