// The nodes side by side: which instance of one is the same virtual router as which of the other.

package struct Pair: Sendable {
  package let members: [Member]
  package let profile: LintProfile
  package let routers: [VirtualRouter]

  package init(_ members: [Member], profile: LintProfile = LintProfile()) {
    self.members = members
    self.profile = profile
    routers = Matching.routers(of: members)
  }

  var seats: [Seat] { routers.flatMap(\.seats) }

  func seats(of member: Member) -> [Seat] { seats.filter { $0.member.name == member.name } }

  /// Other members than this one.
  func partners(of member: Member) -> [Member] { members.filter { $0.name != member.name } }
}

/// The instances that speak for one set of addresses, at most one of each member.
package struct VirtualRouter: Sendable {
  package var seats: [Seat]

  /// The first seat beside every other one that has another value.
  func differing<Value: Equatable>(_ value: (Seat) -> Value) -> [(one: Seat, other: Seat)] {
    guard let first = seats.first else { return [] }
    return seats.dropFirst().filter { value($0) != value(first) }.map { (first, $0) }
  }

  func partners(of seat: Seat) -> [Seat] { seats.filter { $0.member.name != seat.member.name } }

  /// In the order in which they would hold the addresses: by priority, when all is well.
  var byPriority: [Seat] {
    seats.enumerated().sorted {
      ($1.element.healthyPriority, $0.offset) < ($0.element.healthyPriority, $1.offset)
    }.map(\.element)
  }

  /// `172.17.16.3`, `172.17.16.3 and 2 more`.
  var addressWords: String {
    guard let first = seats.first?.instance.addresses.first?.value.shown else { return "nothing" }
    let more = (seats.first?.instance.addresses.count ?? 1) - 1
    return more == 0 ? first : "\(first) and \(more) more"
  }
}

/// Finds the partner of each instance: by addresses first, then by virtual router id, then by name.
private enum Matching {
  static func routers(of members: [Member]) -> [VirtualRouter] {
    var routers: [VirtualRouter] = []
    for member in members {
      let seats = member.configuration.instances.map { Seat(member: member, instance: $0) }
      var candidates: [(score: Int, router: Int, seat: Int)] = []
      for (router, known) in routers.enumerated() {
        for (index, seat) in seats.enumerated() {
          let score = known.seats.map { likeness(of: $0, and: seat) }.max() ?? 0
          if score > 0 { candidates.append((score, router, index)) }
        }
      }
      candidates.sort { ($1.score, $0.router, $0.seat) < ($0.score, $1.router, $1.seat) }
      var taken: Set<Int> = []
      var placed: Set<Int> = []
      for candidate in candidates
      where !taken.contains(candidate.router) && !placed.contains(candidate.seat) {
        routers[candidate.router].seats.append(seats[candidate.seat])
        taken.insert(candidate.router)
        placed.insert(candidate.seat)
      }
      for (index, seat) in seats.enumerated() where !placed.contains(index) {
        routers.append(VirtualRouter(seats: [seat]))
      }
    }
    return routers
  }

  private static func likeness(of one: Seat, and other: Seat) -> Int {
    guard
      one.isV4 == other.isV4 || one.instance.addresses.isEmpty != other.instance.addresses.isEmpty
    else { return 0 }
    let shared = !one.advertised.isDisjoint(with: other.advertised)
    let sameID = one.routerID != nil && one.routerID == other.routerID
    let sameName = one.instance.name == other.instance.name
    return (shared ? 4 : 0) + (sameID ? 2 : 0) + (sameName ? 1 : 0)
  }
}
