// The way to a node over SSH by whoever can go it: libssh2, or the OpenSSH client.

internal import FoundationEssentials
internal import Glibc
internal import TakeoverModel

final class AutomaticRoad: Road {
  private let reach: Reach
  private let loop: PollLoop
  /// Decided at the first connection, once for all.
  private var road: (any Road)?
  private var reason: String?

  init(to reach: Reach, on loop: PollLoop) {
    self.reach = reach
    self.loop = loop
  }

  var description: String {
    guard let road, let reason else { return "ssh \(reach.user)@\(reach.host):\(reach.port)" }
    return "\(road.description): \(reason)"
  }

  var isUp: Bool { road?.isUp ?? false }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError) {
    if let road { return try await road.connect(by: deadline) }
    let program = Program.path(of: "ssh")
    let resolved = try await resolve(by: program, by: deadline)
    let whole = resolved?.applied(to: reach, localUser: Self.localUser) ?? reach
    let evidence = Self.evidence(whole)
    let obstacles = TransportChoice.obstacles(reach, resolved, evidence)
    let choice = TransportChoice.between(
      reach.client, obstacles, hasOpenSSH: program != nil)
    if choice.isOpenSSH {
      return try await connect(whole, program, because: choice.reason, by: deadline)
    }
    if let obstacle = obstacles.first(where: \.isAbsolute) { throw impossible(obstacle) }
    do throws(TransportError) {
      let road = SSHRoad(to: whole, on: loop)
      try await road.connect(by: deadline)
      (self.road, reason) = (road, choice.reason)
    } catch {
      guard reach.client == .automatic, program != nil else { throw explained(error, obstacles) }
      guard let reason = Self.secondTry(error) else { throw error }
      try await connect(whole, program, because: reason, by: deadline)
    }
  }

  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line
  {
    guard let road else { throw ShellError.notOpen() }
    return try await road.startShell(for: listener, by: deadline)
  }

  nonisolated(nonsending) func disconnect() async { await road?.disconnect() }

  // MARK: The two ways

  nonisolated(nonsending)
    private func connect(
      _ whole: Reach, _ program: String?, because reason: String, by deadline: Instant
    ) async throws(TransportError)
  {
    guard let program else { throw OpenSSHError.missing() }
    let client = OpenSSHClient(reach: reach, user: whole.user, port: whole.port)
    let road = OpenSSHRoad(by: client, program: program, on: loop)
    try await road.connect(by: deadline)
    (self.road, self.reason) = (road, reason)
  }

  /// Why the OpenSSH client may do better where nothing has been run yet; nil: it would not.
  private static func secondTry(_ error: TransportError) -> String? {
    switch error.kind {
    case .cannotNegotiate: "libssh2 and the host have no algorithm in common"
    case .keyNotAccepted: "the host accepted no key that libssh2 can show"
    default: nil
    }
  }

  private func impossible(_ obstacle: TransportChoice.Obstacle) -> TransportError {
    TransportError(
      .misconfigured, "\(reach.host) cannot be reached by libssh2: \(obstacle.reason)",
      remedy: openSSHRemedy)
  }

  /// With what was known before, which may well be the cause, and with the other client.
  private func explained(
    _ error: TransportError, _ obstacles: [TransportChoice.Obstacle]
  ) -> TransportError {
    guard Self.secondTry(error) != nil || error.kind == .unknownHostKey else { return error }
    if error.kind == .unknownHostKey, obstacles.isEmpty { return error }
    let cause = obstacles.first.map { "; \($0.reason)" } ?? ""
    return TransportError(
      error.kind, error.problem + cause, remedy: "\(openSSHRemedy); or: \(error.remedy)")
  }

  private var openSSHRemedy: String {
    reach.client == .libssh2
      ? "take `client: libssh2` out of the site" : "apt-get install openssh-client"
  }

  // MARK: What is known before

  /// Asks `ssh -G`; nil where there is nobody to ask, or no file to be read.
  nonisolated(nonsending)
    private func resolve(
      by program: String?, by deadline: Instant
    ) async throws(TransportError) -> ResolvedHost?
  {
    guard let program, reach.config != "none" else { return nil }
    let words = OpenSSHClient.resolving(reach)
    guard let answer = try await Program.answer(of: program, words, on: loop, by: deadline) else {
      throw SSHError(reach: reach).timedOut("reading ssh_config")
    }
    if answer.status == 0, let host = ResolvedHost(String(decoding: answer.output, as: UTF8.self)) {
      return host
    }
    let said = answer.errorText.split { $0.isNewline }.joined(separator: "; ")
    throw TransportError(
      .misconfigured, "ssh_config cannot be read: \(said)",
      remedy: "correct it, or write `config: none` in the site: ssh -G \(reach.host)")
  }

  private static var localUser: String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return ""
    }
    return unsafe String(cString: name)
  }

  /// - Parameter reach: with nothing left to look up.
  private static func evidence(_ reach: Reach) -> TransportChoice.Evidence {
    let errors = SSHError(reach: reach)
    let names =
      reach.identity.map { [$0] }
      ?? ["ed25519", "ecdsa", "rsa", "ecdsa_sk", "ed25519_sk"].map { "~/.ssh/id_\($0)" }
    let outlook = KnownHosts(reach: reach).outlook()
    return TransportChoice.Evidence(
      hasAgent: ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"] != nil,
      identities: names.compactMap { try? IdentityFile($0, errors: errors) },
      knownTypes: outlook?.types, hasAuthorities: outlook?.hasAuthorities ?? false)
  }
}
