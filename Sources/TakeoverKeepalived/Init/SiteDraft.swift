// A site for VRRP instances that both nodes configure: who they are, what moves between them, and where
// it can be seen. Pure.

package import TakeoverModel

package enum SiteDraft {
  /// The names of the instances that the pair shares: same family and virtual router, other nodes.
  package static func instances(of members: [Member]) -> [String] {
    guard members.count == 2 else { return [] }
    return members[0].configuration.instances.filter { instance in
      partner(of: instance, in: members[1]) != nil
    }.map(\.name)
  }

  /// Those two hear each other. The linter's `Pair` is not asked: it also puts side by side what was
  /// only meant to be one virtual router, by addresses or by name, and that is no pair to run.
  private static func partner(of instance: Instance, in other: Member) -> Instance? {
    other.configuration.instances.first {
      $0.routerID?.value == instance.routerID?.value && instance.routerID != nil
        && $0.effectiveFamily == instance.effectiveFamily
    }
  }

  /// Whether these instances move in step on both nodes, so that one site can have all their addresses.
  package static func moveTogether(_ chosen: [String], of members: [Member]) -> Bool {
    guard members.count == 2 else { return false }
    let own = members[0].configuration.instances.filter { chosen.contains($0.name) }
    let others = own.compactMap { partner(of: $0, in: members[1]) }
    return zip(members, [own, others]).allSatisfy { member, instances in
      let addresses = instances.flatMap { $0.addresses + $0.excludedAddresses }
        .compactMap(\.value.address)
      return instances.count == chosen.count
        && (try? Speaker(member, holding: addresses))?.instances == chosen.count
    }
  }

  /// `here`: an interface of this machine in the pair's segment, if there is one. Without it, the
  /// nodes capture, and nobody asks the addresses from outside.
  package static func site(
    named name: String, of members: [Member], instances chosen: [String], reaches: [Reach],
    here: String?
  ) throws(Complaint) -> Site {
    var pairs: [(first: Instance, second: Instance)] = []
    var addresses: [VirtualAddress] = []
    for chosen in chosen {
      guard members.count == 2, reaches.count == 2,
        let first = members[0].configuration.instances.first(where: { $0.name == chosen }),
        let second = partner(of: first, in: members[1])
      else {
        throw Complaint(
          "no vrrp_instance of both nodes is called \(chosen)",
          remedy: "the pair shares \(instances(of: members).joined(separator: ", "))")
      }
      let held = (first.addresses + first.excludedAddresses).compactMap { held in
        held.value.address.map {
          VirtualAddress($0, prefix: held.value.prefix ?? ($0.isV4 ? 32 : 128))
        }
      }
      guard !held.isEmpty else {
        throw Complaint(
          "\(chosen) of \(members[0].name) has no virtual address", remedy: "add virtual_ipaddress")
      }
      pairs.append((first, second))
      addresses += held
    }
    guard let (first, second) = pairs.first else {
      throw Complaint("a site is drafted for a vrrp_instance, and none is named", remedy: "")
    }
    let virtual = Set(addresses.map(\.address))
    var nodes: [Node] = []
    for (index, instance) in [first, second].enumerated() {
      nodes.append(
        try node(members[index], instance, reaches[index], besides: virtual))
    }
    let isAsked = here != nil
    let captures =
      here.map { [CapturePoint(name: "lan", interface: $0)] }
      ?? nodes.map {
        CapturePoint(
          name: "on-\($0.name)", interface: $0.interface, node: $0.name, through: $0.name)
      }
    let vantages = here.map { [VantagePoint(name: "here", interface: $0)] } ?? []
    return Site(
      name: name, environment: .test, nodes: nodes, addresses: addresses,
      vrid: pairs.count == 1 ? first.routerID?.value : nil, captures: captures, vantages: vantages,
      probing: isAsked ? Probing() : Probing(arp: nil, echo: nil))
  }

  private static func node(
    _ member: Member, _ instance: Instance, _ reach: Reach, besides virtual: Set<IPAddress>
  ) throws(Complaint) -> Node {
    guard let interface = instance.interface?.value else {
      throw Complaint(
        "\(instance.name) of \(member.name) names no interface", remedy: "add interface")
    }
    let seen = member.facts?.interface(named: interface)?.addresses.map(\.address) ?? []
    var own = seen.filter { !virtual.contains($0) && !$0.isLinkLocal }
    if own.isEmpty, let source = instance.unicastSource.flatMap({ IPAddress($0.value) }) {
      own = [source]
    }
    guard !own.isEmpty else {
      throw Complaint(
        "the own address of \(member.name) on \(interface) is not known",
        remedy: "add unicast_src_ip to its configuration, or let takeover init read the node itself"
      )
    }
    guard case .priority(let priority) = member.configuration.effectivePriority(of: instance) else {
      throw Complaint("\(instance.name) of \(member.name) is never more than in FAULT", remedy: "")
    }
    return Node(
      name: member.name, reach: reach, interface: interface, addresses: own,
      services: ["keepalived": .unit("keepalived")], priority: priority)
  }
}
