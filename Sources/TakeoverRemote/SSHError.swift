// What can go wrong on the way to a node, each with the command that mends it.

internal import CLibSSH2
internal import TakeoverModel

/// The words about one way to a node.
struct SSHError {
  let reach: Reach

  private var place: String { "\(reach.host):\(reach.port)" }
  /// What makes a command run where the connection is made from.
  private var inside: String { reach.namespace.map { "nsenter --net=\($0) " } ?? "" }
  private var login: String { "\(reach.user)@\(reach.host)" }
  /// The host as known_hosts names it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
  var knownName: String { reach.port == 22 ? reach.host : "[\(reach.host)]:\(reach.port)" }

  static func connectionLost(_ reason: String) -> TransportError {
    TransportError(
      .closed, "the connection was lost: \(reason)", remedy: "look at the node and the network")
  }

  func refused() -> TransportError {
    TransportError(
      .refused, "\(place) refused the connection",
      remedy: "start its SSH server (\(reach.system.serverStart)) or correct the port")
  }

  func noRoute(_ reason: String) -> TransportError {
    TransportError(
      .noRoute, "there is no way to \(place): \(reason)",
      remedy: "look at \(inside)ip route get \(reach.host)")
  }

  func timedOut(_ step: String) -> TransportError {
    TransportError(
      .timedOut, "\(place) did not answer in time (\(step))",
      remedy: "look whether it is up and no firewall drops: \(inside)ping \(reach.host)")
  }

  func nameNotFound(_ reason: String) -> TransportError {
    TransportError(
      .nameNotFound, "the name \(reach.host) was not found: \(reason)",
      remedy: "correct it, or use the address; see: getent hosts \(reach.host)")
  }

  func nameInNamespace() -> TransportError {
    TransportError(
      .misconfigured, "\(reach.host) is a name, and names are not looked up in a namespace",
      remedy: "write its address instead")
  }

  func namespace(_ path: String, _ reason: String, denied: Bool) -> TransportError {
    TransportError(
      denied ? .missingPrivilege : .misconfigured,
      "the network namespace \(path) cannot be entered: \(reason)",
      remedy: denied ? "run as root" : "look whether it exists: ls -l \(path)")
  }

  func unknownHostKey(
    _ fingerprint: String, type: String, file: String, otherTypes: [String]
  ) -> TransportError {
    let others =
      otherTypes.isEmpty
      ? "" : " (known by \(otherTypes.joined(separator: ", ")) only)"
    return TransportError(
      .unknownHostKey,
      "the \(type) key of \(place) is not known\(others): \(fingerprint)",
      remedy: "compare it with `ssh-keygen -lf "
        + "\(reach.system.hostKeys)ssh_host_\(Self.short(type))_key.pub` on "
        + "the node, then: \(inside)ssh-keyscan -p \(reach.port) -t \(Self.short(type)) "
        + "\(reach.host) >> \(file)")
  }

  func changedHostKey(
    _ fingerprint: String, known: String, type: String, file: String
  ) -> TransportError {
    TransportError(
      .changedHostKey,
      "the \(type) key of \(place) has changed: known \(known), offered \(fingerprint)",
      remedy: "only if you know why (a new installation): "
        + "ssh-keygen -R '\(knownName)' -f \(file)")
  }

  func revokedHostKey(_ fingerprint: String, type: String, file: String) -> TransportError {
    TransportError(
      .changedHostKey, "the \(type) key of \(place) is revoked in \(file): \(fingerprint)",
      remedy: "give the node a new host key; do not use this one")
  }

  func keyNotAccepted(tried: [String], reason: String) -> TransportError {
    let keys = tried.isEmpty ? "no key was found" : "tried \(tried.joined(separator: ", "))"
    let identity = reach.identity.map { "-i \($0) " } ?? ""
    return TransportError(
      .keyNotAccepted, "\(place) accepted no key for \(reach.user): \(keys) (\(reason))",
      remedy: (reach.system.takesCopiedKeys
        ? "\(inside)ssh-copy-id \(identity)-p \(reach.port) \(login) "
        : "add the key that ends in .pub on the node, to \(reach.system.authorizedKeys) ")
        + "(Ed25519 or ECDSA; libssh2 1.10 cannot sign as today's servers want it of RSA keys)")
  }

  func cannotNegotiate(_ reason: String) -> TransportError {
    TransportError(
      .cannotNegotiate, "\(place) and libssh2 have no algorithm in common: \(reason)",
      remedy: "allow one of each on the node: HostKeyAlgorithms ssh-ed25519, "
        + "KexAlgorithms curve25519-sha256, Ciphers aes256-ctr, MACs hmac-sha2-256")
  }

  func notSSH(_ reason: String) -> TransportError {
    TransportError(
      .broken, "\(place) does not speak SSH: \(reason)",
      remedy: "look what listens there: \(inside)ssh -v -p \(reach.port) \(login)")
  }

  func identity(_ path: String, _ reason: String, remedy: String) -> TransportError {
    TransportError(.misconfigured, "the key \(path) \(reason)", remedy: remedy)
  }

  func noChannel(_ reason: String) -> TransportError {
    TransportError(
      .broken, "\(place) started no shell: \(reason)",
      remedy: "look at MaxSessions and ForceCommand in its sshd_config, and at the user's shell")
  }

  /// What a failed handshake means.
  func handshake(_ code: CInt, _ reason: String) -> TransportError {
    switch code {
    case LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_METHOD_NONE, LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE,
      LIBSSH2_ERROR_HOSTKEY_INIT, LIBSSH2_ERROR_METHOD_NOT_SUPPORTED:
      cannotNegotiate(reason)
    case LIBSSH2_ERROR_BANNER_RECV, LIBSSH2_ERROR_PROTO: notSSH(reason)
    default: Self.connectionLost(reason)
    }
  }

  /// `ssh-ed25519` as file names and ssh-keyscan's -t have it.
  private static func short(_ type: String) -> String {
    if type.hasPrefix("ecdsa") { return "ecdsa" }
    return type.hasPrefix("ssh-") ? String(type.dropFirst(4)) : type
  }
}
