// Addresses that a cloud's subnet binds by announcement: what such a subnet does not carry or allow.

internal import TakeoverModel

enum MulticastInACloud: LintRule {
  static let declaration = Rule(
    "KA150", .error, "multicast with a HAVIP",
    "A cloud's subnet carries no multicast. The nodes do not hear each other, both become master, and "
      + "the HAVIP goes to whoever announced last.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.routers.flatMap { router in
      router.seats.filter { !$0.isUnicast }.map { seat in
        let peer = router.partners(of: seat).compactMap(\.source).first
        return finding(
          at: seat.peerPlace, of: seat,
          "speaks multicast, which the subnet does not carry: both nodes become master and take "
            + "\(router.addressWords) from each other",
          mend: "unicast_src_ip \(seat.source?.description ?? "OWN-ADDRESS") and unicast_peer { "
            + "\(peer?.description ?? "OTHER-NODE") }")
      }
    }
  }
}

enum HAVIPMovesBack: LintRule {
  static let declaration = Rule(
    "KA151", .warning, "a HAVIP that moves back",
    "Each move costs the binding's lag, seconds long. Both nodes with state BACKUP and nopreempt leave "
      + "the address where it is until something fails.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.seats.filter { $0.startsAsMaster || !$0.saysNopreempt }.map { seat in
      finding(
        at: seat.startsAsMaster ? seat.statePlace : seat.instance.place, of: seat,
        seat.startsAsMaster
          ? "state MASTER takes the HAVIP back at each return, and each move costs seconds until it is "
            + "bound again"
          : "has no nopreempt: as the better node it takes the HAVIP back at each return, and each move "
            + "costs seconds until it is bound again",
        mend: "state BACKUP and nopreempt on both nodes")
    }
  }
}

enum HAVIPIsOutsideTheSubnet: LintRule {
  static let declaration = Rule(
    "KA152", .error, "a HAVIP outside the node's subnet",
    "A HAVIP is an address of a subnet and binds only to machines in it. The announcement of any other "
      + "address is dropped by the platform.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.seats.flatMap { seat -> [LintFinding] in
      seat.all.compactMap { held -> LintFinding? in
        guard let address = held.value.address,
          let name = held.value.device ?? seat.instance.interface?.value,
          let interface = seat.member.facts?.interface(named: name)
        else { return nil }
        let own = interface.addresses.filter {
          $0.address.isV4 == address.isV4 && !pair.virtual.contains($0.address)
            && !$0.address.isLinkLocal
        }
        guard let first = own.first,
          !own.contains(where: { $0.address.shares(prefix: $0.prefix, with: address) })
        else { return nil }
        return finding(
          at: held.place, of: seat,
          "\(address) is not in \(name)'s subnet (\(first.address)/\(first.prefix)): its announcement "
            + "is dropped, and it reaches nobody",
          mend: "a HAVIP of the subnet of \(first.address)/\(first.prefix)")
      }
    }
  }
}

enum TooManyHAVIPs: LintRule {
  /// Per interface.
  static let most = 5

  static let declaration = Rule(
    "KA153", .error, "more than five HAVIPs on an interface",
    "The platform binds at most five HAVIPs to one interface; the sixth announcement takes no effect."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.members.flatMap { member -> [LintFinding] in
      var count: [String: Int] = [:]
      return pair.seats(of: member).flatMap { seat in
        seat.all.compactMap { held -> LintFinding? in
          let name = held.value.device ?? seat.instance.interface?.value ?? ""
          count[name, default: 0] += 1
          guard count[name] == most + 1 else { return nil }
          return finding(
            at: held.place, of: seat,
            "\(held.value.shown) is HAVIP number \(most + 1) on \(name): the platform binds \(most), "
              + "and this one reaches nobody",
            mend: "at most \(most) addresses on \(name)")
        }
      }
    }
  }
}

enum HAVIPWithStrict: LintRule {
  static let declaration = Rule(
    "KA154", .error, "vrrp_strict with a HAVIP",
    "Strict mode is to have no unicast, which a HAVIP needs, and it drops every packet to the address: "
      + "the HAVIP is bound, and nothing can be reached there.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.seats.filter(\.isStrict).map { seat in
      finding(
        at: seat.strictPlace, of: seat,
        "vrrp_strict is against the unicast that a HAVIP needs, and drops every packet to it",
        mend: "no vrrp_strict")
    }
  }
}

enum HAVIPAnnouncesTooMuch: LintRule {
  static let declaration = Rule(
    "KA155", .warning, "many announcements for several HAVIPs",
    "The platform limits the rate of announcements. Five of each of several addresses at once exceed "
      + "it, and those of the last addresses are dropped: they stay bound to the other node.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.members.compactMap { member -> LintFinding? in
      let seats = pair.seats(of: member)
      let count = seats.reduce(0) { $0 + $1.all.count }
      guard count > 1, let seat = seats.first(where: { $0.repetitions > 1 }) else { return nil }
      return finding(
        at: (seat.instance.announcing.repeat ?? seat.globals.announcing.repeat)?.place
          ?? seat.instance.place, of: seat,
        "\(count) addresses, \(seat.repetitions) announcements each, all at once: the platform drops "
          + "what is beyond its rate",
        mend: "vrrp_garp_master_repeat 1 in global_defs")
    }
  }
}

enum HAVIPWithVirtualMAC: LintRule {
  static let declaration = Rule(
    "KA156", .error, "use_vmac with a HAVIP",
    "The platform knows one MAC address of each interface and drops frames from any other: a virtual MAC "
      + "address reaches nobody.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.profile.isHAVIP else { return [] }
    return pair.seats.compactMap { seat -> LintFinding? in
      guard let virtual = seat.instance.virtualMAC else { return nil }
      return finding(
        at: virtual.place, of: seat,
        "use_vmac announces a MAC address that the platform does not know: the HAVIP is not bound",
        mend: "no use_vmac")
    }
  }
}
