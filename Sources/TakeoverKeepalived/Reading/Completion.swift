// What the daemon finds once everything is read: instances that cannot run, and keywords that do not
// go together (keepalived 2.2.7, vrrp/vrrp.c, vrrp_complete_init and vrrp_complete_instance).

internal import TakeoverModel

enum Completion {
  static func complete(_ configuration: inout Configuration, _ reading: inout Reading) {
    secureScripts(&configuration, &reading)
    for instance in configuration.instances { checkLeast(instance, configuration.globals, &reading) }
    checkGroups(configuration, &reading)
    let lookup = TrackLookup(configuration)
    for index in configuration.instances.indices {
      let instance = configuration.instances[index]
      checkStrict(instance, configuration.globals, &reading)
      checkAuthentication(instance, configuration.globals, &reading)
      checkUnicast(instance, configuration.globals, &reading)
      checkInterval(instance, configuration.globals, &reading)
      checkPreemption(instance, configuration.globals, &reading)
      checkAddresses(&configuration.instances[index], configuration.globals, &reading)
      checkTracks(instance, lookup, &reading)
    }
    checkRouterIDs(configuration, &reading)
    checkUnused(configuration, &reading)
  }

  private static func secureScripts(_ configuration: inout Configuration, _ reading: inout Reading) {
    guard !configuration.instances.isEmpty else { return }
    let missing = configuration.scripts.filter { script in
      script.command?.value.first.map(reading.host.missingScripts.contains) ?? false
    }
    let names = Set(missing.map(\.name))
    for script in missing {
      reading.remarks.error(
        "the command of vrrp_script \(quoted(script.name)) is not there: the script is left out, and"
          + " nothing tracks it", at: script.command?.place ?? script.place,
        remedy: "Put it there, or name another one.")
    }
    if !names.isEmpty {
      for index in configuration.instances.indices {
        configuration.instances[index].scripts.removeAll { names.contains($0.name) }
      }
      for index in configuration.groups.indices {
        configuration.groups[index].scripts.removeAll { names.contains($0.name) }
      }
    }
    guard let place = reading.firstScript, reading.globals.scriptSecurity == nil else { return }
    reading.remarks.error(
      "scripts run, and enable_script_security is not written: the daemon calls that a violation,"
        + " and runs them all the same", at: place,
      remedy: "Write enable_script_security and script_user in global_defs.",
      about: .insecureScripts)
  }

  private static func checkLeast(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    if instance.routerID == nil {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has no virtual_router_id: the daemon's VRRP process"
          + " ends", at: instance.place, remedy: "Write virtual_router_id, 1 to 255.",
        isFatal: true)
    }
    let mayGoWithout =
      reading.host.version >= DaemonVersion(2, 3, 0) && instance.unicastKeyword != nil
    if instance.interface == nil, !mayGoWithout {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has no interface: the daemon's VRRP process ends",
        at: instance.place, remedy: "Write interface.", isFatal: true)
    } else if instance.interface == nil, instance.unicastSource == nil {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has neither an interface nor unicast_src_ip: the"
          + " daemon's VRRP process ends", at: instance.place, remedy: "Write interface.", isFatal: true)
    }
    guard instance.addresses.isEmpty, !(instance.needsNoAddress?.value ?? false) else { return }
    let needsOne =
      instance.version(in: globals) == 3 || instance.effectiveFamily == .v6
      || instance.isStrict(in: globals)
    let outcome = needsOne ? ": the daemon's VRRP process ends" : ", which is of no use"
    reading.remarks.error(
      "the instance \(quoted(instance.name)) holds no address" + outcome, at: instance.place,
      remedy: "Write virtual_ipaddress.", isFatal: needsOne)
  }

  private static func checkGroups(_ configuration: Configuration, _ reading: inout Reading) {
    let names = Set(configuration.instances.map(\.name))
    var grouped: [String: String] = [:]
    for group in configuration.groups {
      var count = 0
      for member in group.members {
        if !names.contains(member.value) {
          reading.remarks.error(
            "the group \(quoted(group.name)) has a member \(quoted(member.value)), and there is no"
              + " such instance: it is left out", at: member.place, remedy: "Name an instance.")
        } else if let other = grouped[member.value] {
          reading.remarks.error(
            "the instance \(quoted(member.value)) is in the group \(quoted(other)) already: it stays"
              + " there", at: member.place, remedy: "Put it into one group.")
        } else {
          grouped[member.value] = group.name
          count += 1
        }
      }
      guard count < 2 else { continue }
      reading.remarks.error(
        count == 0
          ? "the group \(quoted(group.name)) has no instance, and is left out"
          : "the group \(quoted(group.name)) has one instance only, which is of no use",
        at: group.place, remedy: "Name two instances, or take the group away.")
    }
  }

  private static func checkStrict(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    guard instance.isStrict(in: globals) else { return }
    func resets(_ place: Place?, _ what: String) {
      guard let place else { return }
      reading.remarks.error(
        "\(what) does not go with the strict mode, and is left out", at: place,
        remedy: "Take it away, or vrrp_strict.")
    }
    if let version = instance.version, version.value == 2, instance.effectiveFamily == .v6 {
      resets(version.place, "version 2 for IPv6")
    }
    if let state = instance.state, (state.value == .master) != instance.isOwner {
      reading.remarks.error(
        "in the strict mode the owner (priority 255) is the one that starts as MASTER: the daemon"
          + " takes \(instance.isOwner ? "MASTER" : "BACKUP")", at: state.place,
        remedy: "Take state away.")
    }
    if !instance.unicastPeers.isEmpty {
      reading.remarks.error(
        "there is no unicast in the strict mode: the daemon's VRRP process ends",
        at: instance.unicastBlock ?? instance.place, remedy: "Take vrrp_strict away.",
        isFatal: true)
    }
    let own = instance.announcing
    if own.lowerPriorityRepeat.map({ $0.value > 0 }) ?? false {
      resets(own.lowerPriorityRepeat?.place, "garp_lower_prio_repeat")
    }
    if own.lowerPriorityDelay.map({ $0.value > .zero }) ?? false {
      resets(own.lowerPriorityDelay?.place, "garp_lower_prio_delay")
    }
    if let lower = instance.lowerPrioritySendsNoAdvert, !lower.value {
      resets(lower.place, "lower_prio_no_advert off")
    }
    if let higher = instance.higherPrioritySendsAdvert, higher.value {
      resets(higher.place, "higher_prio_send_advert")
    }
    if (instance.downTimerAdverts ?? globals.downTimerAdverts).map({ $0.value != 3 }) ?? false {
      resets((instance.downTimerAdverts ?? globals.downTimerAdverts)?.place, "down_timer_adverts")
    }
    if let accepts = instance.accepts, accepts.value, !instance.isOwner,
      instance.version(in: globals) == 2
    {
      resets(accepts.place, "accept in version 2")
    }
    if instance.virtualMAC != nil { resets(instance.baseTransmits?.place, "vmac_xmit_base") }
  }

  private static func checkAuthentication(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    guard let type = instance.authentication?.type else { return }
    let reason: String
    if instance.isStrict(in: globals) {
      reason = "the strict mode has no authentication"
    } else if instance.version(in: globals) == 3 {
      reason = "VRRP version 3 has no authentication"
    } else if instance.authentication?.password?.value.isEmpty ?? true {
      reason = "no auth_pass is written"
    } else if type.value == "AH", instance.effectiveFamily == .v6 {
      reason = "IPv6 has no AH here"
    } else if type.value == "AH", instance.state?.value == .master, !instance.isOwner {
      reading.remarks.error(
        "with AH none but the owner starts as MASTER: the daemon takes BACKUP", at: type.place,
        remedy: "Write PASS, or state BACKUP.")
      return
    } else {
      return
    }
    reading.remarks.error(
      reason + ": it is left out", at: type.place, remedy: "Take the block away, or mend that.")
  }

  private static func checkUnicast(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    if let ttl = instance.unicastTTL, instance.unicastPeers.isEmpty {
      reading.remarks.error(
        "unicast_ttl needs peers, and is left out", at: ttl.place, remedy: "Write unicast_peer.")
    }
    if let group = instance.multicastGroup, !instance.unicastPeers.isEmpty {
      reading.remarks.error(
        "mcast_dst_ip does not go with unicast, and is left out", at: group.place,
        remedy: "Take it away.")
    }
    if instance.virtualMAC != nil, let unicast = instance.unicastKeyword,
      instance.baseTransmits == nil
    {
      reading.remarks.error(
        "unicast with use_vmac needs vmac_xmit_base, and the daemon sets it", at: unicast,
        remedy: "Write vmac_xmit_base.")
    }
    if let base = instance.baseTransmits, instance.virtualMAC == nil {
      reading.remarks.error(
        "vmac_xmit_base needs use_vmac, and is left out", at: base.place, remedy: "Take it away.")
    }
    guard let keyword = instance.unicastKeyword, instance.unicastPeers.isEmpty else { return }
    let place = instance.unicastBlock ?? keyword
    if instance.faultsWithoutPeers?.value ?? false {
      reading.remarks.logged(
        "unicast is spoken of, and there are no peers: the instance stays in FAULT", at: place,
        remedy: "Name the peers in unicast_peer.")
    } else if reading.host.version < DaemonVersion(2, 2, 5) {
      reading.remarks.silent(
        "unicast is spoken of, and there are no peers: the instance speaks multicast", at: place,
        remedy: "Name the peers in unicast_peer.")
    } else {
      reading.remarks.error(
        "unicast is spoken of, and there are no peers: the instance speaks multicast", at: place,
        remedy: "Name the peers in unicast_peer.")
    }
  }

  private static func checkInterval(
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

  private static func checkPreemption(
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

  private static func checkAddresses(
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
      at: surplus.first?.place ?? instance.place, remedy: "Move them to virtual_ipaddress_excluded.")
    instance.excludedAddresses += surplus
    instance.addresses.removeSubrange(most...)
  }

  private static func checkTracks(
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

  /// Two instances of one number on one interface, of one family, that speak to the same ones.
  private static func checkRouterIDs(_ configuration: Configuration, _ reading: inout Reading) {
    struct Voice: Hashable {
      var number: Int
      var family: Instance.Family
      var interface: String
      var partner: String
    }
    var seen: [Voice: String] = [:]
    for instance in configuration.instances {
      guard let number = instance.routerID?.value, let interface = instance.interface?.value else {
        continue
      }
      let partners: [String] =
        switch instance.mode(in: configuration.globals) {
        case .unicast(let peers):
          peers.map { $0 + " " + (instance.unicastSource?.value ?? "") }
        case .multicast(let group, _): [group]
        case .fault: []
        }
      for partner in partners {
        let voice = Voice(
          number: number, family: instance.effectiveFamily, interface: interface, partner: partner)
        if let other = seen[voice] {
          reading.remarks.error(
            "the instances \(quoted(other)) and \(quoted(instance.name)) both have the"
              + " virtual_router_id \(number) on \(interface): the daemon's VRRP process ends",
            at: instance.routerID?.place ?? instance.place, remedy: "Give each one of its own.", isFatal: true)
          break
        }
        seen[voice] = instance.name
      }
    }
  }

  private static func checkUnused(_ configuration: Configuration, _ reading: inout Reading) {
    let used = Set(
      configuration.instances.flatMap { $0.scripts.map(\.name) }
        + configuration.groups.flatMap { $0.scripts.map(\.name) })
    for script in configuration.scripts where !used.contains(script.name) {
      reading.remarks.logged(
        "nothing tracks the vrrp_script \(quoted(script.name)), and it never runs", at: script.place,
        remedy: "Track it in an instance, or take it away.")
    }
  }
}
