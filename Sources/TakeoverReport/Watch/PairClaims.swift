// Who claims an address beside its holder: by frames, by answers, in its kernel; and whether all of it
// was seen.

internal import TakeoverModel

extension PairWatch {
  /// At a node's own port only what comes in is its; what others sent goes out there.
  func isOwn(_ sight: FrameSight) -> Bool {
    !sight.outgoing || site.captures.first { $0.name == sight.port }?.node == nil
  }

  private func concerns(_ address: IPAddress) -> Bool {
    site.addresses.contains { $0.address == address }
      || site.addresses.isEmpty && speakers.values.contains { $0.addresses.contains(address) }
  }

  mutating func claim(
    _ address: IPAddress, by who: String, _ sight: FrameSight, _ when: Interval, _ how: String
  ) {
    // Both nodes of a pair may send from the virtual router's own hardware address.
    guard concerns(address), !sight.source.isShared || owners.isPort(of: sight) else { return }
    let isAnnouncement = how == AnnouncementSeen.Form.announcement.claimWords
    if site.vrid == nil, speakers.isEmpty, isAnnouncement, who != holder {
      change(to: who, when, holder.map { "\(who) holds instead of \($0)" } ?? "\(who) holds")
    }
    if isAnnouncement { announcements[address] = (who, when) }
    guard let holder, let since = holderSince else { return }
    if who == holder {
      if isAnnouncement, announced.insert(address).inserted {
        tell(.announced, when, "\(who) announces \(address)")
      }
      return
    }
    // Whoever gave the address up may still have something under way.
    guard when.earliest.since(since.latest) > Self.transit else { return }
    let key = "\(who) \(address)"
    if strayClaims.count >= Self.mostSenders { strayClaims = [:] }
    defer { strayClaims[key] = when }
    // Once, it may be the beginning of a takeover whose advertisement is yet to come.
    guard let before = strayClaims[key], when.earliest.since(before.latest) > Self.transit else {
      return
    }
    open(
      .twoClaimants, of: key, before, "\(who) \(how) \(address), which \(holder) holds",
      for: Self.claimPatience, lastSeen: when)
  }

  mutating func take(_ probe: Probe) {
    guard probe.method.isWitness, let end = probe.answers.map(\.at).max() else { return }
    let names = probe.answers.compactMap(\.mac).filter { !$0.isShared }.map(owners.owner)
    if answers[probe.address]?.count ?? 0 >= Self.mostSenders { answers[probe.address] = [:] }
    for name in names { answers[probe.address, default: [:]][name] = end }
    let all = Set(names).sorted()
    guard all.count > 1 else { return }
    let words = all.joined(separator: " and ")
    open(
      .twoClaimants, of: "\(words) \(probe.address)", Interval(probe.sent, end),
      "\(words) both answer for \(probe.address)", for: Self.claimPatience)
  }

  mutating func take(_ seen: AddressesHeld, _ when: Interval) {
    kernels[seen.node] = (Set(seen.addresses), when.latest)
    for address in site.addresses.map(\.address) {
      let key = "\(seen.node)'s system \(address)"
      if let holder, holder != seen.node, seen.addresses.contains(address) {
        guard let since = holderSince, when.earliest.since(since.latest) > Self.kernelLag else {
          continue
        }
        open(
          .twoClaimants, of: key, when,
          "\(seen.node)'s system has \(address), which \(holder) holds", for: nil)
      } else {
        close(.twoClaimants, of: key, at: when)
      }
    }
  }

  mutating func take(_ state: CaptureState, _ when: Interval) {
    let lost = state.dropped - dropped[state.port, default: 0]
    dropped[state.port] = state.dropped
    let troubles = state.trouble + (lost > 0 ? ["\(lost) frames were lost"] : [])
    if troubles.isEmpty {
      close(.doubtfulCapture, of: state.port, at: when)
    } else {
      open(
        .doubtfulCapture, of: state.port, when,
        "the capture \(state.port): \(CleanText.line(troubles.joined(separator: ", ")))", for: nil)
    }
  }
}

extension AnnouncementSeen.Form {
  /// What somebody does by it.
  var claimWords: String {
    switch self {
    case .announcement: "announces"
    case .answer: "answers for"
    case .question: "asks as"
    case .probe: "asks for"
    }
  }
}
