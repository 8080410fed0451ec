// `global_defs`, as far as VRRP is concerned; the rest is known by name (keepalived 2.2.7,
// core/global_parser.c).

extension KeywordTable<Globals> {
  static let globalDefs = KeywordTable(
    [
      .word("router_id", \.routerID, isLookedFor: true),
      .whole("vrrp_version", \.version, 2...3),
      .globalToggle("vrrp_strict", \.isStrict),
      .globalToggle("vrrp_skip_check_adv_addr", \.skipsCheckOfAdvertAddresses),
      .flag("vrrp_check_unicast_src", \.checksUnicastSource),
      .flag("enable_script_security", \.scriptSecurity),
      Keyword("script_user", apply: scriptUser),
      Keyword("dynamic_interfaces", apply: dynamicInterfaces),
      .word("default_interface", \.defaultInterface, isLookedFor: true),
      .seconds("vrrp_garp_master_delay", \.announcing.delay),
      .number("vrrp_garp_master_repeat", \.announcing.repeat, 0...4_294_967_295, least: 1),
      .seconds(
        "vrrp_garp_master_refresh", \.announcing.refresh, upTo: 4_294_967_295, otherwise: 0),
      .number(
        "vrrp_garp_master_refresh_repeat", \.announcing.refreshRepeat, 0...4_294_967_295, least: 1),
      .seconds("vrrp_garp_lower_prio_delay", \.announcing.lowerPriorityDelay),
      .number(
        "vrrp_garp_lower_prio_repeat", \.announcing.lowerPriorityRepeat, 0...2_147_483_647),
      .decimal(
        "vrrp_garp_interval", \.announcing.interval, 1...4_294_967_295, large: 1_000_000),
      .decimal(
        "vrrp_gna_interval", \.announcing.neighbourInterval, 1...4_294_967_295, large: 1_000_000),
      Keyword("vrrp_min_garp", apply: leastAnnouncing),
      .number("vrrp_down_timer_adverts", \.downTimerAdverts, 1...100, since: .init(2, 2, 0)),
      .toggle("vrrp_lower_prio_no_advert", \.lowerPrioritySendsNoAdvert),
      .toggle("vrrp_higher_prio_send_advert", \.higherPrioritySendsAdvert),
      .group("vrrp_mcast_group4", \.multicastGroup, .v4),
      .group("vrrp_mcast_group6", \.multicastGroupV6, .v6),
      .decimal(
        "vrrp_startup_delay", \.startupDelay, 1_000...4_294_967_295, large: 60_000_000),
      Keyword("vrrp_priority", apply: processPriority),
      Keyword("vrrp_rt_priority", apply: realTimePriority),
      .number("vrrp_rlimit_rttime", \.realTimeLimit, 1...4_294_967_295),
      .number("vrrp_rlimit_rtime", \.realTimeLimit, 1...4_294_967_295),
      Keyword("notify_fifo") { notifyFIFO($1, \.notifyFIFO, &$0, &$2) },
      Keyword("vrrp_notify_fifo") { notifyFIFO($1, \.notifyFIFO, &$0, &$2) },
      Keyword("nftables", apply: nftables),
      Keyword("vrrp_iptables", since: .init(2, 2, 0), apply: iptables),
      .known("notification_email", .values),
    ] + otherNames.map { .known($0) } + sinceCopies.map { .known($0, since: .init(2, 2, 0)) }
      + sinceTrixie.map { .known($0, since: .trixie) })

  private static let otherNames = [
    "process_names", "vrrp_process_name", "lvs_process_name", "bfd_process_name", "process_name",
    "notification_email_from", "smtp_server", "smtp_helo_name", "smtp_connect_timeout",
    "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker", "checker_log_all_failures",
    "startup_script", "startup_script_timeout", "shutdown_script", "shutdown_script_timeout",
    "max_auto_priority", "min_auto_priority_delay", "no_email_faults", "lvs_timeouts", "lvs_flush",
    "lvs_flush_onstop", "lvs_sync_daemon", "vrrp_no_swap", "vrrp_cpu_affinity",
    "notify_fifo_script", "vrrp_notify_fifo_script",
    "vrrp_notify_priority_changes", "lvs_notify_fifo", "lvs_notify_fifo_script",
    "checker_priority", "checker_no_swap", "checker_rt_priority", "checker_cpu_affinity",
    "checker_rlimit_rttime", "checker_rlimit_rtime", "bfd_priority", "bfd_no_swap",
    "bfd_rt_priority", "bfd_cpu_affinity", "bfd_rlimit_rttime", "bfd_rlimit_rtime", "snmp_socket",
    "enable_traps", "enable_snmp_vrrp", "enable_snmp_keepalived", "enable_snmp_rfc",
    "enable_snmp_rfcv2", "enable_snmp_rfcv3", "enable_snmp_checker", "enable_dbus",
    "dbus_service_name", "nftables_priority", "nftables_ifindex", "nftables_counters",
    "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_cmd_rcv_bufs_force",
    "vrrp_netlink_monitor_rcv_bufs", "vrrp_netlink_monitor_rcv_bufs_force",
    "process_monitor_rcv_bufs", "process_monitor_rcv_bufs_force", "lvs_netlink_cmd_rcv_bufs",
    "lvs_netlink_cmd_rcv_bufs_force", "lvs_netlink_monitor_rcv_bufs",
    "lvs_netlink_monitor_rcv_bufs_force", "rs_init_notifies", "no_checker_emails",
    "vrrp_rx_bufs_policy", "vrrp_rx_bufs_multiplier", "log_unknown_vrids", "umask", "random_seed",
    "reload_time_file", "reload_repeat",
  ]

  private static let sinceCopies = [
    "checker_process_name", "disable_local_igmp", "lvs_flush_on_stop", "vrrp_garp_extra_if",
    "vrrp_vmac_garp_intvl", "nftables_ipvs", "nftables_ipvs_priority", "nftables_ipvs_start_fwmark",
    "fifo_write_vrrp_states_on_reload", "vmac_prefix", "vmac_addr_prefix", "reload_check_config",
    "reload_file", "include_check", "config_save_dir", "tmp_config_directory", "data_use_instance",
  ]

  private static let sinceTrixie = [
    "use_symlink_paths", "v3_checksum_as_v2", "snmp_vs_stats_update_interval",
    "snmp_rs_stats_update_interval", "dbus_no_interface_name", "vrrp_owner_ignore_adverts",
    "json_version", "iproute_usr_dir", "iproute_etc_dir", "state_dump_file", "stats_dump_file",
    "json_dump_file",
  ]

  @Sendable private static func scriptUser(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    globals.scriptUser = Placed(word.text, at: statement.place)
    guard reading.host.knowsNoUser(word.text) else { return }
    reading.remarks.error(
      "no user is called \(quoted(word.bytes)): scripts without a user of their own are left out",
      at: word.place, remedy: "Make the user, or name another one.")
  }

  @Sendable private static func dynamicInterfaces(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    globals.dynamicInterfaces = Placed(true, at: statement.place)
    guard let word = statement.arguments.first, word != "allow_if_changes" else { return }
    reading.remarks.error(
      "dynamic_interfaces does not know \(quoted(word.bytes)): it is on all the same",
      at: word.place, remedy: "Write allow_if_changes, or nothing.")
  }

  /// `vrrp_min_garp`: one announcement and no further ones, where nothing else was said before.
  @Sendable private static func leastAnnouncing(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    // Without a word the daemon takes it as on; with a wrong one it is left out.
    guard reading.toggle(statement) ?? false else { return }
    func set<Value>(_ value: inout Placed<Value>?, _ least: Value) {
      if value == nil { value = Placed(least, at: statement.place) }
    }
    set(&globals.announcing.repeat, 1)
    set(&globals.announcing.refresh, .zero)
    set(&globals.announcing.refreshRepeat, 0)
    set(&globals.announcing.delay, .zero)
  }

  @Sendable private static func processPriority(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    let number = Number.signed(word.bytes, -20...19, lenient: true)
    let value = reading.take(number, statement, otherwise: "the daemon takes 0", at: word.place)
    globals.processPriority = Placed(value ?? 0, at: statement.place)
  }

  /// SCHED_RR has the priorities 1 to 99 (sched(7)).
  @Sendable private static func realTimePriority(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    let all = Int(Int32.min)...Int(Int32.max)
    let number = Number.signed(word.bytes, all, lenient: true)
    guard
      let value = reading.take(number, statement, otherwise: "it is left out", at: word.place)
    else { return }
    let taken = min(max(value, 1), 99)
    globals.realTimePriority = Placed(taken, at: statement.place)
    guard taken != value else { return }
    reading.remarks.error(
      "a real-time priority is from 1 to 99, and the daemon takes \(taken)", at: word.place,
      remedy: "Write \(taken).")
  }

  private static func notifyFIFO(
    _ statement: Statement, _ path: WritableKeyPath<Globals, Placed<String>?>,
    _ globals: inout Globals, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    globals[keyPath: path] = Placed(word.text, at: statement.place)
  }

  @Sendable private static func nftables(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    guard globals.nftables == nil else {
      reading.remarks.error(
        "nftables is written above already: this one is left out", at: statement.place,
        remedy: "Keep one of them.")
      return
    }
    let table = statement.arguments.first?.text ?? "keepalived"
    globals.nftables = Placed(table, at: statement.place)
  }

  /// Debian builds the daemon without iptables.
  @Sendable private static func iptables(
    _ globals: inout Globals, _ statement: Statement, _ reading: inout Reading
  ) {
    globals.iptables = Placed(statement.arguments.first?.text ?? "INPUT", at: statement.place)
    reading.remarks.error(
      "this daemon is built without iptables, and uses nftables instead", at: statement.place,
      remedy: "Write nftables.")
  }
}

extension Keyword<Globals> {
  /// A number with a sign, of a narrow range.
  static func whole(
    _ name: String, _ path: any Path<Placed<Int>?>, _ range: ClosedRange<Int>
  ) -> Keyword {
    Keyword(name) { globals, statement, reading in
      guard let word = reading.argument(statement) else { return }
      let number = Number.signed(word.bytes, range, lenient: true)
      guard
        let value = reading.take(number, statement, otherwise: "it is left out", at: word.place)
      else { return }
      reading.noteRepeat(globals[keyPath: path]?.place, statement)
      globals[keyPath: path] = Placed(value, at: statement.place)
    }
  }

  /// On whatever follows, up to 2.2; from 2.3 on, on or off.
  static func globalToggle(_ name: String, _ path: any Path<Placed<Bool>?>) -> Keyword {
    Keyword(name) { globals, statement, reading in
      guard reading.host.version < DaemonVersion(2, 3, 0) else {
        guard let value = reading.toggle(statement) else { return }
        globals[keyPath: path] = Placed(value, at: statement.place)
        return
      }
      globals[keyPath: path] = Placed(true, at: statement.place)
      guard let word = statement.arguments.first else { return }
      reading.remarks.silent(
        "\(name) takes no value before keepalived 2.3: it is on, and \(quoted(word.bytes)) is not"
          + " read", at: word.place, remedy: "Leave the whole line out where it is to be off.")
    }
  }

  /// A multicast group of one family.
  static func group(
    _ name: String, _ path: any Path<Placed<String>?>, _ family: Instance.Family
  ) -> Keyword {
    Keyword(name) { globals, statement, reading in
      guard let word = reading.argument(statement) else { return }
      guard let address = Address.read(word), Address.family(address) == family,
        Address.isMulticast(address)
      else {
        reading.remarks.error(
          "\(name): \(quoted(word.bytes)) is no multicast address of its family: it is left out",
          at: word.place, remedy: family == .v4 ? "Write 224.0.0.18." : "Write ff02::12.")
        return
      }
      reading.noteRepeat(globals[keyPath: path]?.place, statement)
      globals[keyPath: path] = Placed(word.text, at: statement.place)
    }
  }
}
