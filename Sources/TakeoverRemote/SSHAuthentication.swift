// Shows the node a key: the one that the site names, else the agent's, else the usual files.

internal import CLibSSH2
internal import FoundationEssentials
internal import TakeoverModel

struct SSHAuthentication {
  let reach: Reach
  let session: SSHSession

  private var errors: SSHError { SSHError(reach: reach) }
  private var late: TransportError { errors.timedOut("showing a key") }

  nonisolated(nonsending) func carryOut(by deadline: Instant) async throws(TransportError) {
    var tried: [String] = []
    if let path = reach.identity {
      let file = try IdentityFile(path, errors: errors).usable(errors)
      if try await offer(file, by: deadline, tried: &tried) { return }
    } else {
      if try await offerAgent(by: deadline, tried: &tried) { return }
      for name in ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa"] {
        guard let file = try? IdentityFile(name, errors: errors), !file.isEncrypted else {
          continue
        }
        if try await offer(file, by: deadline, tried: &tried) { return }
      }
    }
    throw errors.keyNotAccepted(tried: tried, reason: session.lastError)
  }

  private nonisolated(nonsending)
    func offer(
      _ file: IdentityFile, by deadline: Instant, tried: inout [String]
    ) async throws(TransportError) -> Bool
  {
    let user = reach.user
    tried.append(file.path)
    let answer = try await session.finish(by: deadline, late: late) { handle in
      unsafe libssh2_userauth_publickey_fromfile_ex(
        handle.pointer, user, CUnsignedInt(user.utf8.count), nil, file.path, nil)
    }
    guard answer == LIBSSH2_ERROR_FILE else { return try accepted(answer, tried: tried) }
    throw errors.identity(
      file.path, "cannot be used: \(session.lastError)",
      remedy: "use an Ed25519 or ECDSA key: ssh-keygen -t ed25519 -N '' -f \(file.path)")
  }

  private func accepted(_ answer: CInt, tried: [String]) throws(TransportError) -> Bool {
    if answer == 0 { return true }
    // A server hangs up after MaxAuthTries; so do old ones on a kind of key they do not know.
    if answer == LIBSSH2_ERROR_SOCKET_DISCONNECT || !session.isUp {
      throw errors.keyNotAccepted(tried: tried, reason: "the server hung up")
    }
    return false
  }

  // MARK: The agent

  private nonisolated(nonsending)
    func offerAgent(
      by deadline: Instant, tried: inout [String]
    ) async throws(TransportError) -> Bool
  {
    guard ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"] != nil,
      let agent = try session.agent()
    else { return false }
    var previous: UnsafeMutablePointer<libssh2_agent_publickey>?
    var identity: UnsafeMutablePointer<libssh2_agent_publickey>?
    while unsafe libssh2_agent_get_identity(agent.pointer, &identity, previous) == 0,
      let key = unsafe identity
    {
      tried.append("\(unsafe String(cString: key.pointee.comment)) (agent)")
      let user = reach.user
      let asked = unsafe agent.pointer
      let answer = try await session.finish(by: deadline, late: late) { _ in
        unsafe libssh2_agent_userauth(asked, user, key)
      }
      if try accepted(answer, tried: tried) { return true }
      unsafe previous = key
    }
    return false
  }
}
