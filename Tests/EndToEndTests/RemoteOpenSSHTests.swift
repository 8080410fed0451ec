// Hosts that libssh2 cannot reach, reached by the OpenSSH client; the same contract, the same names.

import Foundation
import TakeoverModel
import TakeoverRemote
import Testing

extension Remote {
  @Test func `the OpenSSH client keeps the contract and leaves no process`() async throws {
    try await standing { ground in
      for promise in TransportContract.all {
        try await ground.open({ $0.client = .openssh }) { (node) async throws in
          #expect(node.description.hasPrefix("ssh (OpenSSH "), "\(node.description)")
          try await promise.check(node)
        }
      }
      let own = "\(ProcessInfo.processInfo.processIdentifier)"
      let left = try await ground.here(
        "pgrep -l -P $1 ssh || :; ls -d /tmp/takeover-$1-* || :", [own])
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test func `every way to fail has its name, whoever speaks SSH`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      _ = try await newKey(ground, folder + "/other", "ed25519")
      _ = try await newKey(ground, folder + "/locked", "ed25519", passphrase: "sesame")
      let stranger = try await ground.here("cut -d' ' -f1,2 $1/other.pub", [folder])
      _ = try await ground.here(
        "echo \"$2 $3\" > $1/changed; echo \"@revoked * $(cut -d' ' -f2- \"$4\")\" > $1/revoked; "
          + "echo nonsense > $1/config",
        [folder, ground.reach.host, stranger, try #require(ground.reach.knownHosts)])
      try await ground.secondServer(port: 2404, "-o Ciphers=3des-cbc -h /tmp/ed25519")
      let failures: [(TransportError.Kind, (inout Reach) -> Void)] = [
        (.refused, { $0.port = 9 }),
        (.noRoute, { $0.host = "192.0.2.1" }),
        (.nameNotFound, { $0.host = "no-such-host.invalid" }),
        (.unknownHostKey, { $0.knownHosts = "/dev/null" }),
        (.changedHostKey, { $0.knownHosts = folder + "/changed" }),
        (.changedHostKey, { $0.knownHosts = folder + "/revoked" }),
        (.keyNotAccepted, { $0.identity = folder + "/other" }),
        (.keyNotAccepted, { $0.identity = folder + "/locked" }),
        (.keyNotAccepted, { $0.user = "nobody-of-that-name" }),
        (.misconfigured, { $0.identity = folder + "/missing" }),
        (.misconfigured, { $0.namespace = "/run/netns/no-such-namespace" }),
        (.misconfigured, { $0.config = folder + "/config" }),
        (.misconfigured, { $0.config = folder + "/no-such-config" }),
        (.cannotNegotiate, { $0.port = 2404 }),
      ]
      for (kind, change) in failures {
        let error = await ground.failure {
          $0.client = .openssh
          change(&$0)
        }
        print("\(kind): \(error?.problem ?? "reached"); \(error?.remedy ?? "")")
        #expect(error?.kind == kind, "\(String(describing: error))")
        #expect(error?.remedy.isEmpty == false)
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `a shell that is killed takes no other shell with it`() async throws {
    try await standing { ground in
      try await ground.open({ $0.client = .openssh }) { (node) async throws in
        let armed = try await node.arm(.script("exit 9"), within: TransportContract.limit)
        let killed = await #expect(throws: TransportError.self) {
          try await node.script("kill -9 $$")
        }
        #expect(killed?.kind == .closed)
        #expect(try await node.script("echo alive").text == "alive\n")
        #expect(try await armed.fire(within: TransportContract.limit).result?.status == 9)
      }
    }
  }

  @Test func `a plain host is libssh2's, and the journal is told why`() async throws {
    try await standing { ground in
      try await ground.open { (node) async throws in
        #expect(node.description.hasPrefix("ssh (libssh2 "), "\(node.description)")
        #expect(node.description.hasSuffix("nothing that is known asks for more"))
      }
    }
  }

  @Test func `an RSA key of the user`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let key = try await newKey(ground, folder + "/rsa", "rsa -b 2048")
      try await ground.open { (node) async throws in
        let authorize = "printf '%s\\n' \"$1\" >> /root/.ssh/authorized_keys"
        #expect(try await node.script(authorize, [key]).succeeded)
      }
      try await reached(ground, because: "RSA", libssh2: .keyNotAccepted) {
        $0.identity = folder + "/rsa"
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `a host that has an RSA key only`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      try await ground.secondServer(port: 2401, "-o HostKeyAlgorithms=rsa-sha2-512 -h /tmp/rsa")
      let known = try await knowing(ground, folder, port: 2401, "/tmp/rsa.pub")
      try await reached(ground, because: "only an RSA key", libssh2: .cannotNegotiate) {
        ($0.port, $0.knownHosts) = (2401, known)
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `a host that offers only authenticated ciphers`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let ciphers = "aes256-gcm@openssh.com,chacha20-poly1305@openssh.com"
      try await ground.secondServer(
        port: 2402,
        "-o Ciphers=\(ciphers) -o MACs=hmac-sha2-256-etm@openssh.com -h /tmp/ed25519")
      let known = try await knowing(ground, folder, port: 2402, "/tmp/ed25519.pub")
      try await reached(ground, because: "no algorithm in common", libssh2: .cannotNegotiate) {
        ($0.port, $0.knownHosts) = (2402, known)
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `a host behind a jump host`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let key = try #require(ground.reach.identity)
      let known = try #require(ground.reach.knownHosts)
      // The first machine by its address on the pair's segment, which only the second one is on.
      _ = try await ground.here(
        """
        sed "s/^$3 /172.17.16.7 /" "$2" > "$1/known"
        cat "$2" >> "$1/known"
        cat > "$1/config" <<END
        Host bastion
          HostName $4
        Host far
          HostName 172.17.16.7
          ProxyJump bastion
        Host bastion far
          User root
          IdentityFile $5
          UserKnownHostsFile $1/known
        END
        """, [folder, known, ground.reach.host, ground.other.host, key])
      try await reached(ground, because: "jump host", libssh2: .misconfigured) {
        $0 = Reach(host: "far", namespace: $0.namespace, config: folder + "/config")
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `an encrypted key that an agent holds`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let key = try await newKey(ground, folder + "/locked", "ed25519", passphrase: "open sesame")
      try await ground.open { (node) async throws in
        let authorize = "printf '%s\\n' \"$1\" >> /root/.ssh/authorized_keys"
        #expect(try await node.script(authorize, [key]).succeeded)
      }
      let agent = try await ground.here(
        """
        ssh-agent -a "$1/agent" | sed -n 's/.*AGENT_PID=\\([0-9]*\\);.*/\\1/p'
        printf '#!/bin/sh\\necho open sesame\\n' > "$1/ask"
        chmod 700 "$1/ask"
        SSH_AUTH_SOCK="$1/agent" SSH_ASKPASS="$1/ask" SSH_ASKPASS_REQUIRE=force \
          ssh-add -q "$1/locked"
        echo "IdentityAgent $1/agent" > "$1/config"
        """, [folder])
      do {
        try await reached(ground, because: "an agent of its own", libssh2: .misconfigured) {
          ($0.identity, $0.config) = (folder + "/locked", folder + "/config")
        }
      } catch {
        _ = try await ground.here("kill $1", [agent])
        throw error
      }
      _ = try await ground.here("kill $1; rm -r $2", [agent, folder])
    }
  }

  @Test func `a key with a certificate`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let authority = try await newKey(ground, folder + "/authority", "ed25519")
      _ = try await newKey(ground, folder + "/user", "ed25519")
      _ = try await ground.here(
        "ssh-keygen -q -s $1/authority -I test -n root -V +1h $1/user.pub", [folder])
      try await ground.open { (node) async throws in
        #expect(try await node.script("echo \"$1\" > /tmp/authority", [authority]).succeeded)
      }
      try await ground.secondServer(
        port: 2403, "-o TrustedUserCAKeys=/tmp/authority -h /tmp/ed25519")
      let known = try await knowing(ground, folder, port: 2403, "/tmp/ed25519.pub")
      try await reached(ground, because: "certificate", libssh2: .keyNotAccepted) {
        ($0.port, $0.knownHosts, $0.identity) = (2403, known, folder + "/user")
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `a host that is known by its certificate only`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      try await ground.secondServer(port: 2405, "-h /tmp/ed25519")
      var authority = ""
      try await ground.open { (node) async throws in
        let made = try await node.script(
          "cd /tmp; ssh-keygen -q -t ed25519 -C '' -N '' -f hosts; "
            + "ssh-keygen -q -s hosts -I test -h -n \"$1\" -V +1h ed25519.pub; cat hosts.pub",
          [ground.reach.host])
        #expect(made.succeeded, "\(made.errorText)")
        authority = made.text
      }
      try await ground.secondServer(
        port: 2406, "-h /tmp/ed25519 -o HostCertificate=/tmp/ed25519-cert.pub")
      let line = "@cert-authority [\(ground.reach.host)]:2406 \(authority)"
      _ = try await ground.here("printf %s \"$2\" > $1/known", [folder, line])
      try await reached(ground, because: "certificate", libssh2: .unknownHostKey) {
        ($0.port, $0.knownHosts) = (2406, folder + "/known")
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test func `an alias of ssh_config with nothing unusual is libssh2's`() async throws {
    try await standing { ground in
      let folder = try await ground.here("mktemp -d")
      let key = try #require(ground.reach.identity)
      try await ground.secondServer(port: 2407, "-h /tmp/ed25519")
      let known = try await knowing(ground, folder, port: 2407, "/tmp/ed25519.pub")
      _ = try await ground.here(
        "printf 'Host node\\n HostName %s\\n Port 2407\\n IdentityFile %s\\n' $2 $3 > $1/config",
        [folder, ground.reach.host, key])
      try await ground.open {
        $0 = Reach(
          host: "node", knownHosts: known, namespace: $0.namespace, config: folder + "/config")
      } _: { (node) async throws in
        #expect(node.description.contains("libssh2"), "\(node.description)")
        #expect(node.description.contains("root@\(ground.reach.host):2407"))
        #expect(try await node.script("echo there").text == "there\n")
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  // MARK: The ground

  private func standing(_ body: (RemoteGround) async throws -> Void) async throws {
    try await RemoteGround.standing("e2e-openssh", by: .automatic, body)
  }

  /// By the OpenSSH client, chosen for the reason; libssh2 alone fails, and says that reason too.
  private func reached(
    _ ground: RemoteGround, because reason: String, libssh2 kind: TransportError.Kind,
    _ change: (inout Reach) -> Void
  ) async throws {
    let start = ContinuousClock.now
    try await ground.open(change) { (node) async throws in
      print("open: \(ContinuousClock.now - start): \(node.description)")
      #expect(node.description.hasPrefix("ssh (OpenSSH "), "\(node.description)")
      #expect(node.description.contains(reason), "\(node.description)")
      #expect(try await node.script("echo $SSH_CONNECTION").text.contains("."))
      let blow = try await node.arm(.script("exit 7"), within: TransportContract.limit)
      #expect(try await blow.fire(within: TransportContract.limit).result?.status == 7)
    }
    let error = await ground.failure {
      change(&$0)
      $0.client = .libssh2
    }
    print("libssh2 alone: \(error.map { "\($0.kind): \($0.problem)" } ?? "reached")")
    #expect(error?.kind == kind, "\(String(describing: error))")
    #expect(error?.problem.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.remedy.contains("client: libssh2") == true)
  }

  /// Makes a key of the machine that the tests run on; its public half.
  private func newKey(
    _ ground: RemoteGround, _ file: String, _ type: String, passphrase: String = ""
  ) async throws -> String {
    try await ground.here(
      "ssh-keygen -q -t \(type) -C '' -N \"$2\" -f \"$1\"; cat \"$1.pub\"", [file, passphrase])
  }

  /// A known_hosts file with one key of the node, for one port.
  private func knowing(
    _ ground: RemoteGround, _ folder: String, port: Int, _ file: String
  ) async throws -> String {
    var key = ""
    try await ground.open { (node) async throws in
      key = try await node.script("cut -d' ' -f1,2 \"$1\"", [file]).text
    }
    let line = "[\(ground.reach.host)]:\(port) \(key)"
    return try await ground.here(
      "printf %s \"$2\" > $1/known_$3; echo $1/known_$3", [folder, line, "\(port)"])
  }
}
