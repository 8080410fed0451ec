// Interfaces: those of the instances, those that are tracked, and virtual MAC addresses.

internal import TakeoverModel

enum InterfaceIsMissing: LintRule {
  static let declaration = Rule(
    "KA120", .error, "an interface that the node does not have",
    "Without dynamic_interfaces the daemon refuses a configuration that names an interface which is not "
      + "there when it starts; with it, the instance is in fault until it appears.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let written = seat.instance.interface, let known = seat.member.facts?.interfaces,
        !known.contains(where: { $0.name == written.value })
      else { return nil }
      let near = known.filter { $0.name != "lo" }.map(\.name)
      return finding(
        at: written.place, of: seat,
        "\(seat.member.name) has no interface \(written.value): the instance does not run there",
        mend:
          "interface \(near.count == 1 ? near[0] : "with one of: \(near.joined(separator: ", "))")")
    }
  }
}

enum InterfaceIsDown: LintRule {
  static let declaration = Rule(
    "KA121", .warning, "the instance's interface is down",
    "An instance whose interface is down is in fault: it is no candidate, and the pair is one node."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let written = seat.instance.interface,
        let interface = seat.member.facts?.interface(named: written.value), !interface.isUp
      else { return nil }
      return finding(
        at: written.place, of: seat,
        "\(written.value) is down on \(seat.member.name): it cannot take over now",
        mend: "ip link set \(written.value) up")
    }
  }
}

enum OwnInterfaceIsTracked: LintRule {
  static let declaration = Rule(
    "KA122", .note, "the instance's own interface in track_interface",
    "An instance tracks its own interface always (but for dont_track_primary); keepalived ignores the "
      + "line, and with it a weight.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat in
      seat.instance.interfaces.filter { $0.name == seat.instance.interface?.value }.map { tracked in
        let weight = tracked.weight ?? 0
        return finding(
          at: tracked.place, of: seat,
          weight == 0
            ? "track_interface names \(tracked.name), the instance's own interface, which is tracked "
              + "anyway"
            : "track_interface names the instance's own interface \(tracked.name) with weight "
              + "\(weight): the line is ignored, and its loss is a fault",
          mend: "track_interface without \(tracked.name)", as: weight == 0 ? .note : .warning)
      }
    }
  }
}

enum PrimaryIsNotTracked: LintRule {
  static let declaration = Rule(
    "KA123", .warning, "dont_track_primary",
    "With it the instance does not leave when its interface goes down. The node without a link hears "
      + "nobody, stays or becomes master, and so does the other: two holders as soon as the link is "
      + "back.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let written = seat.instance.doesNotTrackPrimary, written.value else { return nil }
      let other = seat.instance.interfaces.first { $0.name == seat.instance.interface?.value }
      return finding(
        at: written.place, of: seat,
        "dont_track_primary: without a link on \(seat.instance.interface?.value ?? "its interface") "
          + "\(seat.member.name) stays master and keeps its addresses, while the other node takes them"
          + (other == nil ? "" : " (track_interface does not bring the tracking back)"),
        mend: "remove dont_track_primary")
    }
  }
}

enum TrackedInterfaceIsMissing: LintRule {
  static let declaration = Rule(
    "KA124", .error, "a tracked interface that the node does not have",
    "What is not there cannot be up: the instance is in fault, or the configuration is refused.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat -> [LintFinding] in
      guard let known = seat.member.facts?.interfaces else { return [] }
      return seat.watches.filter { watch in
        watch.kind == .interface && watch.name != seat.instance.interface?.value
          && !known.contains { $0.name == watch.name }
      }.map { watch in
        finding(
          at: watch.place, of: seat,
          "track_interface names \(watch.name), which \(seat.member.name) does not have: the instance "
            + "cannot become master there",
          mend: "the name of an interface of \(seat.member.name)")
      }
    }
  }
}

enum AddressIsElsewhere: LintRule {
  static let declaration = Rule(
    "KA125", .note, "an address on another interface than the instance's",
    "Switches learn a MAC address from what it sends. Advertisements keep that of the instance's "
      + "interface fresh; that of another one is sent only in answers, and may be forgotten "
      + "(keepalived.conf(5), virtual_ipaddress: garp_extra_if).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat -> [LintFinding] in
      guard let own = seat.instance.interface?.value else { return [] }
      return seat.all.filter { $0.value.device.map { $0 != own && $0 != "lo" } ?? false }.map {
        held in
        finding(
          at: held.place, of: seat,
          "\(held.value.shown) is on \(held.value.device ?? ""), and the advertisements on \(own): "
            + "switches may forget where the address is",
          mend: "garp_extra_if all 100")
      }
    }
  }
}

enum VirtualMACWithUnicast: LintRule {
  static let declaration = Rule(
    "KA126", .warning, "use_vmac with unicast peers but without vmac_xmit_base",
    "With unicast peers vmac_xmit_base must be set (keepalived.conf(5), use_vmac, NOTE 2): the macvlan "
      + "has no address to send from. The daemon sets it by itself, and `keepalived -t` refuses the "
      + "file; strict mode takes it away again.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let virtual = seat.instance.virtualMAC, seat.isUnicast,
        !(seat.instance.baseTransmits?.value ?? false)
      else { return nil }
      return finding(
        at: virtual.place, of: seat,
        "use_vmac with unicast_peer needs vmac_xmit_base: the daemon sets it unasked, and a test of "
          + "the configuration fails",
        mend: "vmac_xmit_base")
    }
  }
}

enum VirtualMACFiltersSources: LintRule {
  static let declaration = Rule(
    "KA127", .note, "use_vmac without vmac_xmit_base",
    "Advertisements are then sent and received on the macvlan, as the RFC has it. Networks that allow a "
      + "port one MAC address (virtual switches, clouds, port security) drop them, and the daemon "
      + "changes the rp_filter sysctls while it runs (keepalived.conf(5), use_vmac).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let virtual = seat.instance.virtualMAC, !seat.isUnicast,
        !(seat.instance.baseTransmits?.value ?? false)
      else { return nil }
      return finding(
        at: virtual.place, of: seat,
        "use_vmac sends from a second MAC address: a port that allows one drops the advertisements, and "
          + "both nodes become master",
        mend: "vmac_xmit_base where ports allow one MAC address only")
    }
  }
}

enum RemovalTakesOthersAlong: LintRule {
  static let declaration = Rule(
    "KA128", .warning, "addresses of one network in several instances, without promote_secondaries",
    "Removing an address also removes its secondaries: other addresses of the same network on the same "
      + "interface, also those of an instance that stays master (keepalived.conf(5), "
      + "promote_secondaries). It happens where no own address of the node is in that network.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      let seats = pair.seats(of: member)
      return seats.enumerated().flatMap { index, seat in
        seat.all.compactMap { held -> LintFinding? in
          guard let address = held.value.address, address.isV4, held.value.length < 32,
            !(seat.instance.promotesSecondaries?.value ?? false), seat.instance.virtualMAC == nil,
            let interface = held.value.device ?? seat.instance.interface?.value,
            let addresses = member.facts?.interface(named: interface)?.addresses,
            !addresses.contains(where: { own in
              !pair.virtual.contains(own.address)
                && own.address.shares(prefix: held.value.length, with: address)
            }),
            let twin = seats[..<index].first(where: { other in
              other.all.contains { one in
                one.value.address.map { $0.shares(prefix: held.value.length, with: address) }
                  ?? false
                  && (one.value.device ?? other.instance.interface?.value) == interface
              }
            })
          else { return nil }
          return finding(
            at: held.place, of: seat,
            "\(address) is in one network with an address of \(twin.name), and \(member.name) has none "
              + "of its own there: when one instance leaves, the kernel may remove the "
              + "other's address, too",
            mend: "promote_secondaries in both instances", and: [twin.other(twin.instance.place)])
        }
      }
    }
  }
}
