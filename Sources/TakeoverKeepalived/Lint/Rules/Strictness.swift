// Strict mode, accept mode, families, versions and authentication: what the protocol allows.

internal import TakeoverModel

enum AddressIsUnreachable: LintRule {
  static let declaration = Rule(
    "KA100", .error, "the virtual address does not accept packets",
    "vrrp_strict implies no_accept: the kernel answers ARP for the address, and a firewall rule of the "
      + "daemon drops every packet to it, unless the priority is 255. The address is then only good as "
      + "a gateway (keepalived.conf(5), accept). Version 2 with strict mode cannot be told to accept."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { !$0.accepts }.map { seat in
      let isWritten = seat.instance.accepts?.value == false
      return finding(
        at: isWritten ? seat.instance.accepts?.place ?? seat.instance.place : seat.strictPlace,
        of: seat,
        "\(isWritten ? "no_accept" : "vrrp_strict without accept"): whoever holds "
          + "\(seat.all.first?.value.shown ?? "the address") answers ARP and drops every packet to it; "
          + "no service can be reached there",
        mend: isWritten
          ? "accept"
          : seat.version == 2 ? "no vrrp_strict" : "accept in the instance, or no vrrp_strict")
    }
  }
}

enum StrictForbidsUnicast: LintRule {
  static let declaration = Rule(
    "KA101", .warning, "unicast peers in strict mode",
    "Strict mode is to have no unicast peers (keepalived.conf(5), vrrp_strict). keepalived before 2.2.5 "
      + "refuses the instance; later ones take it all the same, and nobody promises that it stays so."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.isStrict && $0.isUnicast }.map { seat in
      let isRefused = seat.member.daemon < DaemonVersion(2, 2, 5)
      return finding(
        at: seat.strictPlace, of: seat,
        isRefused
          ? "vrrp_strict does not allow unicast_peer in \(seat.member.daemon): the daemon does not run, "
            + "and \(seat.member.name) never holds its addresses"
          : "vrrp_strict is to have no unicast_peer: keepalived \(seat.member.daemon) takes it all the "
            + "same, one before 2.2.5 does not run with it",
        mend: "no vrrp_strict", as: isRefused ? .error : .warning, and: [seat.other(seat.peerPlace)]
      )
    }
  }
}

enum StrictTakesAway: LintRule {
  static let declaration = Rule(
    "KA102", .warning, "keywords that strict mode takes away",
    "In strict mode the daemon resets what RFC 3768 and RFC 9568 do not have: authentication, "
      + "preempt_delay, state MASTER below priority 255, repeated announcements after a lower "
      + "priority's advertisement, vmac_xmit_base.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter(\.isStrict).flatMap { seat -> [LintFinding] in
      let instance = seat.instance
      let lost: [(String, Place?)] = [
        ("authentication", instance.authentication.map { _ in seat.keyPlace }),
        ("preempt_delay", instance.preemptDelay?.place),
        (
          "state MASTER",
          instance.state?.value == .master && !seat.isOwner ? instance.state?.place : nil
        ),
        ("garp_lower_prio_repeat", instance.announcing.lowerPriorityRepeat?.place),
        ("vmac_xmit_base", instance.baseTransmits?.place),
      ]
      return lost.compactMap { keyword, place -> LintFinding? in
        guard let place else { return nil }
        return finding(
          at: place, of: seat, "\(keyword) is reset: vrrp_strict does not have it",
          mend: "no vrrp_strict, or no \(keyword)", and: [seat.other(seat.strictPlace)])
      }
    }
  }
}

enum IPv6NeedsVersion3: LintRule {
  static let declaration = Rule(
    "KA103", .error, "VRRP version 2 with IPv6 addresses",
    "VRRP for IPv6 exists in version 3 only (RFC 9568). The daemon uses 3 by itself where nothing is "
      + "written in the instance, also when vrrp_version says 2; `version 2` in the instance is kept."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard !seat.isV4, let version = seat.instance.version, version.value == 2 else { return nil }
      return finding(
        at: version.place, of: seat,
        "version 2 has no IPv6: other routers cannot read the advertisements of this instance",
        mend: "version 3")
    }
  }
}

enum FamiliesAreMixed: LintRule {
  static let declaration = Rule(
    "KA104", .error, "IPv4 and IPv6 in one virtual_ipaddress",
    "One instance advertises one family, that of its first address. The daemon throws addresses of the "
      + "other family in virtual_ipaddress away; virtual_ipaddress_excluded may hold them.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.remarks { subject -> String? in
        if case .addressOfOtherFamily(let text) = subject { text } else { nil }
      }.map { place, text in
        finding(
          at: place, of: member,
          "\(text) is of the other family than what stands above: it is left out, and no node holds it",
          mend: "virtual_ipaddress_excluded with \(text), or an instance for each family")
      }
    }
  }
}

enum FirstAddressIsNotLinkLocal: LintRule {
  static let declaration = Rule(
    "KA105", .note, "the first IPv6 address is not link-local",
    "RFC 9568 (5.2.9) wants the virtual router's link-local address first. keepalived says so in its "
      + "log and goes on; in strict mode it counts as an error.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard !seat.isV4, !seat.isUnicast, let first = seat.instance.addresses.first,
        let address = first.value.address, !address.isLinkLocal
      else { return nil }
      return finding(
        at: first.place, of: seat, "the first address, \(address), is not link-local",
        mend: "fe80::\(seat.routerID ?? 1)/64 as the first address")
    }
  }
}

enum AuthenticationIsIgnored: LintRule {
  static let declaration = Rule(
    "KA106", .warning, "authentication with version 3",
    "VRRP version 3 has no authentication (RFC 9568, 9): the block is ignored, and whoever wrote it "
      + "believes that strangers are kept out.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.version == 3 && !$0.isStrict && $0.instance.authentication != nil }.map {
      seat in
      finding(
        at: seat.keyPlace, of: seat,
        "authentication is ignored in VRRP version 3: anybody on the segment can become master",
        mend: "remove the block, and let the firewall take protocol 112 from the peer only")
    }
  }
}

enum HeaderAuthentication: LintRule {
  static let declaration = Rule(
    "KA107", .warning, "auth_type AH",
    "Not recommended (keepalived.conf(5)): the sequence number must be learned from an advertisement, "
      + "IPv6 does not have it, and a firewall must know protocol 51 as well.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let type = seat.instance.authentication?.type, type.value.uppercased() == "AH" else {
        return nil
      }
      return finding(
        at: type.place, of: seat,
        "auth_type AH: advertisements are protocol 51 within IPsec's header, and a node that has heard "
          + "none yet cannot number its own",
        mend: "auth_type PASS")
    }
  }
}

enum PasswordIsWellKnown: LintRule {
  static let declaration = Rule(
    "KA108", .note, "a password out of the examples",
    "auth_pass goes over the wire in clear text and keeps nobody out; but one of the examples' is also "
      + "that of a neighbour's pair, whose advertisements then count if the virtual_router_id is the "
      + "same, too.")

  /// Of the manual, of its samples, and of what is copied from the web.
  private static let examples: Set<String> = [
    "1111", "1234", "12345", "123456", "1066", "password", "pass", "secret", "d0cker", "k@l!ve1",
    "changeme", "keepalived", "42", "0000", "passw0rd",
  ]

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard seat.version == 2, let password = seat.instance.authentication?.password,
        examples.contains(password.value.lowercased())
      else { return nil }
      return finding(
        at: password.place, of: seat,
        "auth_pass is one that stands in examples: a neighbour's pair may have it, too",
        mend: "auth_pass with eight bytes of your own, on both nodes")
    }
  }
}

enum RouterNamesAreEqual: LintRule {
  static let declaration = Rule(
    "KA109", .note, "router_id is the same on both nodes",
    "router_id names the machine in logs and mails. The same on both means that nobody can tell them "
      + "apart there; it is not sent in advertisements.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let first = pair.members.first, let name = first.configuration.globals.routerID else {
      return []
    }
    return pair.members.dropFirst().compactMap { member -> LintFinding? in
      guard let other = member.configuration.globals.routerID, other.value == name.value else {
        return nil
      }
      return finding(
        at: other.place, of: member,
        "router_id is \(other.value), as on \(first.name): logs and mails do not tell the nodes apart",
        mend: "router_id \(member.name)",
        and: [LintFinding.Other(member: first.name, place: name.place)])
    }
  }
}

enum DefaultChains: LintRule {
  static let declaration = Rule(
    "KA115", .warning, "vrrp_iptables with the default chains",
    "The daemon puts its rules into the chains that it is told, and takes them away again. INPUT and "
      + "OUTPUT are other people's, too: it is not safe to use them (keepalived.conf(5), "
      + "vrrp_iptables), and a rule of the daemon's may stand before or behind theirs.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.compactMap { member -> LintFinding? in
      guard let chain = member.configuration.globals.iptables,
        ["", "INPUT"].contains(chain.value.split(separator: " ").first ?? "")
      else { return nil }
      return finding(
        at: chain.place, of: member,
        "vrrp_iptables uses the chain INPUT of \(member.name): the daemon's rules stand among others', "
          + "in an order that nobody chose",
        mend: "vrrp_iptables keepalived_in, a chain of its own that INPUT calls")
    }
  }
}
