// What is read from `ssh -G`: the whole of it, or nothing.

import TakeoverModel
import Testing

@testable import TakeoverRemote

@Suite struct ResolvedHostTests {
  /// From OpenSSH 9.2, shortened.
  static let text = """
    host alias
    user admin
    hostname 10.0.0.7
    port 2222
    addressfamily any
    hostkeyalgorithms ssh-ed25519,rsa-sha2-512
    kexalgorithms curve25519-sha256
    ciphers aes128-ctr,aes256-gcm@openssh.com
    macs hmac-sha2-256
    identityfile ~/.ssh/id_rsa
    identityfile ~/.ssh/id_ed25519
    identityfile ~/.ssh/work key
    proxyjump me@bastion:2200
    canonicalizePermittedcnames none
    globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2
    userknownhostsfile /home/me/.ssh/known_hosts /home/me/.ssh/known_hosts2
    syslogfacility USER

    """

  @Test func `an answer is read`() throws {
    let host = try #require(ResolvedHost(Self.text))
    #expect((host.hostName, host.port, host.user) == ("10.0.0.7", 2222, "admin"))
    #expect(host.proxyJump == "me@bastion:2200")
    #expect(host.chosenIdentities == ["~/.ssh/work key"])
    #expect(host.ciphers == ["aes128-ctr", "aes256-gcm@openssh.com"])
    #expect(host.addressFamily == nil)
    #expect(host.hasStandardKnownHosts)
    let own = Self.text.replacing("/home/me/.ssh/known_hosts ", with: "/dev/null ")
    #expect(try #require(ResolvedHost(own)).hasStandardKnownHosts == false)
  }

  @Test func `none is nothing`() throws {
    let text = Self.text.replacing("me@bastion:2200", with: "none") + "proxycommand none\n"
    let host = try #require(ResolvedHost(text))
    #expect(host.proxyJump == nil)
    #expect(host.proxyCommand == nil)
  }

  @Test func `an answer that was cut short is no answer, or ends with a whole line`() {
    let bytes = Array(Self.text.utf8)
    for count in 0..<bytes.count {
      let text = String(decoding: bytes[..<count], as: UTF8.self)
      if bytes[..<count].last != UInt8(ascii: "\n") { #expect(ResolvedHost(text) == nil) }
    }
  }

  @Test func `a port that is none, or no host name, is no answer`() {
    for port in ["0", "65536", "-1", "ssh", "99999999999999999999"] {
      #expect(ResolvedHost(Self.text.replacing("port 2222", with: "port \(port)")) == nil)
    }
    #expect(ResolvedHost(Self.text.replacing("hostname", with: "hostnam")) == nil)
  }

  @Test func `random bytes do no harm`() {
    var state: UInt64 = 1
    for _ in 0..<2000 {
      let bytes = (0..<64).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      let noise = String(decoding: bytes, as: UTF8.self)
      #expect(ResolvedHost(noise + "\n") == nil)
      #expect(ResolvedHost(Self.text + noise.replacing("\n", with: "") + "\n")?.port == 2222)
    }
  }

  @Test func `what the site says of user and port wins where ssh was asked with it`() throws {
    let host = try #require(ResolvedHost(Self.text))
    let applied = host.applied(to: Reach(host: "alias"), localUser: "me")
    let expected = Reach(host: "10.0.0.7", port: 2222, user: "admin", identity: "~/.ssh/work key")
    #expect(applied == expected)
    // Nobody chose a user: the site's standard, not whoever runs Takeover.
    #expect(host.applied(to: Reach(host: "alias"), localUser: "admin").user == "root")
    let own = host.applied(to: Reach(host: "alias", identity: "/k"), localUser: "")
    #expect(own.identity == "/k")
  }
}
