// A lab with real sshds for the tests of the way to a node; it goes down with the test.

import Foundation
import TakeoverLab
import TakeoverModel
import TakeoverRemote
import Testing

struct RemoteGround {
  /// The way to the first machine, as the lab gives it: separate management.
  let reach: Reach
  /// The way to the second one.
  let other: Reach
  let local: LocalTransport
  /// Who speaks SSH.
  var client = Reach.Client.libssh2

  /// One machine pair, up for as long as `body` lasts.
  static func standing(
    _ name: String = "e2e-remote", by client: Reach.Client = .libssh2,
    _ body: (RemoteGround) async throws -> Void
  ) async throws {
    let local = LocalTransport()
    try await local.open(within: TransportContract.limit)
    let lab = try Laboratory(try description(name), folders: folders, local: local)
    do {
      let site = try await lab.up { print($0) }
      let ways = site.nodes.map(\.reach)
      try #require(ways.count == 2)
      try await body(RemoteGround(reach: ways[0], other: ways[1], local: local, client: client))
    } catch {
      try await lab.down { print($0) }
      await local.close()
      throw error
    }
    try await lab.down { print($0) }
    await local.close()
  }

  /// An open transport, closed after `body`.
  func open(
    _ change: (inout Reach) -> Void = { _ in },
    _ body: (any Transport) async throws -> Void
  ) async throws {
    var reach = self.reach
    change(&reach)
    let node = transport(reach)
    try await node.open(within: TransportContract.limit)
    try await body(node)
    await node.close()
  }

  private func transport(_ reach: Reach) -> any Transport {
    guard client != .libssh2 else { return SSHTransport(reach) }
    var reach = reach
    if reach.client == .automatic { reach.client = client }
    return AutomaticTransport(reach)
  }

  /// What opening ends with; nil: it went well.
  func failure(
    within limit: Duration = TransportContract.limit, _ change: (inout Reach) -> Void
  ) async -> TransportError? {
    var reach = self.reach
    change(&reach)
    let node = transport(reach)
    do throws(TransportError) {
      try await node.open(within: limit)
      await node.close()
      return nil
    } catch {
      return error
    }
  }

  /// Runs a script on the machine that the tests run on, where the keys are.
  func here(_ body: String, _ parameters: [String] = []) async throws -> String {
    let result = try await local.script("set -e; " + body, parameters)
    #expect(result.succeeded, "\(result.errorText)")
    return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A second sshd on the node, with options that the first lacks.
  func secondServer(port: Int, _ options: String) async throws {
    try await open { node in
      let start = try await node.script(
        "mkdir -p /run/sshd; for type in rsa ecdsa ed25519; do [ -e /tmp/$type ] || "
          + "ssh-keygen -q -t $type -N '' -f /tmp/$type; done; "
          + "/usr/sbin/sshd -p \"$1\" -o PidFile=none \(options)", ["\(port)"])
      #expect(start.succeeded, "\(start.errorText)")
    }
  }

  private static let folders = LabFolders(
    state: "/run/takeover/tests", cache: NSHomeDirectory() + "/.cache/takeover/images")

  private static func description(_ name: String) throws -> LabDescription {
    let nodes = try [("a", "172.17.16.7"), ("b", "172.17.16.13")].map { name, address in
      LabNode(
        machine: LabMachine(name: name, address: try #require(IPAddress(address)), prefix: 24),
        priority: 100)
    }
    let shared = VirtualAddress(try #require(IPAddress("172.17.16.3")), prefix: 24)
    return LabDescription(
      name: name, nodes: nodes, clients: [], addresses: [shared],
      keepalived: LabKeepalived())
  }
}
