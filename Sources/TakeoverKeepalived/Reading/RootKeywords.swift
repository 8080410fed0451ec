// The keywords outside of every block, and `vrrp_sync_group` (keepalived 2.2.7, vrrp/vrrp_parser.c).

extension KeywordTable<Configuration> {
  /// All that the VRRP process reads. What is skipped are the other processes' blocks.
  static let root = KeywordTable([
    Keyword("global_defs", .block(KeywordTable<Globals>.globalDefs.grammar)) { _, _, _ in
    },
    .known("net_namespace"), .known("net_namespace_ipvs"), .known("namespace_with_ipsets"),
    .known("use_pid_dir"), .known("instance"), .known("child_wait_time"),
    Keyword(
      "vrrp_instance", .block(KeywordTable<Instance>.instance.grammar, named: true),
      apply: instance),
    Keyword(
      "vrrp_sync_group", .block(KeywordTable<SyncGroup>.syncGroup.grammar, named: true),
      apply: syncGroup),
    Keyword(
      "vrrp_script", .block(KeywordTable<Script>.script.grammar), apply: script),
    Keyword(
      "track_file", .block(KeywordTable<TrackFile>.trackFile.grammar),
      apply: trackFile),
    Keyword(
      "vrrp_track_file", .block(KeywordTable<TrackFile>.trackFile.grammar),
      apply: trackFile),
    Keyword(
      "vrrp_track_process",
      .block(KeywordTable<TrackProcess>.trackProcess.grammar), apply: trackProcess),
    Keyword("garp_group", .block(garpGroup), apply: garpGroup),
    .known("track_group", .block(trackGroup, named: true)),
    Keyword("static_ipaddress", .values, apply: staticAddresses),
    Keyword("static_routes", .values) { $2.checkRoutes($1) },
    Keyword("static_rules", .values) { $2.checkRules($1) },
    .known("interface_up_down_delays", .values, since: .init(2, 2, 0)),
    .known("bfd_instance", .skipped), .known("virtual_server_group", .skipped),
    .known("SSL", .skipped),
    Keyword("virtual_server", .skipped) { configuration, _, _ in
      configuration.hasVirtualServers = true
    },
  ])

  private static let trackGroup = KeywordTable<Void>([.known("group", .values)]).grammar

  private static let garpGroup = KeywordTable<Void>([
    .known("garp_interval"), .known("gna_interval"), .known("interface"),
    .known("interfaces", .values),
  ]).grammar

  @Sendable private static func garpGroup(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    let hasDelay = statement.block.contains {
      $0.keyword == "garp_interval" || $0.keyword == "gna_interval"
    }
    guard !hasDelay else { return }
    reading.remarks.error(
      "a garp_group without garp_interval or gna_interval is left out", at: statement.place,
      remedy: "Write one of them.")
  }

  /// Addresses that the daemon adds and never moves: each needs a device, or default_interface, which
  /// is eth0 where nothing is written.
  @Sendable private static func staticAddresses(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    for line in statement.block {
      guard let held = AddressLine.read(line, &reading), held.value.device == nil else { continue }
      let name = reading.globals.defaultInterface?.value ?? "eth0"
      _ = reading.existsOrWaits(Word(bytes: Array(name.utf8), place: line.place))
    }
  }

  @Sendable private static func instance(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    var instance = Instance(statement.words[1].text, at: statement.place)
    reading.startBlock()
    KeywordTable<Instance>.instance.apply(statement.block, to: &instance, &reading)
    configuration.instances.append(instance)
  }

  @Sendable private static func syncGroup(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    var group = SyncGroup(statement.words[1].text, at: statement.place)
    reading.startBlock()
    KeywordTable<SyncGroup>.syncGroup.apply(statement.block, to: &group, &reading)
    configuration.groups.append(group)
  }

  @Sendable private static func script(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let name = reading.argument(statement) else { return }
    var script = Script(name.text, at: statement.place)
    KeywordTable<Script>.script.apply(statement.block, to: &script, &reading)
    guard let command = script.command else {
      reading.remarks.error(
        "vrrp_script \(quoted(name.bytes)) has no command, and is left out", at: statement.place,
        remedy: "Write script \"/path/to/it\".", about: .scriptWithoutCommand(name.text))
      return
    }
    let hasNoUser =
      script.user.map { reading.host.knowsNoUser($0.value) }
      ?? reading.lacksDefaultUser(at: statement.place)
    guard !hasNoUser else {
      reading.remarks.error(
        "vrrp_script \(quoted(name.bytes)) has no user to run as, and is left out",
        at: script.user?.place ?? statement.place,
        remedy: "Name a user that exists, or write script_user in global_defs.")
      return
    }
    reading.runs(command.value, at: command.place)
    if let other = reading.scripts[name.text] {
      reading.remarks.silent(
        "there is another vrrp_script \(quoted(name.bytes)) above (\(other.place)): instances track"
          + " that one", at: statement.place, remedy: "Give each a name of its own.")
    } else {
      reading.scripts[name.text] = script
    }
    configuration.scripts.append(script)
  }

  @Sendable private static func trackFile(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let name = reading.argument(statement) else { return }
    if statement.keyword == "vrrp_track_file" {
      reading.remarks.logged(
        "vrrp_track_file is an old keyword: the daemon still takes it", at: statement.place,
        remedy: "Write track_file.")
    }
    var file = TrackFile(name.text, at: statement.place)
    KeywordTable<TrackFile>.trackFile.apply(statement.block, to: &file, &reading)
    guard file.path != nil else {
      reading.remarks.error(
        "track_file \(quoted(name.bytes)) names no file, and is left out", at: statement.place,
        remedy: "Write file /path/to/it.")
      return
    }
    reading.files.insert(file.name)
    configuration.trackFiles.append(file)
  }

  @Sendable private static func trackProcess(
    _ configuration: inout Configuration, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let name = reading.argument(statement) else { return }
    var process = TrackProcess(name.text, at: statement.place)
    KeywordTable<TrackProcess>.trackProcess.apply(statement.block, to: &process, &reading)
    guard process.process != nil else {
      reading.remarks.error(
        "vrrp_track_process \(quoted(name.bytes)) names no process, and is left out",
        at: statement.place, remedy: "Write process NAME.")
      return
    }
    reading.processes.insert(process.name)
    configuration.trackProcesses.append(process)
  }
}

extension KeywordTable<SyncGroup> {
  static let syncGroup = KeywordTable(
    [
      Keyword("group", .values, apply: members),
      .tracked("track_interface", .interface, \.interfaces),
      .tracked("track_script", .script, \.scripts),
      .tracked("track_file", .file, \.files),
      .tracked("track_process", .process, \.processes),
      .known("track_bfd", .values),
      .known("smtp_alert"), .known("notify_priority_changes"),
      .flag("sync_group_tracking_weight", \.globalTracking),
      Keyword("global_tracking") { group, statement, reading in
        group.globalTracking = Placed(true, at: statement.place)
        reading.remarks.error(
          "global_tracking is an old keyword: the daemon still takes it", at: statement.place,
          remedy: "Track on the group, or write sync_group_tracking_weight.")
      },
    ]
      + ["notify", "notify_master", "notify_backup", "notify_fault", "notify_stop"].map {
        .notify($0, \.notifies)
      })

  @Sendable private static func members(
    _ group: inout SyncGroup, _ statement: Statement, _ reading: inout Reading
  ) {
    guard group.members.isEmpty else {
      reading.remarks.error(
        "the group's members are written above already: these are left out", at: statement.place,
        remedy: "Write one block.")
      return
    }
    group.members = statement.block.flatMap { $0.words.map { Placed($0.text, at: $0.place) } }
    guard group.members.isEmpty else { return }
    reading.remarks.error(
      "the group has no members", at: statement.place, remedy: "Name instances, one on each line.")
  }
}
