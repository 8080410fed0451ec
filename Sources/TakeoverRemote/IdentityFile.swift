// A private key file, looked at before it is offered: libssh2 says too little about why it failed.

internal import FoundationEssentials
internal import TakeoverModel

/// What can be told of a key without its passphrase (PROTOCOL.key of OpenSSH).
struct IdentityFile: Hashable {
  let path: String
  let isEncrypted: Bool
  /// `ssh-ed25519`, `ssh-rsa`, …; nil: the file does not tell.
  let type: String?
  /// A certificate lies beside it, where ssh(1) looks for one.
  let hasCertificate: Bool

  init(path: String, isEncrypted: Bool, type: String?, hasCertificate: Bool = false) {
    self.path = path
    self.isEncrypted = isEncrypted
    self.type = type
    self.hasCertificate = hasCertificate
  }

  /// Throws when the file cannot serve.
  init(_ path: String, errors: SSHError) throws(TransportError) {
    let expanded = FileText.expanded(path)
    guard let bytes = FileText.bytes(of: expanded) else {
      throw errors.identity(
        path, "cannot be read",
        remedy: "correct the path, or make one: ssh-keygen -t ed25519 -N '' -f \(path)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("PRIVATE KEY-----") else {
      throw errors.identity(
        path, "is no private key",
        remedy: "name the file without .pub; a new one: ssh-keygen -t ed25519 -N '' -f \(path)")
    }
    self.path = expanded
    let fields = Self.fields(of: text)
    isEncrypted = text.contains("ENCRYPTED") || fields.map { $0.cipher != "none" } ?? false
    type = fields?.type ?? Self.pemTypes.first { text.contains("BEGIN \($0.key) ") }?.value
    hasCertificate = FileText.bytes(of: expanded + "-cert.pub") != nil
  }

  /// Itself, unless somebody would have to type its passphrase.
  func usable(_ errors: SSHError) throws(TransportError) -> IdentityFile {
    guard isEncrypted else { return self }
    throw errors.identity(
      path, "is encrypted",
      remedy: "add it to an agent (ssh-add \(path)) and take `identity` out of the site")
  }

  /// The kinds that PEM names in its first line (ssh-keygen(1), -m).
  private static let pemTypes = ["RSA": "ssh-rsa", "EC": "ecdsa-sha2-nistp256", "DSA": "ssh-dss"]

  /// After the magic word: strings with a length of four bytes (cipher, key derivation, its
  /// options), the number of keys, and the open half of the first, which begins with its type.
  private static func fields(of text: String) -> (cipher: String, type: String?)? {
    let magic = Array("openssh-key-v1\0".utf8)
    let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    guard text.contains("BEGIN OPENSSH PRIVATE KEY"),
      let data = Data(base64Encoded: body, options: .ignoreUnknownCharacters),
      data.starts(with: magic)
    else { return nil }
    var rest = Array(data)[magic.count...]
    func number() -> Int? {
      guard rest.count >= 4 else { return nil }
      defer { rest = rest.dropFirst(4) }
      return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    func string() -> ArraySlice<UInt8>? {
      guard let length = number(), length <= rest.count else { return nil }
      defer { rest = rest.dropFirst(length) }
      return rest.prefix(length)
    }
    guard let cipher = string() else { return nil }
    let name = String(decoding: cipher, as: UTF8.self)
    guard string() != nil, string() != nil, number() != nil, number() != nil, let type = string()
    else { return (name, nil) }
    return (name, String(decoding: type, as: UTF8.self))
  }
}
