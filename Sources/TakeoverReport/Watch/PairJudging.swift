// What is wrong with one advertisement, as a backup and the site's file would say.

internal import TakeoverModel

extension PairWatch {
  /// Before it is taken: compared with what the other members said last.
  mutating func judge(_ seen: AdvertisementSeen, of who: String, _ when: Interval) {
    let interval = Duration.nanoseconds(max(seen.interval, 10_000_000))
    let patience = interval * 4
    if !site.nodes.isEmpty, site.node(named: who) == nil {
      open(
        .unknownSpeaker, of: who, when,
        "\(who) advertises virtual router \(seen.vrid) with priority \(seen.priority), and is no node "
          + "of \(site.name)", for: patience)
    }
    if seen.defects.isEmpty {
      close(.badAdvertisement, of: who, at: when)
    } else {
      open(
        .badAdvertisement, of: who, when,
        "\(who)'s advertisements are thrown away: "
          + CleanText.line(seen.defects.joined(separator: ", ")), for: patience)
    }
    guard seen.priority > 0 else { return }
    judgePriority(seen, of: who, when)
    compare(seen, of: who, when)
  }

  private mutating func judgePriority(
    _ seen: AdvertisementSeen, of who: String, _ when: Interval
  ) {
    guard let told = site.node(named: who)?.priority else { return }
    if seen.priority == told {
      close(.wrongPriority, of: who, at: when)
    } else {
      open(
        .wrongPriority, of: who, when,
        "\(who) advertises priority \(seen.priority); the site says \(told)",
        for: .nanoseconds(max(seen.interval, 10_000_000)) * 4)
    }
  }

  private mutating func compare(_ seen: AdvertisementSeen, of who: String, _ when: Interval) {
    let others = speakers.filter { $0.key != who && $0.value.isV4 == seen.from.isV4 }
    guard
      let (name, other) = others.max(by: { one, other in
        one.value.last.latest < other.value.last.latest
      })
    else { return }
    let subject = [who, name].sorted().joined(separator: " and ")
    if Set(seen.addresses) == Set(other.addresses) {
      close(.otherAddresses, of: subject, at: when)
    } else {
      open(
        .otherAddresses, of: subject, when,
        "\(who) advertises \(Self.list(seen.addresses)), \(name) advertised \(Self.list(other.addresses))",
        for: nil)
    }
    let interval = Duration.nanoseconds(max(seen.interval, 10_000_000))
    if interval == other.interval {
      close(.otherInterval, of: subject, at: when)
    } else {
      open(
        .otherInterval, of: subject, when,
        "\(who) advertises each \(TimeText.chosen(interval)), \(name) did each "
          + TimeText.chosen(other.interval), for: nil)
    }
  }

  private static func list(_ addresses: [IPAddress]) -> String {
    guard addresses.count <= 4 else { return "\(addresses.count) addresses" }
    return addresses.isEmpty ? "no address" : addresses.map(\.description).joined(separator: ", ")
  }
}
