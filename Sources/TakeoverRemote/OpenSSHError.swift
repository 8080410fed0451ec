// What the OpenSSH client says on standard error before it gives up, in the words of this house. Pure.

internal import TakeoverModel

struct OpenSSHError {
  let client: OpenSSHClient

  private var reach: Reach { client.reach }
  private var place: String { "\(reach.host):\(client.port)" }
  private var inside: String { reach.namespace.map { "nsenter --net=\($0) " } ?? "" }
  private var config: String { reach.config.map { "-F \($0) " } ?? "" }
  /// The command with which a person sees more.
  private var byHand: String {
    let identity = reach.identity.map { "-i \($0) " } ?? ""
    let known = reach.knownHosts.map { "-o UserKnownHostsFile=\($0) " } ?? ""
    return
      "\(inside)ssh -v \(config)\(identity)\(known)-p \(client.port) -l \(client.user) \(reach.host)"
  }
  private var file: String { reach.knownHosts ?? "~/.ssh/known_hosts" }
  private var knownName: String {
    client.port == 22 ? reach.host : "[\(reach.host)]:\(client.port)"
  }

  /// The first line that means something decides: later ones are its consequences.
  func meaning(of said: String) -> TransportError {
    let lines = said.split { $0.isNewline }.map(String.init)
    for line in lines {
      for (kind, signs) in Self.signs where signs.contains(where: line.contains) {
        return error(kind, line, all: said)
      }
    }
    let last = lines.last ?? "it gave no reason"
    return TransportError(
      .broken, "ssh could not connect to \(place): \(last)", remedy: "see more: \(byHand)")
  }

  func timedOut() -> TransportError { error(.timedOut, "no answer before the deadline", all: "") }

  static func missing() -> TransportError {
    TransportError(
      .misconfigured, "there is no ssh program here",
      remedy: "apt-get install openssh-client, or leave `client` out of the site")
  }

  /// What OpenSSH 7.6…10 and nsenter print. The order matters where one line has two signs.
  private static let signs: [(TransportError.Kind, [String])] = [
    (.missingPrivilege, ["nsenter: reassociate", "nsenter: setns"]),
    (
      .misconfigured,
      [
        "nsenter: cannot open", "Bad configuration option", "Bad owner or permissions",
        "Can't open user config file", "terminating, ", "ControlPath too long",
        "unix_listener: path", "nsenter: failed",
      ]
    ),
    (.nameNotFound, ["Could not resolve hostname"]),
    (
      .changedHostKey, ["REMOTE HOST IDENTIFICATION HAS CHANGED", "REVOKED HOST KEY", "revoked by"]
    ),
    (
      .unknownHostKey,
      ["host key is known for", "Host key verification failed"]
    ),
    (.cannotNegotiate, ["Unable to negotiate"]),
    (.keyNotAccepted, ["Permission denied", "Too many authentication failures"]),
    (.refused, ["Connection refused"]),
    (.timedOut, ["timed out", "not responding"]),
    (.noRoute, ["No route to host", "is unreachable", "Cannot assign requested address"]),
  ]

  private func error(_ kind: TransportError.Kind, _ line: String, all said: String)
    -> TransportError
  {
    let (problem, remedy): (String, String) =
      switch kind {
      case .missingPrivilege:
        ("the network namespace cannot be entered: \(line)", "run as root")
      case .misconfigured: ("ssh cannot start: \(line)", "correct what it names")
      case .nameNotFound:
        (line, "correct it, or use the address; see: \(inside)getent hosts \(reach.host)")
      case .changedHostKey:
        (
          "a host key on the way to \(place) has changed or is revoked\(Self.fingerprint(said))",
          "only if you know why (a new installation): ssh-keygen -R '\(knownName)' -f \(file)"
        )
      case .unknownHostKey:
        (
          "a host key on the way to \(place) is not known: \(line)",
          "compare `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the node with what "
            + "this shows, then accept it: \(byHand)"
        )
      case .cannotNegotiate:
        (
          "\(place) and ssh have no algorithm in common: \(line)",
          "look at what it offers: \(byHand)"
        )
      case .keyNotAccepted:
        (
          "no key for \(client.user) was accepted on the way to \(place): \(line)",
          "add the key on the node, to its authorized_keys or to the agent (ssh-add); see: \(byHand)"
        )
      case .refused:
        (
          "\(place) refused the connection: \(line)",
          "start its SSH server (systemctl start ssh) or correct the port"
        )
      case .timedOut:
        (
          "\(place) did not answer in time: \(line)",
          "look whether it is up and no firewall drops: \(inside)ping \(reach.host)"
        )
      default: ("there is no way to \(place): \(line)", "look at: \(byHand)")
      }
    return TransportError(kind, problem, remedy: remedy)
  }

  /// The offered key, which ssh prints for a changed one.
  private static func fingerprint(_ said: String) -> String {
    let word = said.split { $0.isWhitespace }.first { $0.hasPrefix("SHA256:") }
    guard let word else { return "" }
    return ": offered " + (word.hasSuffix(".") ? word.dropLast() : word)
  }
}
