// Ids and addresses that must be used once.

internal import TakeoverModel

enum RouterIDIsTaken: LintRule {
  static let declaration = Rule(
    "KA110", .error, "one virtual_router_id for two instances on an interface",
    "An advertisement says which instance it is for by its virtual router id alone, within an interface "
      + "and an address family. The daemon refuses the second instance, unless their unicast source "
      + "addresses differ (keepalived.conf(5), virtual_router_id).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      let seats = pair.seats(of: member).filter { $0.routerID != nil }.sorted {
        $0.instance.place.line < $1.instance.place.line
      }
      return seats.enumerated().compactMap { index, seat -> LintFinding? in
        let twin = seats[..<index].first {
          $0.routerID == seat.routerID && $0.isV4 == seat.isV4 && $0.isUnicast == seat.isUnicast
            && $0.instance.interface?.value == seat.instance.interface?.value
            && (!seat.isUnicast || $0.source == seat.source)
        }
        guard let twin else { return nil }
        return finding(
          at: seat.instance.routerID?.place ?? seat.instance.place, of: seat,
          "virtual_router_id \(seat.shownID) is \(twin.name)'s on "
            + "\(seat.instance.interface?.value ?? "the same interface") already: the configuration is "
            + "refused",
          mend: "virtual_router_id with a number that no other instance has",
          and: [twin.other(twin.instance.routerID?.place)])
      }
    }
  }
}

enum RouterIDIsReused: LintRule {
  static let declaration = Rule(
    "KA111", .note, "one virtual_router_id on several interfaces",
    "Allowed, but some switches confuse the virtual MAC addresses, and logs are read more easily with "
      + "one number each (keepalived.conf(5), virtual_router_id).")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let member = pair.members.first else { return [] }
    let seats = pair.seats(of: member).filter { $0.routerID != nil }
    return seats.enumerated().compactMap { index, seat -> LintFinding? in
      guard
        let twin = seats[..<index].first(where: {
          $0.routerID == seat.routerID && $0.isV4 == seat.isV4
            && $0.instance.interface?.value != seat.instance.interface?.value
        })
      else { return nil }
      return finding(
        at: seat.instance.routerID?.place ?? seat.instance.place, of: seat,
        "virtual_router_id \(seat.shownID) is \(twin.name)'s on another interface, too",
        mend: "a number of its own", and: [twin.other(twin.instance.routerID?.place)])
    }
  }
}

enum AddressIsTwice: LintRule {
  static let declaration = Rule(
    "KA112", .error, "one virtual address in two instances",
    "Two instances of one node may be master on different nodes at the same time, and then both nodes "
      + "hold the address. Within one instance the second line is only noise.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      var seen: [IPAddress: (seat: Seat, place: Place)] = [:]
      return pair.seats(of: member).flatMap { seat in
        seat.all.compactMap { held -> LintFinding? in
          guard let address = held.value.address else { return nil }
          guard let first = seen[address] else {
            seen[address] = (seat, held.place)
            return nil
          }
          let isOne = first.seat.name == seat.name
          return finding(
            at: held.place, of: seat,
            isOne
              ? "\(address) stands here twice"
              : "\(address) is \(first.seat.name)'s, too: when the two are master on different nodes, "
                + "both nodes hold it",
            mend: "\(address) in one instance only", as: isOne ? .warning : .error,
            and: [first.seat.other(first.place)])
        }
      }
    }
  }
}

enum NoAddress: LintRule {
  static let declaration = Rule(
    "KA113", .error, "an instance without a virtual address",
    "Version 3, IPv6 and strict mode refuse an instance without virtual_ipaddress; version 2 runs it, "
      + "but advertises nothing, and nothing moves but what is excluded.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.instance.addresses.isEmpty }.map { seat in
      let isRefused = seat.version == 3 || seat.isStrict
      return finding(
        at: seat.instance.place, of: seat,
        isRefused
          ? "has no virtual_ipaddress: it is refused"
          : "has no virtual_ipaddress: there is nothing to take over",
        mend: "virtual_ipaddress { 192.0.2.1/24 } with the address that is to move",
        as: isRefused ? .error : .warning)
    }
  }
}

enum RouterIDIsMissing: LintRule {
  static let declaration = Rule(
    "KA114", .error, "an instance without a virtual_router_id",
    "The daemon does not run an instance without a virtual_router_id of 1…255.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.instance.routerID == nil }.map { seat in
      finding(
        at: seat.instance.place, of: seat,
        "has no virtual_router_id: it is refused, and \(seat.member.name) never holds its addresses",
        mend: "virtual_router_id 51, the same on both nodes")
    }
  }
}
