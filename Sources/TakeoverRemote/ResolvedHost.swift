// What ssh_config says of a host, as `ssh -G` prints it: one `key value` per line. Pure.

internal import TakeoverModel

/// The part of it that decides how the host can be reached.
struct ResolvedHost: Hashable, Sendable {
  var hostName: String
  var port: Int
  var user: String
  /// As written: `~` and `%` are not expanded.
  var identityFiles: [String] = []
  var certificateFiles: [String] = []
  /// A socket, `$VARIABLE` or `SSH_AUTH_SOCK`.
  var identityAgent: String?
  var proxyJump: String?
  var proxyCommand: String?
  var hostKeyAlias: String?
  var bindAddress: String?
  var bindInterface: String?
  var addressFamily: String?
  var tokenProvider: String?
  var userKnownHosts: [String] = []
  var globalKnownHosts: [String] = []
  /// Names of algorithms in the order of preference; empty: not said.
  var keyExchanges: [String] = []
  var hostKeyAlgorithms: [String] = []
  var ciphers: [String] = []
  var macs: [String] = []

  /// nil when it is not the whole answer of `ssh -G`: a half would hide a jump host.
  init?(_ text: String) {
    guard text.utf8.last == UInt8(ascii: "\n") else { return nil }
    var values: [String: [String]] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard let key = words.first, let value = words.last, words.count == 2 else { continue }
      values[String(decoding: key, as: UTF8.self).lowercased(), default: []]
        .append(String(decoding: value, as: UTF8.self))
    }
    func one(_ key: String) -> String? { values[key]?.first.flatMap { $0 == "none" ? nil : $0 } }
    func list(_ key: String, _ separator: Character) -> [String] {
      (values[key] ?? []).flatMap { $0.split(separator: separator).map(String.init) }
    }
    guard let hostName = values["hostname"]?.first, let user = values["user"]?.first,
      let port = values["port"]?.first.flatMap({ Int($0) }), (1...65535).contains(port)
    else { return nil }
    (self.hostName, self.port, self.user) = (hostName, port, user)
    identityFiles = values["identityfile"]?.filter { $0 != "none" } ?? []
    certificateFiles = values["certificatefile"]?.filter { $0 != "none" } ?? []
    identityAgent = values["identityagent"]?.first
    proxyJump = one("proxyjump")
    proxyCommand = one("proxycommand")
    hostKeyAlias = one("hostkeyalias")
    bindAddress = one("bindaddress")
    bindInterface = one("bindinterface")
    addressFamily = one("addressfamily").flatMap { $0 == "any" ? nil : $0 }
    tokenProvider = one("pkcs11provider")
    userKnownHosts = list("userknownhostsfile", " ")
    globalKnownHosts = list("globalknownhostsfile", " ")
    keyExchanges = list("kexalgorithms", ",")
    hostKeyAlgorithms = list("hostkeyalgorithms", ",")
    ciphers = list("ciphers", ",")
    macs = list("macs", ",")
  }

  /// The identity files that somebody wrote down, without those that ssh(1) tries on its own.
  var chosenIdentities: [String] {
    identityFiles.filter { !Self.standardIdentities.contains($0) }
  }

  private static let standardIdentities = Set(
    ["rsa", "ecdsa", "ecdsa_sk", "ed25519", "ed25519_sk", "xmss", "dsa"].map { "~/.ssh/id_\($0)" })

  /// True when the keys of hosts are looked up where ssh(1) does it without being told.
  var hasStandardKnownHosts: Bool {
    (userKnownHosts + globalKnownHosts).allSatisfy {
      $0.hasSuffix("/.ssh/known_hosts") || $0.hasSuffix("/.ssh/known_hosts2")
        || $0 == "/etc/ssh/ssh_known_hosts" || $0 == "/etc/ssh/ssh_known_hosts2"
    }
  }

  /// The way as libssh2 must be told it: with nothing left to look up.
  /// - Parameter localUser: what `ssh -G` answers when nobody has chosen a user.
  func applied(to reach: Reach, localUser: String) -> Reach {
    var applied = reach
    applied.host = hostName
    applied.port = port
    if user != localUser { applied.user = user }
    applied.identity = reach.identity ?? chosenIdentities.first
    return applied
  }
}
