// The way to a node against a real sshd: the contract, what it refuses, and how it heals.

import Foundation
import TakeoverModel
import TakeoverRemote
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct Remote {
  /// Each is made to do what the other does.
  private static let clients = [Reach.Client.libssh2, .openssh]

  @Test func `SSH keeps the contract`() async throws {
    try await RemoteGround.standing { ground in
      for promise in TransportContract.all {
        try await ground.open { node in try await promise.check(node) }
      }
    }
  }

  @Test func `every way to fail has its name`() async throws {
    try await RemoteGround.standing { ground in
      let reach = ground.reach
      let key = try #require(reach.identity)
      let folder = try await ground.here("mktemp -d")
      try await ground.secondServer(port: 2301, "-o HostKeyAlgorithms=rsa-sha2-512 -h /tmp/rsa")
      try await ground.secondServer(
        port: 2302, "-o KexAlgorithms=sntrup761x25519-sha512@openssh.com")
      _ = try await ground.here(
        "ssh-keygen -q -t ed25519 -N '' -f $1/other; ssh-keygen -q -t ed25519 -N pass -f $1/locked",
        [folder])
      let failures: [(TransportError.Kind, (inout Reach) -> Void)] = [
        (.refused, { $0.port = 9 }),
        (.noRoute, { $0.host = "192.0.2.1" }),
        (.unknownHostKey, { $0.knownHosts = "/dev/null" }),
        (.keyNotAccepted, { $0.identity = folder + "/other" }),
        (.keyNotAccepted, { $0.user = "nobody-of-that-name" }),
        (.misconfigured, { $0.identity = folder + "/locked" }),
        (.misconfigured, { $0.identity = folder + "/missing" }),
        (.misconfigured, { $0.identity = key + ".pub" }),
        (.misconfigured, { $0.namespace = "/run/netns/no-such-namespace" }),
        (.cannotNegotiate, { $0.port = 2301 }),
        (.cannotNegotiate, { $0.port = 2302 }),
      ]
      for (kind, change) in failures {
        let error = await ground.failure(change)
        #expect(error?.kind == kind, "\(String(describing: error))")
        #expect(error?.remedy.isEmpty == false)
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  /// A relay lets the channel be opened and swallows what is asked of it next; then everything ends.
  @Test func `a shell that is being started when its session ends does no harm`() async throws {
    try await RemoteGround.standing { ground in
      let folder = try await ground.here("mktemp -d")
      let space = try #require(ground.reach.namespace)
      _ = try await ground.here(
        "sed -n \"s/^$2 /[127.0.0.1]:2304 /p\" \"$3\" >$1/known",
        [folder, ground.reach.host, try #require(ground.reach.knownHosts)])
      let relay = try ChildProgram(
        "/usr/bin/nsenter",
        ["--net=\(space)", "perl", "-e", Self.relay, ground.reach.host, "2304", folder])
      defer { relay.signal(SIGKILL) }
      _ = try await ground.here("until [ -e $1/listens ]; do sleep 0.01; done", [folder])
      for _ in 0..<20 {
        try await ground.open({
          $0.host = "127.0.0.1"
          $0.port = 2304
          $0.knownHosts = folder + "/known"
        }) { (node) async throws in
          #expect(try await node.script("true").succeeded)
          _ = try await ground.here(": >$1/armed", [folder])
          let starting = Task { try await node.stream(Command("true")) { _ in } }
          _ = try await ground.here("while [ -e $1/armed ]; do sleep 0.01; done", [folder])
          starting.cancel()
          await node.close()
          _ = await starting.result
        }
      }
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  /// Where `armed` stands, one piece more of a client's goes through, and nothing after it.
  private static let relay = #"""
    use strict; use IO::Socket::INET; use IO::Select;
    my ($host, $port, $folder) = @ARGV;
    my $ear = IO::Socket::INET->new(Listen => 9, LocalAddr => '127.0.0.1', LocalPort => $port, ReuseAddr => 1) or die;
    open my $mark, '>', "$folder/listens"; close $mark;
    while (my $client = $ear->accept) {
      next if fork;
      my $server = IO::Socket::INET->new(PeerAddr => $host, PeerPort => 22) or die;
      my ($select, $left) = (IO::Select->new($client, $server));
      while (1) {
        for my $from ($select->can_read) {
          sysread($from, my $bytes, 65536) or exit;
          if ($from == $client) {
            next if defined $left && $left-- <= 0;
            $left = 0 if !defined $left && unlink "$folder/armed";
          }
          syswrite $from == $client ? $server : $client, $bytes;
        }
      }
    }
    """#

  @Test(arguments: clients)
  func `a host that drops everything is given up at the deadline`(client: Reach.Client) async throws
  {
    try await RemoteGround.standing(by: client) { ground in
      try await ground.open { (node) async throws in
        let drop = "nft add table inet t; nft 'add chain inet t c { type filter hook input "
        let rule = "priority 0; }'; nft add rule inet t c tcp dport 2303 drop"
        #expect(try await node.script(drop + rule).succeeded)
      }
      let start = ContinuousClock.now
      let error = await ground.failure(within: .milliseconds(300)) { $0.port = 2303 }
      #expect(error?.kind == .timedOut)
      #expect(ContinuousClock.now - start < .seconds(3))
    }
  }

  @Test func `a host key is known by name and port, hashed or not, and by its type`() async throws {
    try await RemoteGround.standing { ground in
      let host = "[\(ground.reach.host)]:2304"
      let folder = try await ground.here("mktemp -d")
      try await ground.secondServer(port: 2304, "-h /tmp/ecdsa -h /tmp/ed25519")
      let ecdsa = try await serverKey(ground, "/tmp/ecdsa.pub")
      let ed25519 = try await serverKey(ground, "/tmp/ed25519.pub")
      let stranger = try await ground.here(
        "ssh-keygen -q -t ed25519 -N '' -f $1/k; cut -d' ' -f1,2 $1/k.pub", [folder])
      let file = folder + "/known"
      func opening(_ text: String, hashed: Bool = false) async throws -> TransportError? {
        _ = try await ground.here("printf '%s\\n' \"$2\" > $1", [file, text])
        if hashed { _ = try await ground.here("ssh-keygen -qH -f $1 2>/dev/null", [file]) }
        return await ground.failure {
          $0.knownHosts = file
          $0.port = 2304
        }
      }
      #expect(try await opening("\(host) \(ed25519)") == nil)
      #expect(try await opening("\(host) \(ecdsa)", hashed: true) == nil)
      #expect(try await opening("garbage\n@cert-authority * x y\n\(host) \(ecdsa)") == nil)
      let plain = try await opening("\(ground.reach.host) \(ed25519)")
      #expect(plain?.kind == .unknownHostKey)
      let changed = try await opening("\(host) \(stranger)")
      #expect(changed?.kind == .changedHostKey)
      let print = try await ground.here("ssh-keygen -lf $1/k.pub | cut -d' ' -f2", [folder])
      #expect(changed?.problem.contains("known \(print)") == true)
      let revoked = try await opening("\(host) \(ed25519)\n@revoked \(host) \(ed25519)")
      #expect(revoked?.kind == .changedHostKey)
      _ = try await ground.here("rm -r $1", [folder])
    }
  }

  @Test(arguments: clients)
  func `sudo that asks for a password is a missing privilege`(client: Reach.Client) async throws {
    try await RemoteGround.standing(by: client) { ground in
      try await ground.open { (node) async throws in
        let fake = "printf '#!/bin/sh\\necho sudo: a password is required >&2; exit 1\\n' "
        #expect(try await node.script(fake + "> /usr/local/bin/sudo").succeeded)
        #expect(try await node.script("chmod 755 /usr/local/bin/sudo").succeeded)
      }
      let error = await ground.failure { $0.sudo = true }
      #expect(error?.kind == .missingPrivilege)
      #expect(error?.problem.contains("a password is required") == true)
    }
  }

  @Test(arguments: clients)
  func `a connection that was lost is made anew for the next command`(client: Reach.Client)
    async throws
  {
    try await RemoteGround.standing(by: client) { ground in
      try await ground.open { (node) async throws in
        let armed = try await node.arm(.script(": > /tmp/struck"), within: TransportContract.limit)
        let killed = await #expect(throws: TransportError.self) {
          try await node.script("kill -9 $PPID")
        }
        #expect(killed?.kind == .closed)
        let late = await #expect(throws: TransportError.self) {
          try await armed.fire(within: TransportContract.limit)
        }
        #expect(late?.kind == .closed)
        #expect(try await node.script("[ -e /tmp/struck ]").status == 1)
      }
    }
  }

  @Test(arguments: clients)
  func `a blow that cuts the road is no error, and the road heals`(client: Reach.Client)
    async throws
  {
    try await RemoteGround.standing(by: client) { ground in
      try await ground.open { (node) async throws in
        let name = try await node.script(
          "ip -o addr | grep -F \" $1/\" | cut -d' ' -f2", [ground.reach.host])
        let interface = name.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let cut = Command.script(
          "(sleep 2; ip link set \"$1\" up) >/dev/null 2>&1 & ip link set \"$1\" down",
          [interface])
        let blow = try await node.arm(cut, within: TransportContract.limit)
        let struck = try await blow.fire(within: .milliseconds(200))
        #expect(struck.acknowledged == nil)
        #expect(struck.result == nil)
        let lost = await #expect(throws: TransportError.self) {
          try await node.run(Command("true"), within: .milliseconds(200))
        }
        #expect(lost?.kind == .deadlinePassed)
        #expect(try await node.script("echo again").text == "again\n")
      }
    }
  }

  /// Type and key of one of the node's host keys.
  private func serverKey(_ ground: RemoteGround, _ file: String) async throws -> String {
    var key = ""
    try await ground.open { (node) async throws in
      key = try await node.script("cut -d' ' -f1,2 \"$1\"", [file]).text
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return key
  }
}
