// The OpenSSH client's arguments, and what its last words mean.

import TakeoverModel
import Testing

@testable import TakeoverRemote

@Suite struct OpenSSHClientTests {
  private func client(_ reach: Reach) -> OpenSSHClient {
    OpenSSHClient(reach: reach, user: "root", port: 22)
  }

  private func options(_ words: [String]) -> [String] {
    zip(words, words.dropFirst()).filter { $0.0 == "-o" }.map(\.1)
  }

  @Test func `the connection never asks, never trusts a stranger, and says when it stands`() {
    let words = client(Reach(host: "-h")).connection(
      socket: "/tmp/x/s", mark: "MARK", patience: .milliseconds(300))
    #expect(words.suffix(3) == ["--", "-h", "echo MARK; exec cat"])
    for option in [
      "BatchMode=yes", "StrictHostKeyChecking=yes", "ControlMaster=yes", "ConnectTimeout=1",
      "ControlPath=\"/tmp/x/s\"", "ClearAllForwardings=yes", "RemoteCommand=none",
    ] {
      #expect(options(words).contains(option), "\(option)")
    }
    #expect(!words.contains("-i"))
    #expect(!words.contains("-F"))
    #expect(Set(["-T", "-a", "-x"]).isSubset(of: words))
  }

  @Test func `what the site names is used alone, whatever its name`() {
    let reach = Reach(
      host: "h", identity: "/a b/50%", knownHosts: "/known 5%", config: "/the config")
    let words = client(reach).connection(socket: "/s", mark: "M", patience: .seconds(5))
    #expect(options(words).contains("UserKnownHostsFile=\"/known 5%%\""))
    #expect(options(words).contains("GlobalKnownHostsFile=/dev/null"))
    #expect(options(words).contains("IdentitiesOnly=yes"))
    #expect(words.contains("/a b/50%%"))
    #expect(words.contains("/the config"))
  }

  @Test func `a shell has no way of its own to the host`() {
    let words = client(Reach(host: "h", sudo: true)).shell(socket: "/s")
    #expect(options(words).contains("ProxyCommand=exec false"))
    #expect(options(words).contains("ControlMaster=no"))
    #expect(words.suffix(3) == ["--", "h", "exec sudo -n sh"])
  }

  @Test func `ssh is asked about a host only with what was chosen`() {
    #expect(OpenSSHClient.resolving(Reach(host: "h")) == ["ssh", "-G", "-T", "--", "h"])
    let chosen = Reach(host: "h", port: 2222, user: "me", config: "/c")
    #expect(
      OpenSSHClient.resolving(chosen)
        == ["ssh", "-G", "-T", "-F", "/c", "-p", "2222", "-l", "me", "--", "h"])
  }

  private static let lastWords: [(TransportError.Kind, String)] = [
    (.refused, "ssh: connect to host h port 22: Connection refused"),
    (.noRoute, "ssh: connect to host h port 22: No route to host"),
    (.noRoute, "ssh: connect to host h port 22: Network is unreachable"),
    (.timedOut, "ssh: connect to host h port 22: Connection timed out"),
    (.timedOut, "Connection timed out during banner exchange"),
    (.nameNotFound, "ssh: Could not resolve hostname h: Name or service not known"),
    (.unknownHostKey, "No ED25519 host key is known for h and you have requested strict checking."),
    (.unknownHostKey, "Host key verification failed.\r\n"),
    (.changedHostKey, "@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\r\nHost key"),
    (.changedHostKey, "WARNING: REVOKED HOST KEY DETECTED!\nHost key verification failed.\n"),
    (.keyNotAccepted, "root@h: Permission denied (publickey)."),
    (.keyNotAccepted, "Received disconnect from h port 22:2: Too many authentication failures"),
    (.cannotNegotiate, "Unable to negotiate with h port 22: no matching cipher found."),
    // A jump host's error comes first; what follows from it is no cause.
    (.keyNotAccepted, "me@b: Permission denied (publickey).\nHost key verification failed."),
    (.refused, "channel 0: open failed: connect failed: Connection refused\nConnection timed out"),
    (.misconfigured, "/c: line 1: Bad configuration option: nonsense"),
    (.misconfigured, "nsenter: cannot open /run/netns/x: No such file or directory"),
    (.missingPrivilege, "nsenter: reassociate to namespace 'ns/net' failed: not permitted"),
    (.broken, "kex_exchange_identification: Connection closed by remote host"),
    (.broken, ""),
  ]

  @Test(arguments: lastWords)
  func `its last words have a meaning and a way out`(_ kind: TransportError.Kind, _ said: String) {
    let error = OpenSSHError(client: client(Reach(host: "h"))).meaning(of: said)
    #expect(error.kind == kind, "\(error)")
    #expect(!error.problem.contains("\n"))
    #expect(!error.problem.contains("\r"))
    #expect(!error.remedy.isEmpty)
  }

  @Test func `a changed key is shown`() {
    let said = "REMOTE HOST IDENTIFICATION HAS CHANGED\nis\nSHA256:abc.\n"
    let error = OpenSSHError(client: client(Reach(host: "h"))).meaning(of: said)
    #expect(error.problem.hasSuffix("offered SHA256:abc"))
    #expect(error.remedy.contains("ssh-keygen -R 'h' -f ~/.ssh/known_hosts"))
  }

  @Test func `whatever it says, it means something`() {
    var state: UInt64 = 7
    let error = OpenSSHError(client: client(Reach(host: "h")))
    for _ in 0..<500 {
      let bytes = (0..<80).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      #expect(!error.meaning(of: String(decoding: bytes, as: UTF8.self)).remedy.isEmpty)
    }
  }
}
