// Keywords of an instance that the strict mode, the version or the way of advertisements rules out.

extension Completion {
  static func checkStrict(
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
      let place = instance.unicastBlock ?? instance.place
      let remedy = "Take vrrp_strict away."
      if reading.host.version < DaemonVersion(2, 2, 5) {
        reading.remarks.error(
          "there is no unicast in the strict mode: the daemon's VRRP process ends", at: place,
          remedy: remedy, isFatal: true)
      } else {
        reading.remarks.silent(
          "the strict mode is to have no unicast (keepalived.conf(5)), and this daemon takes it all"
            + " the same", at: place, remedy: remedy)
      }
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

  static func checkAuthentication(
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

  static func checkUnicast(
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
}
