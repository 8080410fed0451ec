// `vrrp_instance` (keepalived 2.2.7, vrrp/vrrp_parser.c).

internal import TakeoverModel

extension KeywordTable<Instance> {
  static let instance = KeywordTable(
    [
      Keyword("state", apply: state),
      Keyword("interface", apply: interface),
      .number("virtual_router_id", \.routerID, 1...255, lenient: false),
      .number("priority", \.priority, 1...255, lenient: false, otherwise: 100),
      .decimal("advert_int", \.advertInterval, 10_000...255_000_000),
      Keyword("version", apply: version),
      Keyword("native_ipv6", apply: nativeV6),
      Keyword("authentication", .block(KeywordTable<Instance>.authentication)) {
        KeywordTable.secret.apply($1.block, to: &$0, &$2)
      },
      .flag("nopreempt", \.preempts, false),
      .flag("preempt", \.preempts, true),
      .decimal("preempt_delay", \.preemptDelay, 0...1_000_000_000, otherwise: 0),
      Keyword("unicast_peer", .values, apply: peers),
      Keyword("unicast_src_ip") { source($1, &$0, &$2, isUnicast: true) },
      Keyword("mcast_src_ip") { source($1, &$0, &$2, isUnicast: false) },
      Keyword("mcast_dst_ip", since: .init(2, 2, 0), apply: group),
      Keyword("check_unicast_src") { instance, statement, _ in
        instance.speaksOfUnicast(statement)
        instance.checksUnicastSource = Placed(true, at: statement.place)
      },
      Keyword("unicast_fault_no_peer", since: .init(2, 2, 0)) { instance, statement, _ in
        instance.speaksOfUnicast(statement)
        instance.faultsWithoutPeers = Placed(true, at: statement.place)
      },
      Keyword("old_unicast_checksum") { instance, statement, _ in
        instance.speaksOfUnicast(statement)
      },
      .number("unicast_ttl", \.unicastTTL, 0...255, lenient: false),
      .flag("track_src_ip", \.tracksSource),
      Keyword("virtual_ipaddress", .values, apply: addresses),
      Keyword("virtual_ipaddress_excluded", .values, apply: excludedAddresses),
      .lines("virtual_routes", \.routes) { $1.checkRoutes($0) },
      .lines("virtual_rules", \.rules) { $1.checkRules($0) },
      .tracked("track_interface", .interface, \.interfaces),
      .tracked("track_script", .script, \.scripts),
      .tracked("track_file", .file, \.files),
      .tracked("track_process", .process, \.processes),
      .known("track_bfd", .values),
      .flag("dont_track_primary", \.doesNotTrackPrimary),
      .seconds("garp_master_delay", \.announcing.delay),
      .number("garp_master_repeat", \.announcing.repeat, 0...4_294_967_295, least: 1),
      .seconds("garp_master_refresh", \.announcing.refresh, upTo: 4_294_967_295, otherwise: 0),
      .number(
        "garp_master_refresh_repeat", \.announcing.refreshRepeat, 0...4_294_967_295, least: 1),
      .seconds("garp_lower_prio_delay", \.announcing.lowerPriorityDelay),
      .number("garp_lower_prio_repeat", \.announcing.lowerPriorityRepeat, 0...2_147_483_647),
      .number("down_timer_adverts", \.downTimerAdverts, 1...100, since: .init(2, 2, 0)),
      .toggle("lower_prio_no_advert", \.lowerPrioritySendsNoAdvert),
      .toggle("higher_prio_send_advert", \.higherPrioritySendsAdvert),
      .toggle("strict_mode", \.isStrict),
      Keyword("skip_check_adv_addr", apply: skipCheck),
      .flag("accept", \.accepts, true),
      .flag("no_accept", \.accepts, false),
      .flag("promote_secondaries", \.promotesSecondaries),
      Keyword("use_vmac", apply: virtualMAC),
      .flag("vmac_xmit_base", \.baseTransmits),
      .known("use_vmac_addr", since: .init(2, 2, 0)),
      .known("use_ipvlan"),
      .known("vrf"),
      .known("debug"),
      .known("smtp_alert"),
      .known("notify_priority_changes"),
      .known("kernel_rx_buf_size"),
      .known("garp_extra_if", since: .init(2, 2, 0)),
      Keyword("vmac_garp_intvl", since: .init(2, 2, 0), apply: oldName),
      Keyword("lvs_sync_daemon_interface", apply: oldName),
      Keyword("timer_expired_backup", since: .trixie, apply: timerExpired),
      Keyword("thread_timer_expired", since: .trixie, apply: timerExpired),
      .flag("no_virtual_ipaddress", \.needsNoAddress, since: .trixie),
      .known("owner_ignore_adverts", since: .trixie),
      .known("v3_checksum_as_v2", since: .trixie),
    ]
      + [
        "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify_deleted",
        "notify_master_rx_lower_pri",
      ].map { .notify($0, \.notifies) })

  private static let authentication = secret.grammar

  private static let secret = KeywordTable([
    Keyword("auth_type", apply: authenticationType), Keyword("auth_pass", apply: password),
  ])

  @Sendable private static func state(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    var state = Instance.State(rawValue: word.text)
    if state == nil {
      reading.remarks.error(
        "no state is called \(quoted(word.bytes)): the daemon takes BACKUP", at: word.place,
        remedy: "Write MASTER or BACKUP.")
      state = .backup
    } else if state == .backup, instance.state?.value == .master {
      reading.remarks.error(
        "the state is MASTER already, and stays so", at: word.place, remedy: "Keep one of them.")
      return
    }
    instance.state = state.map { Placed($0, at: statement.place) }
  }

  @Sendable private static func interface(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    guard word.bytes.count < 16 else {
      reading.remarks.error(
        "an interface's name has at most 15 bytes: it is left out", at: word.place,
        remedy: "Write the name as `ip link` shows it.")
      return
    }
    guard reading.existsOrWaits(word) else { return }
    guard word != "lo" else {
      reading.remarks.error(
        "VRRP does not run on a loopback interface: it is left out", at: word.place,
        remedy: "Name the interface of the network.")
      return
    }
    reading.noteRepeat(instance.interface?.place, statement)
    instance.interface = Placed(word.text, at: statement.place)
  }

  @Sendable private static func version(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    let number = Number.signed(word.bytes, 2...3, lenient: true)
    guard let value = reading.take(number, statement, otherwise: "it is left out", at: word.place)
    else { return }
    if (instance.version.map { $0.value != value } ?? false)
      || (value == 2 && instance.family == .v6)
    {
      reading.remarks.error(
        "version \(value) is against what is written above, and left out", at: word.place,
        remedy: "IPv6 needs version 3; otherwise keep one version.")
      return
    }
    instance.version = Placed(value, at: statement.place)
  }

  @Sendable private static func nativeV6(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard instance.family != .v4 else {
      reading.remarks.error(
        "native_ipv6 does not go with IPv4 addresses, and is left out", at: statement.place,
        remedy: "Take it away.")
      return
    }
    instance.nativeV6 = Placed(true, at: statement.place)
    instance.family = .v6
    instance.version = Placed(3, at: statement.place)
  }

  @Sendable private static func skipCheck(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let value = reading.toggle(statement) else { return }
    instance.skipsCheckOfAdvertAddresses = Placed(true, at: statement.place)
    guard !value else { return }
    reading.remarks.silent(
      "skip_check_adv_addr is on, whether on or off is written", at: statement.place,
      remedy: "Leave the line out where it is to be off.")
  }

  /// `use_vmac [NAME] [ADDRESS]`: each may be said once; a word with a colon is an address.
  @Sendable private static func virtualMAC(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    for word in statement.arguments.prefix(2) {
      let isAddress = word.bytes.contains(UInt8(ascii: ":"))
      let kind = isAddress ? "MAC address" : "name"
      if !isAddress, word.bytes.count > 15 || word.bytes.contains(UInt8(ascii: "/")) {
        reading.remarks.error(
          "\(quoted(word.bytes)) is no name for an interface: it is left out", at: word.place,
          remedy: "Write at most 15 bytes.")
      } else if reading.earlier("virtual " + kind, "", at: word.place) != nil {
        reading.remarks.error(
          "the virtual interface has a \(kind) already: this one is left out", at: word.place,
          remedy: "Keep one of them.")
      }
    }
    let words = statement.arguments.prefix(2).map(\.text).joined(separator: " ")
    instance.virtualMAC = Placed(words, at: statement.place)
  }

  @Sendable private static func oldName(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    let new =
      statement.keyword == "vmac_garp_intvl"
      ? "garp_extra_if" : "lvs_sync_daemon in global_defs"
    reading.remarks.error(
      "\(statement.keyword.text) is an old keyword: the daemon still takes it",
      at: statement.place, remedy: "Write \(new).")
  }

  @Sendable private static func timerExpired(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    if statement.keyword == "thread_timer_expired" {
      reading.remarks.error(
        "thread_timer_expired is an old keyword: the daemon still takes it", at: statement.place,
        remedy: "Write timer_expired_backup.")
    }
    var highest = 254
    if let word = statement.arguments.first {
      let number = Number.unsigned(word.bytes, 1...254, lenient: false)
      guard
        let value = reading.take(number, statement, otherwise: "it is left out", at: word.place)
      else { return }
      highest = value
    }
    instance.timerExpiredBackup = Placed(highest, at: statement.place)
  }

  // MARK: Authentication

  @Sendable private static func authenticationType(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    guard word == "PASS" || word == "AH" else {
      reading.remarks.error(
        "no authentication is called \(quoted(word.bytes)): it is left out", at: word.place,
        remedy: "Write PASS.")
      return
    }
    var authentication = instance.authentication ?? .init()
    reading.noteRepeat(authentication.type?.place, statement)
    authentication.type = Placed(word.text, at: statement.place)
    instance.authentication = authentication
  }

  @Sendable private static func password(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    if word.bytes.count > 8 {
      reading.remarks.error(
        "a password has at most 8 bytes, and the daemon takes the first 8", at: word.place,
        remedy: "Write 8 bytes, the same on all nodes.")
    }
    var authentication = instance.authentication ?? .init()
    reading.noteRepeat(authentication.password?.place, statement)
    authentication.password = Placed(word.text, at: statement.place)
    instance.authentication = authentication
  }
}
