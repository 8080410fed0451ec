// Values of an instance that the daemon takes in another way than they are written: intervals,
// preemption, surplus addresses, weights that do not count.

extension Completion {
  static func checkInterval(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    guard let written = instance.advertInterval else { return }
    let taken = instance.advertInterval(in: globals)
    guard taken != written.value else { return }
    let version = instance.version(in: globals)
    reading.remarks.error(
      "VRRP version \(version) cannot say an advert_int of \(written.value), and the daemon takes"
        + " \(taken)", at: written.place,
      remedy: version == 2 ? "Write whole seconds, or vrrp_version 3." : "Write 0.01 to 40.95.")
  }

  static func checkPreemption(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    let state = instance.initialState(in: globals)
    if let preempts = instance.preempts, !preempts.value, instance.preempts(in: globals) {
      reading.remarks.error(
        "nopreempt does not go with \(instance.isOwner ? "priority 255" : "state MASTER"), and is"
          + " left out", at: preempts.place, remedy: "Write state BACKUP on both nodes.")
    }
    if let delay = instance.preemptDelay, delay.value > .zero,
      instance.preemptDelay(in: globals) == .zero
    {
      let reason =
        state == .master
        ? "state MASTER" : instance.isStrict(in: globals) ? "the strict mode" : "nopreempt"
      reading.remarks.error(
        "preempt_delay does not go with \(reason), and is left out", at: delay.place,
        remedy: "Take one of them away.")
    }
    if let backup = instance.timerExpiredBackup, instance.preempts(in: globals) {
      reading.remarks.error(
        "timer_expired_backup needs nopreempt, and is left out", at: backup.place,
        remedy: "Write nopreempt.")
    }
  }

  static func checkAddresses(
    _ instance: inout Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    if instance.effectiveFamily == .v6, instance.unicastPeers.isEmpty,
      let first = instance.addresses.first, let address = first.value.address,
      !Address.isLinkLocal(address)
    {
      let sentence = "the first address of an IPv6 instance is to be link-local (RFC 9568)"
      let remedy = "Write an address of fe80::/10 first."
      // 2.1.5 says so as an error.
      if instance.isStrict(in: globals) || !reading.host.version.readsCopy {
        reading.remarks.error(sentence, at: first.place, remedy: remedy, about: .notLinkLocal)
      } else {
        reading.remarks.logged(sentence, at: first.place, remedy: remedy, about: .notLinkLocal)
      }
    }
    // 255 addresses, or as many as a packet of 1,500 bytes holds beside its headers: Ethernet 14,
    // IP 20 or 40, VRRP 8, and the password's 8.
    let isV4 = instance.effectiveFamily == .v4
    let header = isV4 ? 42 + (instance.version(in: globals) == 2 ? 8 : 0) : 62
    let most = min((1_500 - header) / (isV4 ? 4 : 16), 255)
    guard instance.addresses.count > most else { return }
    let surplus = instance.addresses[most...]
    reading.remarks.error(
      "an advertisement holds \(most) addresses: from this one on they are excluded ones",
      at: surplus.first?.place ?? instance.place, remedy: "Move them to virtual_ipaddress_excluded."
    )
    instance.excludedAddresses += surplus
    instance.addresses.removeSubrange(most...)
  }

  static func checkTracks(
    _ instance: Instance, _ lookup: TrackLookup, _ reading: inout Reading
  ) {
    for tracked in instance.interfaces where tracked.name == instance.interface?.value {
      reading.remarks.error(
        "the instance's own interface is tracked anyway: this line is left out", at: tracked.place,
        remedy: "Take it away.", about: .ownInterfaceTracked)
    }
    let kept = Dictionary(
      lookup.tracks(of: instance).compactMap { track in track.place.map { ($0, track.weight) } }
    ) { first, _ in first }
    let group = lookup.group(of: instance)
    let reason = instance.isOwner ? "of an owner" : "of an instance in a group"
    for track in lookup.written(instance) where track.weight != 0 {
      guard let place = track.place, kept[place] != track.weight else { continue }
      reading.remarks.error(
        "a weight \(reason) does not count"
          + (kept[place] == nil ? ": this line is left out" : ": its loss is a FAULT"), at: place,
        remedy: group == nil
          ? "Write weight 0." : "Write weight 0, or sync_group_tracking_weight in the group.")
    }
  }
}
