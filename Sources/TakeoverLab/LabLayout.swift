// What follows from a description before anything is touched: names, addresses, ports, paths.

package import TakeoverModel

/// One machine of a lab with all that was decided for it.
struct Machine: Hashable, Sendable {
  /// One cable: a port in the fabric, an interface in the machine.
  struct Cable: Hashable, Sendable {
    var bridge: String
    var port: String
    var portMAC: MACAddress
    var interface: String
    var mac: MACAddress
    var address: IPAddress
    var prefix: Int
  }

  var name: String
  /// The machine's folder below the lab's.
  var folder: String
  /// nil: a client.
  var node: LabNode?
  /// One of the pair, with keepalived.
  var isMember: Bool
  var cables: [Cable]
  /// The root file system below the machine's own disk.
  var image: LabImage?

  /// Where its sshd is reached: the last cable is the management's, if there is one.
  var management: IPAddress? { node == nil ? nil : cables.last?.address }
}

package struct LabLayout: Hashable, Sendable {
  package let description: LabDescription
  package let folders: LabFolders
  /// The lab's folder: everything of it is below.
  package let folder: String
  let machines: [Machine]
  /// The fabric's own addresses, per bridge.
  let bridges: [Bridge]

  struct Bridge: Hashable, Sendable {
    var name: String
    var mac: MACAddress
    /// With prefix length.
    var addresses: [String]
  }

  static let lan = "lan"
  static let managementBridge = "management"

  /// What has processes of its own: the pair's members, and the machines beside them.
  var nodes: [Machine] { machines.filter { $0.node != nil } }
  var members: [Machine] { machines.filter(\.isMember) }
  var clients: [Machine] { machines.filter { $0.node == nil } }
  /// The network namespace with the bridges, as a path.
  var fabric: String { folder + "/fabric" }
  var userKey: String { folder + "/keys/user" }
  var knownHosts: String { folder + "/keys/known_hosts" }
  /// The image whose programs make the fabric and the keys.
  var tools: LabImage { nodes.first?.image ?? .host }

  package init(_ description: LabDescription, in folders: LabFolders) throws(Complaint) {
    try folders.check()
    try Self.check(description)
    self.description = description
    self.folders = folders
    folder = folders.state + "/" + description.name
    let network = try Self.managementNetwork(besides: description)
    var machines: [Machine] = []
    let nodes = description.nodes + description.machines
    let all = nodes.map(\.machine) + description.clients
    for (index, machine) in all.enumerated() {
      let node = index < nodes.count ? nodes[index] : nil
      var cables = [
        Machine.Cable(
          bridge: Self.lan, port: machine.name, portMAC: Self.mac(description.name, 1, index),
          interface: "eth0", mac: Self.mac(description.name, 0, index),
          address: machine.address, prefix: machine.prefix)
      ]
      if node?.management == .separate {
        cables.append(
          Machine.Cable(
            bridge: Self.managementBridge, port: machine.name + ".m",
            portMAC: Self.mac(description.name, 3, index), interface: "eth1",
            mac: Self.mac(description.name, 2, index),
            address: .v4(network | UInt32(11 + index)), prefix: 24))
      }
      machines.append(
        Machine(
          name: machine.name, folder: folder + "/machines/" + machine.name, node: node,
          isMember: index < description.nodes.count,
          cables: cables, image: node.map { LabImage($0.image) }))
    }
    self.machines = machines
    let inBand = nodes.first { $0.management == .inBand }
    let inBandAddress = inBand.flatMap { Self.free(besides: description, near: $0.machine) }
    bridges = [
      Bridge(
        name: Self.lan, mac: Self.mac(description.name, 4, 0),
        addresses: inBandAddress.map { [$0] } ?? []),
      Bridge(
        name: Self.managementBridge, mac: Self.mac(description.name, 4, 1),
        addresses: ["\(IPAddress.v4(network | 1))/24"]),
    ]
  }

  /// Locally administered (the 02 bit), the same each time for the same lab, machine and cable.
  private static func mac(_ lab: String, _ kind: UInt64, _ index: Int) -> MACAddress {
    let name = UInt64(Digest.fnv1a(lab) & 0xffff)
    return MACAddress(bits: 0x02 << 40 | name << 24 | kind << 16 | UInt64(index & 0xffff))
  }
}

/// Short names for long texts; not for secrets.
enum Digest {
  /// FNV-1a, 64 bits (draft-eastlake-fnv).
  static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  static func hexadecimal(_ text: String, digits: Int) -> String {
    let all = String(fnv1a(text), radix: 16)
    return String((String(repeating: "0", count: 16 - all.count) + all).prefix(digits))
  }
}
