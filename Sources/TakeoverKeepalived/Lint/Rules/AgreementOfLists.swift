// Lists and counts that both nodes must have alike: addresses, routes, timers, groups, checks.

internal import TakeoverModel

enum AddressesDiffer: LintRule {
  static let declaration = Rule(
    "KA017", .error, "the advertised addresses differ",
    "An advertisement carries the addresses of virtual_ipaddress; keepalived up to 2.2 drops one "
      + "with another number of addresses than its own, and both nodes become master. 2.3.3 goes on, "
      + "but then the address that only one node has does not move. vrrp_skip_check_adv_addr only "
      + "spares the check for an unchanged sender.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.advertised).flatMap { one, other in
        let missing = one.advertised.subtracting(other.advertised)
        let extra = other.advertised.subtracting(one.advertised)
        let what = [
          missing.isEmpty ? nil : "lacks \(Words.list(missing))",
          extra.isEmpty ? nil : "has \(Words.list(extra)) besides",
        ].compactMap { $0 }.joined(separator: " and ")
        let place = other.all.first { $0.value.address.map(extra.contains) ?? false }?.place
        return [
          finding(
            at: place ?? other.instance.addresses.first?.place ?? other.instance.place, of: other,
            "virtual_ipaddress \(what), compared with \(one.member.name): "
              + consequence(one, other),
            mend:
              "virtual_ipaddress with \(Words.list(one.instance.addresses.map(\.value.text))) on both "
              + "nodes",
            and: [one.other(one.instance.addresses.first?.place)])
        ]
      }
    }
  }

  /// 2.3.3 reports the difference and believes the master; versions before it do not.
  private static func consequence(_ one: Seat, _ other: Seat) -> String {
    if one.member.daemon >= .trixie, other.member.daemon >= .trixie {
      return "what only one node has is gone when that node is"
    }
    return "each drops the other's advertisements, and both hold their addresses"
  }
}

enum AddressDetailsDiffer: LintRule {
  static let declaration = Rule(
    "KA018", .warning, "the same address with another prefix, device or label",
    "These are not advertised, so nobody complains; but after the takeover the address stands with "
      + "another network or on another device, and routes and clients see a different machine.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let one = router.seats.first else { return [] }
      return router.seats.dropFirst().flatMap { other in
        other.all.compactMap { held -> LintFinding? in
          guard let address = held.value.address,
            let twin = one.all.first(where: { $0.value.address == address }),
            details(of: twin.value, at: one) != details(of: held.value, at: other)
          else { return nil }
          return finding(
            at: held.place, of: other,
            "\(address) is /\(held.value.length) on \(device(of: held.value, at: other)) here, but "
              + "/\(twin.value.length) on \(device(of: twin.value, at: one)) on \(one.member.name): "
              + "it is not the same after a takeover",
            mend: twin.value.text, and: [one.other(twin.place)])
        }
      }
    }
  }

  /// A device counts only where one is written: interfaces may have other names on other machines.
  private static func details(of held: HeldAddress, at seat: Seat) -> [String] {
    [
      String(held.length), held.device == seat.instance.interface?.value ? "" : held.device ?? "",
      held.label.map { String($0.split(separator: ":").last ?? "") } ?? "",
    ]
  }

  private static func device(of held: HeldAddress, at seat: Seat) -> String {
    (held.device ?? seat.instance.interface?.value ?? "no device")
      + (held.label.map { " (label \($0))" } ?? "")
  }
}

enum ExcludedAddressesDiffer: LintRule {
  static let declaration = Rule(
    "KA019", .error, "the excluded addresses differ",
    "Addresses of virtual_ipaddress_excluded move with the instance but are not advertised: no "
      + "daemon notices that the other node does not have them.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.excluded).flatMap { one, other -> [LintFinding] in
        let sides = [(one, other), (other, one)]
        return sides.compactMap { having, lacking -> LintFinding? in
          let missing = having.excluded.subtracting(lacking.excluded)
          guard !missing.isEmpty else { return nil }
          return finding(
            at: lacking.instance.excludedAddresses.first?.place ?? lacking.instance.place,
            of: lacking,
            "virtual_ipaddress_excluded lacks \(Words.list(missing)): while \(lacking.member.name) is "
              + "master, nobody holds \(missing.count == 1 ? "it" : "them")",
            mend:
              "virtual_ipaddress_excluded with \(Words.list(missing))",
            and: [having.other(having.instance.excludedAddresses.first?.place)])
        }
      }
    }
  }
}

enum DownTimersDiffer: LintRule {
  static let declaration = Rule(
    "KA020", .warning, "down_timer_adverts differs",
    "All routers of an instance must use the same value (keepalived.conf(5)): else the time of a "
      + "takeover depends on who takes.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.downTimerAdverts).map { one, other in
        finding(
          at: other.downTimerPlace, of: other,
          "down_timer_adverts is \(other.downTimerAdverts), but \(one.downTimerAdverts) on "
            + "\(one.member.name): \(other.member.name) takes over after "
            + "\(Words.time(other.masterDown)) of silence, \(one.member.name) after "
            + "\(Words.time(one.masterDown))",
          mend: "down_timer_adverts \(one.downTimerAdverts)", and: [one.other(one.downTimerPlace)])
      }
    }
  }
}

enum GroupsOfMulticastDiffer: LintRule {
  static let declaration = Rule(
    "KA021", .error, "the multicast group differs",
    "vrrp_mcast_group4, vrrp_mcast_group6 and mcast_dst_ip say where advertisements are sent and "
      + "heard. Nodes with different groups do not hear each other.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.multicastGroup).filter { !$0.one.isUnicast && !$0.other.isUnicast }
        .map { one, other in
          finding(
            at: other.multicastPlace, of: other,
            "advertises to \(other.multicastGroup), but \(one.member.name) to \(one.multicastGroup): "
              + "neither hears the other, and both hold \(router.addressWords)",
            mend:
              "the same group on both nodes, or none: \(other.isV4 ? "224.0.0.18" : "ff02::12")",
            and: [one.other(one.multicastPlace)])
        }
    }
  }
}

enum RoutesDiffer: LintRule {
  static let declaration = Rule(
    "KA022", .warning, "virtual routes or rules differ",
    "virtual_routes and virtual_rules are set by whoever is master. Where the nodes differ, a takeover "
      + "changes the routing, too.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.differing(\.routing).map { one, other in
        let lost = one.routing.subtracting(other.routing).sorted().first
        let extra = other.routing.subtracting(one.routing).sorted().first
        let what =
          lost.map { "lacks `\($0)`" } ?? extra.map { "has `\($0)` besides" } ?? "differ"
        return finding(
          at: (other.instance.routes + other.instance.rules).first?.place ?? other.instance.place,
          of: other, "virtual routes and rules: \(what), compared with \(one.member.name)",
          mend: "the same virtual_routes and virtual_rules on both nodes",
          and: [one.other((one.instance.routes + one.instance.rules).first?.place)])
      }
    }
  }
}

enum ChecksDiffer: LintRule {
  static let declaration = Rule(
    "KA023", .warning, "the nodes check different things",
    "What one node tracks and the other does not makes the pair lopsided: the node without the check "
      + "keeps or takes the address although its service is dead.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let one = router.seats.first else { return [] }
      return router.seats.dropFirst().flatMap { other in
        [(one, other), (other, one)].flatMap { having, lacking in
          having.watches.filter { watch in
            watch.kind != .interface
              && !lacking.watches.contains { $0.kind == watch.kind && $0.name == watch.name }
          }.map { watch in
            finding(
              at: lacking.instance.place, of: lacking,
              "\(having.member.name) tracks \(watch.name) and \(lacking.member.name) does not: "
                + "\(lacking.member.name) keeps \(router.addressWords) when that fails",
              mend: "\(watch.kind.rawValue) { \(watch.name) }", and: [having.other(watch.place)])
          }
        }
      }
    }
  }
}

extension Seat {
  var excluded: Set<IPAddress> { Set(instance.excludedAddresses.compactMap(\.value.address)) }
  var routing: Set<String> { Set((instance.routes + instance.rules).map(\.value)) }

  private var writtenGroup: Placed<String>? {
    instance.multicastGroup ?? (isV4 ? globals.multicastGroup : globals.multicastGroupV6)
  }
  var multicastGroup: String { writtenGroup?.value ?? (isV4 ? "224.0.0.18" : "ff02::12") }
  var multicastPlace: Place { writtenGroup?.place ?? instance.place }
}
