// A cloud subnet as a machine of states: announcements, requests and the clock go in, decisions and
// what the data plane must be come out. It touches nothing; the rules are those of a HAVIP.

package import TakeoverModel

package struct Subnet: Sendable {
  /// A gratuitous ARP frame, as it came in at a port.
  package struct Announcement: Hashable, Sendable {
    package var port: String
    package var hardware: MACAddress
    package var address: IPAddress

    package init(port: String, hardware: MACAddress, address: IPAddress) {
      self.port = port
      self.hardware = hardware
      self.address = address
    }
  }

  /// Where an address goes.
  package struct Binding: Hashable, Sendable {
    package var member: SubnetDescription.Member
    package var hardware: MACAddress
  }

  /// A binding that was announced and is on its way.
  struct Pending: Hashable, Sendable {
    var due: Int64
    var binding: Binding
  }

  /// A highly available virtual IP.
  package struct HAVIP: Hashable, Sendable {
    package var id: String
    package var name: String
    package var address: IPAddress
    package var checksAssociation: Bool
    package var associations: [Association]
    package var createdAt: Int64
    /// When the binding last changed; nil: never.
    package var flushedAt: Int64?
    package var binding: Binding?
    var pending: [Pending] = []

    /// Who has it once all that was announced has taken effect.
    var latest: Binding? { pending.last?.binding ?? binding }
  }

  /// A machine, or one interface of it, that may have the address.
  package struct Association: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case machine = "CVM"
      case interface = "ENI"
    }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
      self.kind = kind
      self.id = id
    }

    func names(_ member: SubnetDescription.Member) -> Bool {
      id == (kind == .machine ? member.instance : member.interface)
    }
  }

  /// An ordinary private address, and where it is being moved to.
  struct Private: Hashable, Sendable {
    struct Move: Hashable, Sendable {
      var due: Int64
      var to: SubnetDescription.Member
    }

    var address: IPAddress
    var member: SubnetDescription.Member
    var move: Move?
  }

  /// HAVIPs that one interface may have; the platform's own limit.
  package static let mostPerInterface = 5

  package let description: SubnetDescription
  package internal(set) var havips: [HAVIP] = []
  var owned: [Private] = []
  /// What was made for a request that may be repeated, by its token.
  var tokens: [String: String] = [:]
  /// Of the HAVIP that is made next.
  var nextNumber = 1
  private var rates: [String: [Int64]] = [:]
  private var refusals: [Refusal: (told: Int64, untold: Int)] = [:]

  private struct Refusal: Hashable {
    var announcement: Announcement
    var reason: String
  }

  package init(_ description: SubnetDescription, at now: Int64) {
    self.description = description
    for address in description.havips {
      let id = newIdentifier()
      havips.append(
        HAVIP(
          id: id, name: id, address: address, checksAssociation: description.associated != nil,
          associations: (description.associated ?? []).map { Association(.machine, "ins-" + $0) },
          createdAt: now))
    }
    owned = description.owned.compactMap { entry in
      description.members.first { $0.node == entry.node }.map {
        Private(address: entry.address, member: $0)
      }
    }
  }

  mutating func newIdentifier() -> String {
    defer { nextNumber += 1 }
    return "havip-lab\(nextNumber)"
  }

  // MARK: Announcements

  /// What an announcement that the kernel stamped at `now` does. Most do nothing: a machine repeats what
  /// is known.
  package mutating func hear(_ announcement: Announcement, at now: Int64) -> [Decision] {
    guard let member = description.members.first(where: { $0.port == announcement.port }),
      announcement.address != member.address
    else { return [] }
    if let reason = limit(announcement.port, at: now) ?? objection(to: announcement, by: member) {
      return refuse(announcement, by: member, at: now, reason)
    }
    guard let index = havips.firstIndex(where: { $0.address == announcement.address }) else {
      return []
    }
    let binding = Binding(member: member, hardware: announcement.hardware)
    let before = havips[index].latest
    guard before != binding else { return [] }
    havips[index].pending.append(Pending(due: now + description.lag, binding: binding))
    let whose =
      switch before?.member {
      case nil: "it was unbound"
      case member: "it was bound to another Ethernet address there"
      case let other?: "it was \(other.node)'s"
      }
    return [
      Decision(
        at: now, .believed, announcement.address, member, hardware: announcement.hardware,
        reason: "the last announcement wins; \(whose)")
    ]
  }

  /// Why nobody may announce so often; nil: there is room. What is refused for it does not count.
  private mutating func limit(_ port: String, at now: Int64) -> String? {
    guard let most = description.announcementsPerSecond else { return nil }
    let recent = rates[port, default: []].filter { $0 > now - 1_000_000_000 }
    guard recent.count < most else {
      rates[port] = recent
      return "more than \(most) announcements per second come from this interface"
    }
    rates[port] = recent + [now]
    return nil
  }

  /// Why this machine may not announce this address; nil: it may, or it is its own.
  private func objection(
    to announcement: Announcement, by member: SubnetDescription.Member
  ) -> String? {
    let address = announcement.address
    if let own = owned.first(where: { $0.address == address }) {
      return own.member == member
        ? nil
        : "anti-spoofing: it is an ordinary private address of \(own.member.node), no HAVIP; only a "
          + "request to the control plane moves it"
    }
    if let own = description.members.first(where: { $0.address == address }) {
      return "anti-spoofing: it is \(own.node)'s own address"
    }
    guard let havip = havips.first(where: { $0.address == address }) else {
      return "anti-spoofing: it is no HAVIP and no address of \(member.node)"
    }
    guard description.contains(member.address) else {
      return "\(member.node) is not in the HAVIP's subnet"
    }
    guard isAssociated(member, with: havip) else {
      return "\(member.node) is not in the association set of \(havip.id)"
    }
    let others = havips.count { $0.address != address && $0.latest?.member == member }
    guard others < Self.mostPerInterface else {
      return "this interface has \(Self.mostPerInterface) HAVIPs, which is the most"
    }
    return nil
  }

  func isAssociated(_ member: SubnetDescription.Member, with havip: HAVIP) -> Bool {
    !havip.checksAssociation || havip.associations.contains { $0.names(member) }
  }

  /// The same refusal is told once a second: a storm of announcements is no storm of decisions.
  private mutating func refuse(
    _ announcement: Announcement, by member: SubnetDescription.Member, at now: Int64,
    _ reason: String
  ) -> [Decision] {
    let refusal = Refusal(announcement: announcement, reason: reason)
    if let last = refusals[refusal], now - last.told < 1_000_000_000 {
      refusals[refusal]?.untold += 1
      return []
    }
    let untold = refusals[refusal]?.untold ?? 0
    refusals[refusal] = (now, 0)
    // What was refused long ago and told is forgotten, or a rogue's inventions would fill the memory.
    if refusals.count > 1_000 {
      refusals = refusals.filter { now - $0.value.told < 1_000_000_000 }
    }
    var decision = Decision(
      at: now, .refused, announcement.address, member, hardware: announcement.hardware,
      reason: reason)
    decision.more = untold
    return [decision]
  }

  // MARK: The clock

  /// When something changes by itself; nil: nothing is on its way.
  package var nextChange: Int64? {
    (havips.flatMap { $0.pending.map(\.due) } + owned.compactMap { $0.move?.due }).min()
  }

  /// Carries out what is due. Each is dated when it was due; the data plane follows.
  package mutating func advance(to now: Int64) -> [Decision] {
    var decisions: [Decision] = []
    for index in havips.indices {
      while let next = havips[index].pending.first, next.due <= now {
        havips[index].pending.removeFirst()
        havips[index].binding = next.binding
        havips[index].flushedAt = now
        decisions.append(
          Decision(
            at: next.due, .bound, havips[index].address, next.binding.member,
            hardware: next.binding.hardware, reason: "its announcement took effect"))
      }
    }
    for index in owned.indices {
      guard let move = owned[index].move, move.due <= now else { continue }
      let from = owned[index].member
      owned[index].member = move.to
      owned[index].move = nil
      decisions.append(
        Decision(
          at: move.due, .moved, owned[index].address, move.to,
          reason: "MigratePrivateIpAddress from \(from.node)"))
    }
    return decisions.sorted { $0.at < $1.at }
  }
}
