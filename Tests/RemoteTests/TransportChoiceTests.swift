// Who speaks SSH with which host, and the reason that is given.

import TakeoverModel
import Testing

@testable import TakeoverRemote

@Suite struct TransportChoiceTests {
  private let reach = Reach(host: "h")

  private func evidence(
    _ identities: [IdentityFile] = [], agent: Bool = false, known: [HostKeyType]? = [.ed25519],
    authorities: Bool = false
  ) -> TransportChoice.Evidence {
    TransportChoice.Evidence(
      hasAgent: agent, identities: identities, knownTypes: known, hasAuthorities: authorities)
  }

  private func key(
    _ type: String, isEncrypted: Bool = false, hasCertificate: Bool = false
  ) -> IdentityFile {
    IdentityFile(path: "/k", isEncrypted: isEncrypted, type: type, hasCertificate: hasCertificate)
  }

  private func host(_ lines: String = "") throws -> ResolvedHost {
    try #require(ResolvedHost("hostname h\nport 22\nuser root\n\(lines)\n"))
  }

  @Test func `a plain host is libssh2's`() throws {
    for identities in [[], [key("ssh-ed25519")], [key("ssh-rsa"), key("ecdsa-sha2-nistp256")]] {
      let obstacles = TransportChoice.obstacles(reach, try host(), evidence(identities))
      #expect(obstacles == [])
    }
    #expect(TransportChoice.obstacles(reach, nil, evidence(known: nil)) == [])
    #expect(TransportChoice.obstacles(reach, try host("controlpath /tmp/%C"), evidence()) == [])
  }

  @Test(arguments: [
    ("proxyjump b", "jump host"),
    ("proxycommand nc %h %p", "ProxyCommand"),
    ("hostkeyalias other", "HostKeyAlias"),
    ("bindaddress 10.0.0.1", "from where"),
    ("addressfamily inet6", "family"),
    ("userknownhostsfile /dev/null", "known_hosts"),
    ("pkcs11provider /lib/x.so", "token"),
    ("identityagent /run/agent", "agent of its own"),
    ("identityfile ~/a\nidentityfile ~/b", "its own keys"),
    ("identityfile %d/.ssh/%r", "its own keys"),
    ("ciphers aes256-gcm@openssh.com", "no cipher algorithm"),
    ("macs hmac-sha2-256-etm@openssh.com", "no MAC algorithm"),
    ("kexalgorithms sntrup761x25519-sha512@openssh.com", "no key exchange algorithm"),
    ("hostkeyalgorithms rsa-sha2-512,rsa-sha2-256", "no host key algorithm"),
  ])
  func `what ssh_config says can be out of libssh2's reach`(_ lines: String, _ reason: String)
    throws
  {
    let obstacles = TransportChoice.obstacles(reach, try host(lines), evidence())
    #expect(obstacles.count == 1)
    #expect(obstacles.first?.reason.contains(reason) == true, "\(obstacles)")
    #expect(obstacles.first?.isAbsolute == true)
  }

  @Test func `what the site says leaves ssh_config's files out of it`() throws {
    let known = Reach(host: "h", knownHosts: "/k")
    #expect(
      TransportChoice.obstacles(known, try host("userknownhostsfile /x"), evidence()).isEmpty)
    let identity = Reach(host: "h", identity: "/k")
    let lines = "identityfile ~/a\nidentityfile ~/b\nidentityagent SSH_AUTH_SOCK"
    #expect(TransportChoice.obstacles(identity, try host(lines), evidence()).isEmpty)
  }

  @Test func `some keys are only ssh's`() throws {
    let named = Reach(host: "h", identity: "/k")
    func reason(_ evidence: TransportChoice.Evidence) throws -> TransportChoice.Obstacle? {
      TransportChoice.obstacles(named, try host(), evidence).first
    }
    let rsa = try reason(evidence([key("ssh-rsa")]))
    #expect(rsa?.reason.contains("RSA") == true)
    #expect(rsa?.isAbsolute == false)
    let certificate = try reason(evidence([key("ssh-ed25519", hasCertificate: true)]))
    #expect(certificate?.reason.contains("certificate") == true)
    let hardware = try reason(evidence([key("sk-ssh-ed25519@openssh.com")]))
    #expect(hardware?.reason.contains("security key") == true)
    let locked = key("ssh-ed25519", isEncrypted: true)
    #expect(try reason(evidence([locked], agent: true))?.reason.contains("encrypted") == true)
    // Without an agent ssh could no more than libssh2, which says so more clearly.
    #expect(try reason(evidence([locked])) == nil)
  }

  @Test func `a key of ssh_config that is not there leaves the agent to ssh`() throws {
    let lines = try host("identityfile ~/.ssh/work")
    let obstacles = TransportChoice.obstacles(reach, lines, evidence(agent: true))
    #expect(obstacles.first?.reason.contains("is not here") == true)
    // Without an agent nobody has a key: libssh2 names the file that is missing.
    #expect(TransportChoice.obstacles(reach, lines, evidence()).isEmpty)
    let there = evidence([key("ssh-ed25519")], agent: true)
    #expect(TransportChoice.obstacles(reach, lines, there).isEmpty)
  }

  @Test func `a host known by RSA or by an authority only is ssh's`() throws {
    func reason(_ evidence: TransportChoice.Evidence) throws -> String {
      TransportChoice.obstacles(reach, try host(), evidence).first?.reason ?? ""
    }
    #expect(try reason(evidence(known: [.rsa])).contains("only an RSA key"))
    #expect(try reason(evidence(known: [.ecdsa256, .rsa])) == "")
    #expect(try reason(evidence(known: [], authorities: true)).contains("certificate"))
    #expect(try reason(evidence(known: [.ed25519], authorities: true)) == "")
    #expect(try reason(evidence(known: [])) == "")
  }

  @Test func `the site's word and a missing program come before any reason`() {
    let jump = [TransportChoice.Obstacle(reason: "a jump host", isAbsolute: true)]
    func choice(_ client: Reach.Client, _ obstacles: [TransportChoice.Obstacle], _ has: Bool)
      -> TransportChoice
    { TransportChoice.between(client, obstacles, hasOpenSSH: has) }
    #expect(choice(.automatic, jump, true).isOpenSSH)
    #expect(choice(.automatic, jump, true).reason == "a jump host")
    #expect(!choice(.automatic, [], true).isOpenSSH)
    #expect(!choice(.automatic, jump, false).isOpenSSH)
    #expect(!choice(.libssh2, jump, true).isOpenSSH)
    #expect(choice(.openssh, [], false).isOpenSSH)
  }
}
