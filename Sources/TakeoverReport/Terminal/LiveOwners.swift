// Whose frame is this, as far as is known while the run goes on.

internal import TakeoverModel

struct LiveOwners: Sendable {
  private var ports: [String: String] = [:]
  private var owners: [MACAddress: String] = [:]

  init() {}

  init(_ site: Site) {
    for point in site.captures { ports[point.name] = point.node }
  }

  mutating func learn(_ node: NodeDescription) {
    for case let mac? in node.links.map(\.mac) where !mac.isShared { owners[mac] = node.node }
  }

  func sender(of sight: FrameSight) -> String? {
    ports[sight.port] ?? owners[sight.source] ?? sight.source.description
  }
}
