// Whose frame is this, as far as is known while the run goes on.

internal import TakeoverModel

struct LiveOwners: Sendable {
  private var ports: [String: String] = [:]
  private var owners: [MACAddress: String] = [:]
  /// The nodes' own addresses.
  private var names: [IPAddress: String] = [:]

  init() {}

  init(_ site: Site) {
    for point in site.captures { ports[point.name] = point.node }
    for node in site.nodes {
      for address in node.addresses { names[address] = node.name }
    }
  }

  mutating func learn(_ node: NodeDescription) {
    for case let mac? in node.links.map(\.mac) where !mac.isShared { owners[mac] = node.node }
  }

  /// Whoever advertises says by its own address who it is, and by the frame which hardware it has. A
  /// second hardware with a node's address is somebody else's.
  mutating func learn(_ seen: AdvertisementSeen) {
    let mac = seen.sight.source
    guard !mac.isShared, owners[mac] == nil else { return }
    if let node = ports[seen.sight.port] {
      owners[mac] = node
    } else if let node = names[seen.from] {
      if !owners.values.contains(node) { owners[mac] = node }
    } else {
      owners[mac] = seen.from.description
    }
  }

  func sender(of sight: FrameSight) -> String { ports[sight.port] ?? owner(sight.source) }

  /// Whose hardware address this is: a node's name, or the address itself.
  func owner(_ mac: MACAddress) -> String { owners[mac] ?? mac.description }

  /// Behind a port who is there; else by the hardware, or, where both nodes share one, by the address that
  /// it advertises from.
  func speaker(of seen: AdvertisementSeen) -> String {
    if let node = ports[seen.sight.port] { return node }
    if seen.sight.source.isShared { return names[seen.from] ?? seen.from.description }
    return owner(seen.sight.source)
  }

  /// Whether the frame came in at the port of one node.
  func isPort(of sight: FrameSight) -> Bool { ports[sight.port] != nil }
}
