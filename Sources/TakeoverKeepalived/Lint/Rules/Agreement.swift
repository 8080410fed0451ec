// What both nodes must say alike, or they do not hear each other: then both hold the address.

internal import TakeoverModel

enum InstanceIsAlone: LintRule {
  static let declaration = Rule(
    "KA010", .error, "an instance that the other node does not have",
    "Addresses move only between nodes that both have an instance for them: the same "
      + "virtual_router_id, the same addresses. What only one node has is gone when that node is.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.members.count > 1 else { return [] }
    return pair.routers.filter { $0.seats.count < pair.members.count }.flatMap { router in
      router.seats.prefix(1).map { seat in
        let have = Set(router.seats.map(\.member.name))
        let lacking = Words.list(pair.members.map(\.name).filter { !have.contains($0) })
        return finding(
          at: seat.instance.place, of: seat,
          "\(lacking) has no such instance: when \(seat.member.name) fails, nobody takes over "
            + router.addressWords,
          mend: "add vrrp_instance \(seat.name) with virtual_router_id \(seat.routerID ?? 0) to "
            + "\(lacking)")
      }
    }
  }
}

enum RouterIDsDiffer: LintRule {
  static let declaration = Rule(
    "KA011", .error, "virtual_router_id differs",
    "A node takes only advertisements of its own virtual router id for its own (RFC 9568, 7.1). With "
      + "two ids each node hears nobody, becomes master, and holds the address.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.routerID).map { one, other in
        finding(
          at: other.instance.routerID?.place ?? other.instance.place, of: other,
          "virtual_router_id is \(other.shownID), but \(one.shownID) on \(one.member.name): neither "
            + "hears the other, and both hold \(router.addressWords)",
          mend: "virtual_router_id \(one.shownID)", and: [one.other(one.instance.routerID?.place)])
      }
    }
  }
}

enum VersionsDiffer: LintRule {
  static let declaration = Rule(
    "KA012", .error, "the VRRP version differs",
    "keepalived drops advertisements of another version than its own. The version is `version` in the "
      + "instance, else vrrp_version in global_defs, else 2; IPv6 instances speak 3.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.version).map { one, other in
        finding(
          at: other.versionPlace, of: other,
          "speaks VRRP version \(other.version), but \(one.member.name) version \(one.version): each "
            + "drops the other's advertisements, and both hold \(router.addressWords)",
          mend: "version \(max(one.version, other.version)) in both instances",
          and: [one.other(one.versionPlace)])
      }
    }
  }
}

enum IntervalsDiffer: LintRule {
  static let declaration = Rule(
    "KA013", .error, "advert_int differs",
    "In VRRP version 2 an advertisement with another interval than the own is dropped (RFC 3768, "
      + "7.1): both nodes become master. In version 3 the backup adopts the master's interval "
      + "(RFC 9568, 6.4.2), so that the time of a takeover depends on who was master.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.interval).compactMap { one, other -> LintFinding? in
        guard one.version == other.version else { return nil }
        let mine = Words.time(other.interval)
        let theirs = Words.time(one.interval)
        let isFatal = other.version == 2
        return finding(
          at: other.intervalPlace, of: other,
          isFatal
            ? "advert_int is \(mine), but \(theirs) on \(one.member.name): each drops the other's "
              + "advertisements, and both hold \(router.addressWords)"
            : "advert_int is \(mine), but \(theirs) on \(one.member.name): a takeover from "
              + "\(one.member.name) takes \(Words.time(one.interval * other.downTimerAdverts)) and "
              + "the skew, one from \(other.member.name) "
              + "\(Words.time(other.interval * one.downTimerAdverts)) and the skew",
          mend: "advert_int \(Words.seconds(one.interval))", as: isFatal ? .error : .warning,
          and: [one.other(one.intervalPlace)])
      }
    }
  }
}

enum ModesDiffer: LintRule {
  static let declaration = Rule(
    "KA014", .error, "one node speaks unicast, the other multicast",
    "A node with unicast_peer sends to its peers only and drops what comes by multicast; one without "
      + "sends to the group. Neither hears the other.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.isUnicast).map { one, other in
        let silent = one.isUnicast ? other : one
        let speaking = one.isUnicast ? one : other
        return finding(
          at: silent.peerPlace, of: silent,
          "has no unicast_peer and speaks multicast, but \(speaking.member.name) speaks unicast: "
            + "neither hears the other, and both hold \(router.addressWords)",
          mend:
            "unicast_peer { \(speaking.source?.description ?? "address of \(speaking.member.name)") }",
          and: [speaking.other(speaking.peerPlace)])
      }
    }
  }
}

enum AuthenticationDiffers: LintRule {
  static let declaration = Rule(
    "KA015", .error, "authentication differs",
    "VRRP version 2 compares the type and the first eight bytes of the password and drops what "
      + "differs. Passwords are not shown here; compare them in the files.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.key).compactMap { one, other -> LintFinding? in
        guard one.version == other.version else { return nil }
        let what =
          one.key.kind == other.key.kind
          ? "auth_pass differs from \(one.member.name)'s in its first eight bytes"
          : "authentication is \(other.key.kind), but \(one.key.kind) on \(one.member.name)"
        return finding(
          at: other.keyPlace, of: other,
          "\(what): each drops the other's advertisements, and both hold \(router.addressWords)",
          mend: "the same authentication block on both nodes", and: [one.other(one.keyPlace)])
      }
    }
  }
}

enum PasswordTailsDiffer: LintRule {
  static let declaration = Rule(
    "KA016", .note, "passwords differ only after the eighth byte",
    "keepalived compares the first eight bytes of auth_pass (keepalived.conf(5)): the nodes "
      + "understand each other, but whoever changed one of them believed otherwise.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing { $0.instance.authentication?.password?.value }
        .filter { $0.one.key == $0.other.key && $0.one.key != .none }.map { one, other in
          finding(
            at: other.keyPlace, of: other,
            "auth_pass differs from \(one.member.name)'s after the eighth byte, which nobody reads: "
              + "the nodes do hear each other",
            mend: "the same auth_pass of at most eight bytes on both nodes",
            and: [one.other(one.keyPlace)])
        }
    }
  }
}

extension Seat {
  var shownID: String { routerID.map(String.init) ?? "missing" }
  var keyPlace: Place {
    instance.authentication?.password?.place ?? instance.authentication?.type?.place
      ?? instance.place
  }

  func other(_ place: Place?) -> LintFinding.Other {
    LintFinding.Other(member: member.name, place: place ?? instance.place)
  }
}
