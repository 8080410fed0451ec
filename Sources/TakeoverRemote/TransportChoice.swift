// Who speaks SSH with a host, and why: decided from what is known before anybody is called. Pure.

internal import TakeoverModel

struct TransportChoice: Hashable, Sendable {
  /// What was looked at besides the configuration.
  struct Evidence: Hashable, Sendable {
    /// An agent answers behind SSH_AUTH_SOCK, or is said to.
    var hasAgent: Bool
    /// The user's keys that are there, in the order of being shown.
    var identities: [IdentityFile]
    /// The types of which a key of the host is known; nil: was not looked at.
    var knownTypes: [HostKeyType]?
    /// known_hosts has `@cert-authority` lines.
    var hasAuthorities: Bool
  }

  /// Something that libssh2 lacks.
  struct Obstacle: Hashable, Sendable {
    /// One sentence without a full stop.
    var reason: String
    /// It cannot be done; otherwise a host of the right age may still let libssh2 in.
    var isAbsolute: Bool
  }

  var isOpenSSH: Bool
  var reason: String

  /// The choice where the site leaves it open, and where it does not.
  static func between(
    _ client: Reach.Client, _ obstacles: [Obstacle], hasOpenSSH: Bool
  ) -> TransportChoice {
    switch client {
    case .libssh2: TransportChoice(isOpenSSH: false, reason: "the site asks for it")
    case .openssh: TransportChoice(isOpenSSH: true, reason: "the site asks for it")
    case .automatic where !hasOpenSSH:
      TransportChoice(isOpenSSH: false, reason: "there is no ssh program here")
    case .automatic:
      if let first = obstacles.first {
        TransportChoice(isOpenSSH: true, reason: first.reason)
      } else {
        TransportChoice(isOpenSSH: false, reason: "nothing that is known asks for more")
      }
    }
  }

  // MARK: What libssh2 1.10 lacks

  /// Empty: libssh2 can be tried.
  static func obstacles(
    _ reach: Reach, _ resolved: ResolvedHost?, _ evidence: Evidence
  ) -> [Obstacle] {
    (resolved.map { way($0) + names(reach, $0) + algorithms($0) } ?? [])
      + keys(reach, resolved, evidence) + hostKeys(evidence)
  }

  private static func way(_ host: ResolvedHost) -> [Obstacle] {
    absolute([
      (host.proxyJump != nil, "the host is reached through a jump host, which libssh2 cannot do"),
      (
        host.proxyJump == nil && host.proxyCommand != nil,
        "the host is reached through a ProxyCommand, which libssh2 does not run"
      ),
      (
        host.bindAddress != nil || host.bindInterface != nil || host.addressFamily != nil,
        "ssh_config says from where or over which family to connect, which only ssh obeys"
      ),
    ])
  }

  private static func names(_ reach: Reach, _ host: ResolvedHost) -> [Obstacle] {
    absolute([
      (
        host.hostKeyAlias != nil,
        "the host's key is known by another name (HostKeyAlias), which libssh2 cannot look up"
      ),
      (
        reach.knownHosts == nil && !host.hasStandardKnownHosts,
        "ssh_config names its own known_hosts files, which only ssh reads"
      ),
    ])
  }

  /// What libssh2 1.10 has of each kind, in today's names.
  private static func algorithms(_ host: ResolvedHost) -> [Obstacle] {
    let kinds: [(String, [String], Set<String>)] = [
      (
        "key exchange", host.keyExchanges,
        [
          "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
          "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group-exchange-sha256",
          "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
          "diffie-hellman-group14-sha256", "diffie-hellman-group14-sha1",
          "diffie-hellman-group1-sha1", "diffie-hellman-group-exchange-sha1",
        ]
      ),
      ("host key", host.hostKeyAlgorithms, Set(HostKeyType.allCases.map(\.rawValue))),
      (
        "cipher", host.ciphers,
        ["aes256-ctr", "aes192-ctr", "aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc"]
      ),
      ("MAC", host.macs, ["hmac-sha2-256", "hmac-sha2-512", "hmac-sha1", "hmac-sha1-96"]),
    ]
    return absolute(
      kinds.map { kind, allowed, has in
        (
          !allowed.isEmpty && has.isDisjoint(with: allowed),
          "ssh_config allows no \(kind) algorithm that libssh2 has"
        )
      })
  }

  private static func keys(
    _ reach: Reach, _ host: ResolvedHost?, _ evidence: Evidence
  ) -> [Obstacle] {
    let chosen = host?.chosenIdentities ?? []
    var obstacles: [(Bool, String)] = []
    if let host {
      let agent = host.identityAgent.map { $0 != "SSH_AUTH_SOCK" } ?? false
      obstacles += [
        (host.tokenProvider != nil, "the key lies on a token (PKCS11Provider)"),
        (agent, "ssh_config names an agent of its own, which libssh2 does not ask"),
        (
          reach.identity == nil && (chosen.count > 1 || chosen.contains { $0.contains("%") }),
          "ssh_config names its own keys, which only ssh can find"
        ),
        (
          reach.identity == nil && chosen.count == 1 && evidence.identities.isEmpty
            && evidence.hasAgent,
          "the key that ssh_config names is not here, and only ssh looks further"
        ),
      ]
    }
    let keys = evidence.identities
    let isHardware = !keys.isEmpty && keys.allSatisfy { $0.type?.hasPrefix("sk-") ?? false }
    obstacles.append((isHardware, "the key lies on a security key, which libssh2 cannot use"))
    if evidence.hasAgent {
      let named = reach.identity != nil || !chosen.isEmpty
      obstacles.append(
        (
          named && !keys.isEmpty && keys.allSatisfy(\.isEncrypted),
          "the key is encrypted, and only ssh asks the agent for it by its file"
        ))
    }
    return absolute(obstacles) + perhaps(host, keys, evidence)
  }

  /// What a host of the right age or kind would not mind.
  private static func perhaps(
    _ host: ResolvedHost?, _ keys: [IdentityFile], _ evidence: Evidence
  ) -> [Obstacle] {
    var reasons: [String] = []
    if host?.certificateFiles.isEmpty == false || keys.contains(where: \.hasCertificate) {
      reasons.append("the key has a certificate, which libssh2 cannot show")
    }
    let isRSA = !keys.isEmpty && keys.allSatisfy { $0.type == "ssh-rsa" }
    if isRSA { reasons.append("the key is RSA, and libssh2 1.10 signs with it by SHA-1 only") }
    return reasons.map { Obstacle(reason: $0, isAbsolute: false) }
  }

  private static func hostKeys(_ evidence: Evidence) -> [Obstacle] {
    guard let types = evidence.knownTypes else { return [] }
    var reasons: [String] = []
    if types == [.rsa] {
      reasons.append("only an RSA key of the host is known, and libssh2 1.10 knows SHA-1 only")
    }
    if types.isEmpty, evidence.hasAuthorities {
      reasons.append("the host may have a certificate, which libssh2 cannot check")
    }
    return reasons.map { Obstacle(reason: $0, isAbsolute: false) }
  }

  private static func absolute(_ reasons: [(Bool, String)]) -> [Obstacle] {
    reasons.filter(\.0).map { Obstacle(reason: $0.1, isAbsolute: true) }
  }
}
