// Which addresses the lab may take for itself, and whether the description's are sound.

import TakeoverModel

extension LabLayout {
  /// The first of a few private /24 networks that no address of the description lies in or near.
  static func managementNetwork(besides description: LabDescription) throws(Complaint) -> UInt32 {
    let taken =
      (description.nodes + description.machines).map { ($0.machine.address, $0.machine.prefix) }
      + description.clients.map { ($0.address, $0.prefix) }
      + description.addresses.map { ($0.address, $0.prefix) }
    for candidate: UInt32 in [0xc0a8_4d00, 0x0a4d_4d00, 0xac1f_4d00] {
      let clash = taken.contains { address, prefix in
        guard case .v4(let value) = address else { return false }
        let mask = mask(min(prefix, 24))
        return value & mask == candidate & mask
      }
      if !clash { return candidate }
    }
    throw Complaint(
      "no network is left for the lab's management interfaces",
      remedy: "use addresses outside one of 192.168.77.0/24, 10.77.77.0/24, 172.31.77.0/24")
  }

  /// An address in the machine's subnet that nobody has, the highest one, with its prefix length.
  static func free(besides description: LabDescription, near machine: LabMachine) -> String? {
    let taken = Set(
      (description.nodes + description.machines).map(\.machine.address)
        + description.clients.map(\.address)
        + description.addresses.map(\.address))
    for step: UInt32 in 1...1024 {
      let candidate: IPAddress
      switch machine.address {
      case .v4(let value):
        let mask = mask(machine.prefix)
        guard step < ~mask else { return nil }
        candidate = .v4((value | ~mask) - step)
      case .v6(let high, let low):
        candidate = .v6(high: high, low: (low | 0xffff) - UInt64(step))
      }
      if !taken.contains(candidate) { return "\(candidate)/\(machine.prefix)" }
    }
    return nil
  }

  private static func mask(_ prefix: Int) -> UInt32 {
    prefix <= 0 ? 0 : ~UInt32(0) << UInt32(32 - min(prefix, 32))
  }

  static func check(_ description: LabDescription) throws(Complaint) {
    try checkName(description.name, limit: 32, of: "lab")
    guard !description.nodes.isEmpty, description.nodes.count <= 240 else {
      throw Complaint("a lab has 1 to 240 nodes", remedy: "list the pair's members under nodes")
    }
    let nodes = description.nodes + description.machines
    let machines = nodes.map(\.machine) + description.clients
    for machine in machines {
      // IFNAMSIZ leaves 15 characters for a port's name; two are the management port's ending.
      try checkName(machine.name, limit: 13, of: "machine")
      guard !["lo", lan, managementBridge].contains(machine.name) else {
        throw Complaint(
          "a machine cannot be called \(machine.name)", remedy: "that is a device of the fabric")
      }
      try checkPrefix(machine.prefix, of: machine.address)
    }
    for node in nodes {
      if case .suite(let suite) = node.image { try checkName(suite, limit: 32, of: "suite") }
      guard (1...255).contains(node.priority) else {
        throw Complaint("priority \(node.priority) of \(node.machine.name)", remedy: "use 1…254")
      }
    }
    for address in description.addresses { try checkPrefix(address.prefix, of: address.address) }
    let names = machines.map(\.name)
    let addresses = machines.map(\.address) + description.addresses.map(\.address)
    guard Set(names).count == names.count, Set(addresses).count == addresses.count else {
      throw Complaint(
        "two machines of lab \(description.name) share a name or an address",
        remedy: "give each its own")
    }
    guard !description.addresses.isEmpty, (1...65535).contains(description.servicePort),
      description.servicePort != 22, description.keepalived.vrid >= 1,
      description.keepalived.lastVRID(of: description.addresses.count) <= 255,
      (2...3).contains(description.keepalived.version),
      description.keepalived.interval >= .milliseconds(10)
    else {
      throw Complaint(
        "lab \(description.name) describes a pair that keepalived cannot play",
        remedy: "it wants a virtual address, vrid 1…255, version 2 or 3, an interval of at least "
          + "10ms, and a service port that is not ssh's")
    }
    if let password = description.keepalived.password {
      try checkName(password, limit: 64, of: "password")
    }
  }

  private static func checkPrefix(_ prefix: Int, of address: IPAddress) throws(Complaint) {
    let longest = address.isV4 ? 32 : 128
    guard (1...longest).contains(prefix) else {
      throw Complaint("\(address)/\(prefix) is no address", remedy: "a prefix is 1…\(longest)")
    }
  }

  /// Names become file names, device names and words of configuration files.
  private static func checkName(
    _ name: String, limit: Int, of kind: String
  ) throws(Complaint) {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard plain, !name.isEmpty, name.utf8.count <= limit, !name.hasPrefix("-") else {
      throw Complaint(
        "“\(name)” cannot be the \(kind)'s name",
        remedy: "use 1 to \(limit) letters, digits, - or _")
    }
  }
}
