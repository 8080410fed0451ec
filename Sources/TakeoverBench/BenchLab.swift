// A laboratory of one's own for as long as a measurement lasts.

internal import Foundation
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverRemote

enum BenchLab {
  static var folders: LabFolders {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/root"
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
    return LabFolders(state: "/run/takeover/bench", cache: "\(cache)/takeover/images")
  }

  /// A pair of machines with real sshds, gone when `body` has returned, thrown or been cancelled, or
  /// when this process has ended.
  static func standing<Value: Sendable>(
    _ body: @escaping @Sendable (Site) async throws -> Value
  ) async throws -> Value {
    let local = LocalTransport()
    try await local.open(within: .seconds(5))
    let lab = try Laboratory(description, folders: folders, local: local)
    do {
      let value = try await lab.standing(progress: { Bench.note($0) }) { site, _ in
        try await body(site)
      }
      await local.close()
      return value
    } catch {
      await local.close()
      throw error
    }
  }

  /// Two runs at a time do not meet: the name has the process in it.
  private static var description: LabDescription {
    let nodes = [(7, "a"), (13, "b")].map { host, name in
      LabNode(
        machine: LabMachine(name: name, address: .v4(0xac11_1000 | UInt32(host)), prefix: 24),
        priority: 100)
    }
    return LabDescription(
      name: "bench-\(ProcessInfo.processInfo.processIdentifier)", nodes: nodes, clients: [],
      addresses: [VirtualAddress(.v4(0xac11_1003), prefix: 24)], keepalived: LabKeepalived())
  }
}
