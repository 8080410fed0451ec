// Unicast advertisements: who sends from where to whom.

internal import TakeoverModel

enum PeerIsMissing: LintRule {
  static let declaration = Rule(
    "KA030", .error, "the other node is not among the unicast peers",
    "Unicast advertisements go to the addresses in unicast_peer and to nobody else. Each node must name "
      + "the address from which the other sends (its unicast_src_ip).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.seats.filter(\.isUnicast).flatMap { seat in
        let sources = router.seats.compactMap(\.source)
        return router.partners(of: seat).compactMap { partner -> LintFinding? in
          guard let source = partner.source, source != seat.source, !seat.peers.contains(source)
          else { return nil }
          let strangers = seat.instance.unicastPeers.filter { peer in
            IPAddress(peer.value).map { !sources.contains($0) } ?? false
          }
          let instead =
            strangers.isEmpty
            ? ""
            : " (it names \(Words.list(strangers.map(\.value))), which no node here sends from)"
          return finding(
            at: strangers.first?.place ?? seat.peerPlace, of: seat,
            "unicast_peer does not name \(source), from which \(partner.member.name) sends"
              + "\(instead): \(partner.member.name) hears nothing from \(seat.member.name) and takes "
              + "\(router.addressWords), too",
            mend: "unicast_peer { \(source) }", and: [partner.other(partner.sourcePlace)])
        }
      }
    }
  }
}

enum PeerIsOneself: LintRule {
  static let declaration = Rule(
    "KA031", .error, "a node is its own unicast peer",
    "Advertisements to oneself reach nobody else. It happens when one file is copied to both nodes "
      + "unchanged.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat in
      seat.instance.unicastPeers.compactMap { peer -> LintFinding? in
        guard let address = IPAddress(peer.value), seat.owns(address) else { return nil }
        let onlyOne = seat.peers.allSatisfy { seat.owns($0) }
        return finding(
          at: peer.place, of: seat,
          "unicast_peer names \(address), which is \(seat.member.name) itself"
            + (onlyOne ? ": its advertisements reach nobody" : ""),
          mend: "the other node's address in unicast_peer", as: onlyOne ? .error : .warning)
      }
    }
  }
}

enum SourceIsUnset: LintRule {
  static let declaration = Rule(
    "KA032", .warning, "unicast without unicast_src_ip",
    "Without it the daemon sends from the interface's first address, whatever that is at that moment; "
      + "the peer's list names one address. Say which one it is.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.isUnicast && $0.instance.unicastSource == nil }.map { seat in
      finding(
        at: seat.peerPlace, of: seat,
        "has no unicast_src_ip: it sends from whatever address "
          + "\(seat.instance.interface?.value ?? "the interface") has first, and after a change of "
          + "addresses the peer may no longer know it",
        mend: "unicast_src_ip \(seat.source?.description ?? "ADDRESS-OF-\(seat.member.name)")")
    }
  }
}

enum SourceIsNotOwn: LintRule {
  static let declaration = Rule(
    "KA033", .error, "unicast_src_ip is not an address of the node",
    "The daemon cannot send from an address that the machine does not have: the socket cannot be bound, "
      + "nothing is sent, and both nodes become master. Two nodes with the same unicast_src_ip are one "
      + "file copied to both: one of them does not have the address.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      router.seats.enumerated().compactMap { index, seat -> LintFinding? in
        guard let written = seat.instance.unicastSource, let source = IPAddress(written.value)
        else { return nil }
        if let interfaces = seat.member.facts?.interfaces {
          guard !interfaces.contains(where: { $0.addresses.contains { $0.address == source } })
          else { return nil }
          let own = seat.instance.interface.flatMap {
            seat.member.facts?.interface(named: $0.value)
          }?
          .addresses.first { $0.address.isV4 == seat.isV4 }?.address
          return finding(
            at: written.place, of: seat,
            "unicast_src_ip \(source) is not an address of \(seat.member.name): it cannot send from "
              + "there, and the other node takes \(router.addressWords), too",
            mend: "unicast_src_ip \(own?.description ?? "an address of \(seat.member.name)")")
        }
        guard
          let twin = router.seats[..<index].first(where: {
            $0.member.facts?.interfaces == nil && $0.source == source && $0.isUnicast
          })
        else { return nil }
        return finding(
          at: written.place, of: seat,
          "unicast_src_ip is \(source) on \(twin.member.name) as well: one of the two nodes does not "
            + "have that address and cannot send from it",
          mend: "unicast_src_ip with each node's own address, and the other's in unicast_peer",
          and: [twin.other(twin.sourcePlace)])
      }
    }
  }
}

enum SourceIsVirtual: LintRule {
  static let declaration = Rule(
    "KA034", .error, "unicast_src_ip is a virtual address",
    "The virtual address is only there while the node is master: a backup cannot send or be reached "
      + "with it, and the master's peer changes whenever the address moves.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.seats.compactMap { seat -> LintFinding? in
        guard let written = seat.instance.unicastSource, let source = IPAddress(written.value),
          pair.virtual.contains(source)
        else { return nil }
        return finding(
          at: written.place, of: seat,
          "unicast_src_ip \(source) is a virtual address: \(seat.member.name) does not have it while "
            + "it is backup, and cannot send from it",
          mend: "unicast_src_ip with the node's own, fixed address")
      }
    }
  }
}

enum NoPeers: LintRule {
  static let declaration = Rule(
    "KA035", .warning, "unicast keywords without a peer",
    "There is no unicast without peers: with unicast_src_ip alone, or an empty unicast_peer, keepalived "
      + "2.2.7 speaks multicast without a word (unicast_fault_no_peer makes it a fault instead).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.seats.filter { seat in
        !seat.isUnicast && (seat.instance.unicastSource != nil || seat.instance.unicastBlock != nil)
      }.map { seat in
        let faults = seat.instance.faultsWithoutPeers?.value ?? false
        let source = router.partners(of: seat).compactMap(\.source).first
        return finding(
          at: seat.instance.unicastBlock ?? seat.sourcePlace, of: seat,
          faults
            ? "has no unicast_peer: it stays in fault, and never takes \(router.addressWords)"
            : "means to speak unicast but has no unicast_peer: it speaks multicast, which many clouds "
              + "do not carry",
          mend: "unicast_peer { \(source?.description ?? "the other node's address") }",
          as: faults ? .error : .warning)
      }
    }
  }
}

enum PeerIsVirtual: LintRule {
  static let declaration = Rule(
    "KA036", .error, "a unicast peer is a virtual address",
    "Whoever is master has the virtual address, and would advertise to itself; the backup hears "
      + "nothing and takes over, too.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat in
      seat.instance.unicastPeers.filter { peer in
        IPAddress(peer.value).map(pair.virtual.contains) ?? false
      }.map { peer in
        finding(
          at: peer.place, of: seat,
          "unicast_peer names the virtual address \(peer.value): as master, \(seat.member.name) would "
            + "advertise to itself",
          mend: "the other node's own, fixed address in unicast_peer")
      }
    }
  }
}

enum FamiliesOfPeersDiffer: LintRule {
  static let declaration = Rule(
    "KA037", .error, "source, peers and addresses are of different families",
    "One instance speaks one family. An IPv4 instance cannot send to an IPv6 peer or from an IPv6 "
      + "address, nor the other way round; what does not fit is thrown away.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.remarks { subject -> String? in
        if case .peerOfOtherFamily(let text) = subject { text } else { nil }
      }.map { place, text in
        finding(
          at: place, of: member,
          "\(text) is of the other family than what stands above: it is left out, and \(member.name) "
            + "does not advertise that way",
          mend: "addresses of one family, or an instance for each")
      }
    }
  }
}

extension Pair {
  /// Every address that moves.
  var virtual: Set<IPAddress> {
    Set(seats.flatMap { $0.all.compactMap(\.value.address) })
  }
}

extension Seat {
  var family: String { isV4 ? "IPv4" : "IPv6" }

  /// Whether the node has that address for itself, as far as is known.
  func owns(_ address: IPAddress) -> Bool {
    if instance.unicastSource.flatMap({ IPAddress($0.value) }) == address { return true }
    let held = Set(all.compactMap(\.value.address))
    return member.facts?.interfaces?.contains { interface in
      interface.addresses.contains { $0.address == address } && !held.contains(address)
    } ?? false
  }
}
