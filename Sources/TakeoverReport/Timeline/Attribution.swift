// Who sent a frame, and whose a hardware address is: by the port it came in at, else by its MAC.

internal import TakeoverModel

struct Attribution: Sendable {
  private let site: Site
  private let portNodes: [String: String]
  private let nodesWithPort: Set<String>
  private let owners: [MACAddress: String]

  init(site: Site, observations: [Observation]) {
    self.site = site
    var ports: [String: String] = [:]
    for point in site.captures { ports[point.name] = point.node }
    portNodes = ports
    nodesWithPort = Set(ports.values)

    var described: [MACAddress: Set<String>] = [:]
    var seen: [MACAddress: Set<String>] = [:]
    for observation in observations {
      if case .nodeDescribed(let node) = observation.event {
        for case let mac? in node.links.map(\.mac) { described[mac, default: []].insert(node.node) }
      } else if let sight = observation.event.sight, !sight.outgoing,
        let node = ports[sight.port]
      {
        seen[sight.source, default: []].insert(node)
      }
    }
    var owners: [MACAddress: String] = [:]
    // A MAC that two nodes have, as cloned machines do, tells nothing; what a node says of itself
    // outweighs what came through its port.
    for (mac, nodes) in seen where nodes.count == 1 { owners[mac] = nodes.first }
    for (mac, nodes) in described { owners[mac] = nodes.count == 1 ? nodes.first : nil }
    self.owners = owners.filter { !$0.key.isShared }
  }

  /// Whether each node has a capture port of its own.
  var hearsEveryNode: Bool { site.nodes.allSatisfy { nodesWithPort.contains($0.name) } }

  /// The node that sent what was seen, or a stranger's MAC. nil: the same frame is seen better at
  /// another port, where it came in from its sender.
  func sender(of sight: FrameSight) -> String? {
    if sight.outgoing { return nil }
    if let node = portNodes[sight.port] { return node }
    guard let node = owners[sight.source] else { return sight.source.description }
    return nodesWithPort.contains(node) ? nil : node
  }

  /// Like `sender(of:)`; a virtual MAC's node is known by the advertisement's own source address.
  func sender(of seen: AdvertisementSeen) -> String? {
    guard let sender = sender(of: seen.sight) else { return nil }
    guard portNodes[seen.sight.port] == nil, seen.sight.source.isShared,
      let node = site.nodes.first(where: { $0.addresses.contains(seen.from) })
    else { return sender }
    return nodesWithPort.contains(node.name) ? nil : node.name
  }

  /// Whose MAC this is: a node's name, or the MAC itself for a stranger. nil: nobody's in
  /// particular (a virtual router's MAC, which both nodes use).
  func owner(of mac: MACAddress?) -> String? {
    guard let mac, !mac.isShared else { return nil }
    return owners[mac] ?? mac.description
  }
}

extension MACAddress {
  /// A virtual router's MAC (00:00:5e:00:01:VRID, IPv6 00:00:5e:00:02:VRID; RFC 9568 7.3), or
  /// none at all.
  var isShared: Bool {
    self == .zero || self == .broadcast || (0x5e_0001...0x5e_0002).contains(bits >> 8)
  }
}

extension Event {
  var sight: FrameSight? {
    switch self {
    case .advertisement(let seen): seen.sight
    case .announcement(let seen): seen.sight
    case .datagram(let seen): seen.sight
    default: nil
    }
  }
}
