// Who sent a frame, and whose a hardware address is: by the port it came in at, else by its MAC.

internal import TakeoverModel

struct Attribution: Sendable {
  private let site: Site
  private let portNodes: [String: String]
  private let nodesWithPort: Set<String>
  /// The ports captured by this machine, and the nodes behind them.
  private let portsHere: Set<String>
  private let nodesWithPortHere: Set<String>
  /// Every MAC that some node has or sends from.
  private let known: Set<MACAddress>
  private let owners: [MACAddress: String]

  init(site: Site, observations: [Observation]) {
    self.site = site
    var ports: [String: String] = [:]
    for point in site.captures { ports[point.name] = point.node }
    portNodes = ports
    nodesWithPort = Set(ports.values)
    let here = site.captures.filter { $0.through == nil }
    portsHere = Set(here.map(\.name))
    nodesWithPortHere = Set(here.compactMap(\.node))

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
    known = Set(seen.keys).union(described.keys)
  }

  /// Whether each node has a capture port of its own.
  var hearsEveryNode: Bool { site.nodes.allSatisfy { nodesWithPort.contains($0.name) } }

  struct Sender: Hashable, Sendable {
    /// At which port a frame was seen, the most telling first.
    enum Port: Int, Hashable, Comparable, Sendable {
      /// It came in at the sender's own port, captured here: known to the nanosecond.
      case ownHere
      /// At the sender's own port, captured elsewhere.
      case own
      case other

      static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// A node's name, or a stranger's MAC.
    var name: String
    var port: Port
  }

  /// Who sent what was seen. nil: it is no frame; or nobody can tell; or the same frame is captured
  /// here at another port, where it came in from its sender.
  func sender(of event: Event) -> Sender? {
    guard let sight = event.sight else { return nil }
    if !sight.outgoing, let node = portNodes[sight.port] {
      return Sender(name: node, port: portsHere.contains(sight.port) ? .ownHere : .own)
    }
    guard let name = name(behind: sight, in: event), !nodesWithPortHere.contains(name) else {
      return nil
    }
    return Sender(name: name, port: .other)
  }

  /// A virtual MAC's node is known by the advertisement's own source address.
  private func name(behind sight: FrameSight, in event: Event) -> String? {
    if sight.source.isShared, case .advertisement(let seen) = event,
      let node = site.nodes.first(where: { $0.addresses.contains(seen.from) })
    {
      return node.name
    }
    if let node = owners[sight.source] { return node }
    // On its way out to a node, what several nodes may have sent tells nothing.
    let isAnybodys = sight.source.isShared || known.contains(sight.source)
    return sight.outgoing && isAnybodys ? nil : sight.source.description
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
