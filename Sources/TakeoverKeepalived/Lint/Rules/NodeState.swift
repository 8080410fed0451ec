// What only the node itself can tell: firewall, sysctls, listeners, versions, who holds now.

internal import TakeoverModel

enum FirewallDropsAdvertisements: LintRule {
  static let declaration = Rule(
    "KA140", .error, "the firewall drops advertisements",
    "VRRP is IP protocol 112, no port. A firewall that lets in what it knows and drops the rest drops "
      + "it: a node that hears nobody becomes master although the other lives. Rules that only let in "
      + "what belongs to a known connection do not help: an advertisement is new.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.seats.flatMap { seat -> [LintFinding] in
        guard let firewall = seat.member.facts?.firewall else { return [] }
        let partner = router.partners(of: seat).first
        let group = IPAddress(seat.multicastGroup)
        let interface = seat.instance.interface?.value
        let incoming = Firewall.Packet(
          source: partner?.source, destination: seat.isUnicast ? seat.source : group,
          interface: interface)
        let outgoing = Firewall.Packet(
          source: seat.source, destination: seat.isUnicast ? partner?.source : group,
          interface: interface)
        let ways: [(Firewall.Hook, Firewall.Packet, String)] = [
          (
            .input, incoming,
            "\(seat.member.name) does not hear the other node and becomes master, too"
          ),
          (
            .output, outgoing,
            "the other node does not hear \(seat.member.name) and becomes master, too"
          ),
        ]
        return ways.compactMap { hook, packet, consequence -> LintFinding? in
          guard case .dropped(let rule) = firewall.judgement(of: packet, at: hook, isV4: seat.isV4)
          else { return nil }
          let address = hook == .input ? packet.source : packet.destination
          let side = hook == .input ? "saddr" : "daddr"
          let condition = address.map { "\($0.isV4 ? "ip" : "ip6") \(side) \($0) " } ?? ""
          return finding(
            at: seat.instance.place, of: seat,
            "the firewall of \(seat.member.name) drops protocol 112 (\(hook.rawValue), by \(rule)): "
              + consequence,
            mend: "\(condition)meta l4proto 112 accept, before that")
        }
      }
    }
  }
}

enum ServiceCannotBind: LintRule {
  static let declaration = Rule(
    "KA141", .error, "a service listens on the virtual address, and the other node cannot",
    "A service that binds the virtual address itself cannot start where that address is not, unless "
      + "net.ipv4.ip_nonlocal_bind (net.ipv6.ip_nonlocal_bind) is 1: after the takeover the address is "
      + "there and the service is not.")

  static func findings(in pair: Pair) -> [LintFinding] {
    let bound = pair.members.flatMap { member in
      (member.facts?.listeners ?? []).compactMap { listener in
        listener.address.flatMap { pair.virtual.contains($0) ? (member, listener, $0) : nil }
      }
    }
    var seen: Set<String> = []
    return bound.flatMap { holder, listener, address -> [LintFinding] in
      pair.members.compactMap { member -> LintFinding? in
        guard let binds = member.facts?.bindsNonlocal, !(address.isV4 ? binds.v4 : binds.v6),
          let held = pair.seats(of: member).flatMap(\.all).first(where: {
            $0.value.address == address
          }), seen.insert("\(member.name) \(listener.process) \(address)").inserted
        else { return nil }
        let key = "net.\(address.isV4 ? "ipv4" : "ipv6").ip_nonlocal_bind"
        return finding(
          at: held.place, of: member,
          "\(listener.process) listens on \(address):\(listener.port) (seen on \(holder.name)), and "
            + "\(member.name) has \(key) = 0: while it does not hold \(address), the service cannot "
            + "start there",
          mend: "sysctl -w \(key)=1, and the same in /etc/sysctl.d")
      }
    }
  }
}

enum DaemonVersionsDiffer: LintRule {
  static let declaration = Rule(
    "KA142", .note, "different versions of keepalived",
    "Versions differ in what they refuse, in what they do at a reload and with a mismatch. During an "
      + "upgrade that is how it is; it should not stay.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let first = pair.members.first, let version = first.facts?.version else { return [] }
    return pair.members.dropFirst().compactMap { member -> LintFinding? in
      guard let other = member.facts?.version, other != version else { return nil }
      return finding(
        at: Place(file: member.configuration.file, line: 1, column: 1), of: member,
        "\(member.name) runs keepalived \(other), and \(first.name) \(version)",
        mend: "the same version on both nodes")
    }
  }
}

enum DaemonDoesNotRun: LintRule {
  static let declaration = Rule(
    "KA143", .warning, "keepalived does not run on a node",
    "A pair of which one daemon does not run is no pair: what the other one holds is lost with it.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.filter { $0.facts?.isRunning == false }.map { member in
      finding(
        at: Place(file: member.configuration.file, line: 1, column: 1), of: member,
        "keepalived does not run on \(member.name): nobody takes over from the other node",
        mend: "systemctl start keepalived")
    }
  }
}

enum BothHold: LintRule {
  static let declaration = Rule(
    "KA144", .error, "both nodes hold a virtual address now",
    "The kernels of both nodes have the address and answer for it. Clients reach one or the other, as "
      + "it happens.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let seat = router.seats.last else { return [] }
      return seat.all.compactMap { held -> LintFinding? in
        guard let address = held.value.address else { return nil }
        let holders = router.seats.filter { one in
          one.member.facts?.interfaces?.contains { interface in
            interface.addresses.contains { $0.address == address }
          } ?? false
        }
        guard holders.count > 1 else { return nil }
        return finding(
          at: held.place, of: seat,
          "\(Words.list(holders.map(\.member.name))) both have \(address) at this moment",
          mend:
            "find out why the nodes do not hear each other (protocol 112, and the findings here)")
      }
    }
  }
}
