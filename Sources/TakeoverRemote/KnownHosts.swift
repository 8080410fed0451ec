// Who the node is, by the known_hosts files: the key must be there, for this name and this port.

internal import CLibSSH2
internal import Glibc
internal import TakeoverModel

/// One known_hosts file.
@safe private struct KnownHostsFile: ~Copyable {
  let path: String
  private let known: OpaquePointer
  private let revoked: OpaquePointer

  init?(_ path: String, for session: SSHSessionHandle) {
    guard let known = unsafe libssh2_knownhost_init(session.pointer) else { return nil }
    guard let revoked = unsafe libssh2_knownhost_init(session.pointer) else {
      unsafe libssh2_knownhost_free(known)
      return nil
    }
    self.path = path
    unsafe self.known = unsafe known
    unsafe self.revoked = unsafe revoked
    // Line by line: libssh2 gives up a file at the first line that it does not understand.
    for line in (FileText.lines(of: path) ?? []) {
      if line.hasPrefix("@revoked") {
        let rest = line.dropFirst("@revoked".count).drop { $0 == " " || $0 == "\t" }
        _ = unsafe libssh2_knownhost_readline(
          revoked, String(rest), rest.utf8.count, LIBSSH2_KNOWNHOST_FILE_OPENSSH)
      } else if !line.hasPrefix("@") {
        _ = unsafe libssh2_knownhost_readline(
          known, line, line.utf8.count, LIBSSH2_KNOWNHOST_FILE_OPENSSH)
      }
    }
  }

  deinit {
    unsafe libssh2_knownhost_free(known)
    unsafe libssh2_knownhost_free(revoked)
  }

  enum Answer {
    case same, absent, revoked
    /// The key that is known, in base64.
    case other(String)
  }

  func answer(_ name: String, _ key: [UInt8], _ type: HostKeyType) -> Answer {
    if case (LIBSSH2_KNOWNHOST_CHECK_MATCH, _) = unsafe check(revoked, name, key, type) {
      return .revoked
    }
    return switch unsafe check(known, name, key, type) {
    case (LIBSSH2_KNOWNHOST_CHECK_MATCH, _): .same
    case (LIBSSH2_KNOWNHOST_CHECK_MISMATCH, let other): .other(other)
    default: .absent
    }
  }

  private func check(
    _ hosts: OpaquePointer, _ name: String, _ key: [UInt8], _ type: HostKeyType
  ) -> (CInt, String) {
    let mask = LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW | type.mask
    var entry: UnsafeMutablePointer<libssh2_knownhost>?
    let answer = unsafe key.withUnsafeBytes { bytes in
      // Without a port: with one, libssh2 would take the plain name of a host for any port of it.
      unsafe libssh2_knownhost_checkp(
        hosts, name, -1, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count, mask,
        &entry)
    }
    guard let text = unsafe entry?.pointee.key else { return (answer, "") }
    return (answer, unsafe String(cString: text))
  }
}

/// The kinds of host key that libssh2 1.10 can verify, the preferred ones first.
enum HostKeyType: String, CaseIterable {
  case ed25519 = "ssh-ed25519"
  case ecdsa256 = "ecdsa-sha2-nistp256"
  case ecdsa384 = "ecdsa-sha2-nistp384"
  case ecdsa521 = "ecdsa-sha2-nistp521"
  case rsa = "ssh-rsa"

  init?(libssh2 type: CInt) {
    switch type {
    case LIBSSH2_HOSTKEY_TYPE_ED25519: self = .ed25519
    case LIBSSH2_HOSTKEY_TYPE_ECDSA_256: self = .ecdsa256
    case LIBSSH2_HOSTKEY_TYPE_ECDSA_384: self = .ecdsa384
    case LIBSSH2_HOSTKEY_TYPE_ECDSA_521: self = .ecdsa521
    case LIBSSH2_HOSTKEY_TYPE_RSA: self = .rsa
    default: return nil
    }
  }

  var mask: CInt {
    switch self {
    case .ed25519: LIBSSH2_KNOWNHOST_KEY_ED25519
    case .ecdsa256: LIBSSH2_KNOWNHOST_KEY_ECDSA_256
    case .ecdsa384: LIBSSH2_KNOWNHOST_KEY_ECDSA_384
    case .ecdsa521: LIBSSH2_KNOWNHOST_KEY_ECDSA_521
    case .rsa: LIBSSH2_KNOWNHOST_KEY_SSHRSA
    }
  }
}

struct KnownHosts {
  let reach: Reach

  private var errors: SSHError { SSHError(reach: reach) }

  private var paths: [String] {
    if let path = reach.knownHosts { return [FileText.expanded(path)] }
    return [FileText.expanded("~/.ssh/known_hosts"), "/etc/ssh/ssh_known_hosts"]
  }

  /// Before any connection: the types that are known, and whether an authority may vouch.
  func outlook() -> (types: [HostKeyType], hasAuthorities: Bool)? {
    guard let session = SSHSessionHandle() else { return nil }
    let hasAuthorities = paths.contains { path in
      (FileText.lines(of: path) ?? []).contains { $0.hasPrefix("@cert-authority") }
    }
    return (types(session), hasAuthorities)
  }

  /// The types of which a key is known for this host.
  func types(_ session: SSHSessionHandle) -> [HostKeyType] {
    var found: [HostKeyType] = []
    for path in paths {
      guard let file = KnownHostsFile(path, for: session) else { continue }
      // No key is one zero byte: any entry of the type answers that its own is another.
      for type in HostKeyType.allCases where !found.contains(type) {
        if case .other = file.answer(errors.knownName, [0], type) { found.append(type) }
      }
    }
    return found
  }

  /// Asks the host for a key of a type that is known, lest a good host look like a stranger.
  func prefer(_ types: [HostKeyType], in session: SSHSessionHandle) {
    let order = types + HostKeyType.allCases.filter { !types.contains($0) }
    let text = order.map(\.rawValue).joined(separator: ",")
    _ = unsafe libssh2_session_method_pref(session.pointer, LIBSSH2_METHOD_HOSTKEY, text)
  }

  /// Throws unless the key that the host has shown is known.
  func check(_ session: SSHSessionHandle) throws(TransportError) {
    var length = 0
    var kind: CInt = 0
    guard let start = unsafe libssh2_session_hostkey(session.pointer, &length, &kind),
      let type = HostKeyType(libssh2: kind)
    else { throw errors.cannotNegotiate("the host key is of a kind that cannot be checked") }
    let key = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
    let fingerprint = Fingerprint.of(key)
    var isKnown = false
    var other: (key: String, file: String)?
    for path in paths {
      guard let file = KnownHostsFile(path, for: session) else { continue }
      switch file.answer(errors.knownName, key, type) {
      case .same: isKnown = true
      case .revoked:
        throw errors.revokedHostKey(fingerprint, type: type.rawValue, file: path)
      case .other(let known): other = other ?? (known, path)
      case .absent: break
      }
    }
    if isKnown { return }
    if let other {
      throw errors.changedHostKey(
        fingerprint, known: Fingerprint.of(base64: other.key), type: type.rawValue,
        file: other.file)
    }
    throw errors.unknownHostKey(
      fingerprint, type: type.rawValue, file: paths[0],
      otherTypes: types(session).map(\.rawValue))
  }
}
