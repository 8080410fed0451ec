// What a lab's cloud subnet must agree with: its machines, its addresses, and what such a subnet knows.

internal import TakeoverModel

extension CrossCheck {
  /// `machines`: nodes and machines beside them, whose values have an `address`.
  mutating func isFabric(
    _ fabric: Checked, machines: [Checked.Named], clients: [Checked.Named], addresses: [Checked]
  ) {
    let names = (machines + clients).map(\.name)
    let owned = fabric["owned"]?.named ?? []
    let associated = fabric["associated"]?.list ?? []
    for name in associated + owned.map(\.value) { isNode(name, among: names) }
    if associated.count > 10 {
      diagnostics.report(
        .outOfBounds, at: associated[10].span, "an association set has at most 10 machines")
    }
    for address in addresses where address.network?.address.isV4 == false {
      diagnostics.report(
        .notAnAddress, at: address.span, "a highly available virtual IP is an IPv4 address",
        suggestion: "leave fabric out for IPv6")
    }
    let virtual = addresses.compactMap { $0.network?.address }
    for havip in fabric["havips"]?.list ?? [] {
      guard let address = havip.address else { continue }
      if !virtual.contains(address) {
        diagnostics.report(
          .notAnAddress, at: havip.span, "\(address) is none of the lab's virtual addresses",
          allowed: ShapeReader.listed("addresses", virtual.map(\.description)))
      } else if owned.contains(where: { $0.name == address.description }) {
        diagnostics.report(
          .sameAddress, at: havip.span, "\(address) is owned by a machine, too",
          suggestion: "an address is a HAVIP or an ordinary one")
      }
    }
    let own =
      machines.compactMap { $0.value["address"]?.network?.address }
      + clients.compactMap { $0.value.network?.address }
    for entry in owned where own.contains(where: { $0.description == entry.name }) {
      diagnostics.report(
        .sameAddress, at: entry.span, "\(entry.name) is a machine's own address already")
    }
    guard let first = machines.first?.value["address"]?.network else { return }
    let subnet = SubnetDescription(
      address: first.address, prefix: first.prefix, members: [], havips: [])
    let floating = addresses.compactMap { checked in
      checked.network.map { ($0.address, checked.span) }
    }
    let ordinary = owned.compactMap { entry in IPAddress(entry.name).map { ($0, entry.span) } }
    for (address, span) in floating + ordinary where address.isV4 && !subnet.contains(address) {
      diagnostics.report(
        .outOfBounds, at: span,
        "\(address) is not in the subnet of the first node, \(first.address)/\(first.prefix)",
        suggestion: "a fabric is one subnet")
    }
  }
}
