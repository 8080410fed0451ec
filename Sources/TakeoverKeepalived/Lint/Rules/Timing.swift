// How long a takeover takes with what is written, and what makes it needless or late.

internal import TakeoverModel

enum FractionWithoutVersion3: LintRule {
  static let declaration = Rule(
    "KA080", .warning, "a fractional advert_int without version 3",
    "VRRP version 2 counts whole seconds (RFC 3768, 5.3.7). keepalived rounds to the nearest one, at "
      + "least 1 s. Fractions are for version 3, in steps of 10 ms.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let written = seat.instance.advertInterval, seat.version == 2,
        written.value.nanoseconds % 1_000_000_000 != 0
      else { return nil }
      return finding(
        at: written.place, of: seat,
        "advert_int \(Words.seconds(written.value)) counts as \(Words.time(seat.interval)) in VRRP "
          + "version 2: a takeover takes up to \(Words.time(seat.masterDown)), not what "
          + "\(Words.time(written.value)) promises",
        mend: "vrrp_version 3 in global_defs on both nodes, or advert_int 1")
    }
  }
}

enum SubSecondWithoutRealTime: LintRule {
  static let declaration = Rule(
    "KA081", .warning, "sub-second advertisements without real-time priority",
    "With a short interval, a master that is not scheduled for a moment, or a backup that is not, looks "
      + "like a dead one: the address moves for nothing. vrrp_rt_priority gives the process real-time "
      + "scheduling, vrrp_no_swap keeps it in memory (keepalived.conf(5)). In a container that is to be "
      + "had otherwise (KA089).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard seat.interval < .seconds(1), seat.globals.realTimePriority == nil,
        seat.member.facts?.isRealTime != true
      else { return nil }
      return finding(
        at: seat.intervalPlace, of: seat,
        "advertises each \(Words.time(seat.interval)) in a process of usual priority: a pause of "
          + "\(Words.time(seat.masterDown)) on either node makes a second master",
        mend: seat.member.facts?.raisesLimits == false
          ? "\(RealTimeIsKilled.otherwise), and vrrp_no_swap in global_defs"
          : "vrrp_rt_priority 50 and vrrp_no_swap in global_defs")
    }
  }
}

enum TakeoverIsSlow: LintRule {
  /// Beyond this, TCP clients and people notice.
  static let most: Duration = .seconds(10)

  static let declaration = Rule(
    "KA082", .note, "a takeover takes longer than 10 s",
    "A backup takes over after N·A + skew of silence: N is down_timer_adverts (3), A advert_int, and "
      + "the skew (256 − priority)/256 of a second in version 2, of A in version 3.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.byPriority.dropFirst().filter { $0.masterDown > most }.map { seat in
        finding(
          at: seat.intervalPlace, of: seat,
          "takes over after \(Words.time(seat.masterDown)) of silence: "
            + "\(seat.downTimerAdverts) · \(Words.time(seat.interval)) and a skew of "
            + Words.time(seat.skew(at: seat.healthyPriority)),
          mend: "advert_int 1 on both nodes")
      }
    }
  }
}

enum TakeoverIsHasty: LintRule {
  static let least: Duration = .milliseconds(300)

  static let declaration = Rule(
    "KA083", .warning, "a pause of less than 300 ms makes a second master",
    "A switch that relearns a port, a virtual machine that is moved, a busy processor: pauses of a few "
      + "hundred milliseconds are usual. Each of them is a takeover here.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router in
      router.seats.filter { $0.masterDown < least }.map { seat in
        finding(
          at: seat.intervalPlace, of: seat,
          "becomes master after \(Words.time(seat.masterDown)) of silence: a short pause of the network "
            + "or of a virtual machine is enough",
          mend: "advert_int \(Words.seconds(.milliseconds(100))) or more, on both nodes")
      }
    }
  }
}

enum OneLossMoves: LintRule {
  static let declaration = Rule(
    "KA084", .warning, "down_timer_adverts below 3",
    "The down timer is N intervals and the skew. With N = 1 a single lost advertisement moves the "
      + "address, with N = 2 two do. The RFCs have 3.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.downTimerAdverts < 3 }.map { seat in
      finding(
        at: seat.downTimerPlace, of: seat,
        "down_timer_adverts \(seat.downTimerAdverts): "
          + Words.count(seat.downTimerAdverts, "lost advertisement")
          + " in a row make\(seat.downTimerAdverts == 1 ? "s" : "") a second master",
        mend: "down_timer_adverts 3 on both nodes")
    }
  }
}

enum ScriptOutlastsItsInterval: LintRule {
  static let declaration = Rule(
    "KA085", .warning, "a check may run longer than its interval",
    "The daemon does not start a check while it still runs. A check that hangs is known as failed after "
      + "its timeout (by default the interval), `fall` times in a row.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.configuration.scripts.compactMap { script -> LintFinding? in
        guard script.limit > script.period else { return nil }
        return finding(
          at: script.timeout?.place ?? script.place, of: member,
          "\(script.name) may run for \(Words.time(script.limit)) and is due each "
            + "\(Words.time(script.period)): a service that hangs is known after up to "
            + "\(Words.time(script.detection(hanging: true))), not "
            + Words.time(script.detection()),
          mend: "timeout \(Words.seconds(script.period)), or a longer interval")
      }
    }
  }
}

enum CheckIsSlow: LintRule {
  static let declaration = Rule(
    "KA086", .warning, "a check notices later than the daemon's own death is noticed",
    "A dead machine is taken over after the master-down interval; a dead service only after "
      + "fall · interval, and then the takeover begins. Whoever reads advert_int expects the first."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let holder = router.byPriority.first, let taker = router.byPriority.dropFirst().first
      else { return [] }
      return holder.livingWatches.filter { $0.kind == .script }.compactMap {
        watch -> LintFinding? in
        guard let script = holder.member.configuration.script(named: watch.name) else { return nil }
        let detection = script.detection()
        // A fault is told by priority 0: the skew is what is left (RFC 9568, 6.4.2).
        let election = watch.weight == 0 ? taker.skew(at: taker.healthyPriority) : taker.masterDown
        guard detection > .seconds(10), detection > taker.masterDown else { return nil }
        return finding(
          at: script.interval?.place ?? script.place, of: holder,
          "\(script.name) knows of a dead service after up to \(Words.time(detection)) "
            + "(\(script.fall?.value ?? 1) · \(Words.time(script.period))), and then the takeover takes "
            + "up to \(Words.time(election)): \(Words.time(detection + election)) without service, "
            + "where a dead machine costs \(Words.time(taker.masterDown))",
          mend: "interval 2 and fall 2")
      }
    }
  }
}

enum OneFailureIsEnough: LintRule {
  static let declaration = Rule(
    "KA087", .note, "a single failed check gives the address away",
    "The default of `fall` is 1: one slow answer moves the address. Two or three cost "
      + "little time and save needless takeovers.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      let used = Set(member.configuration.trackings.map(\.tracked.name))
      return member.configuration.scripts.filter {
        used.contains($0.name) && ($0.fall?.value ?? 1) <= 1
      }
      .map { script in
        finding(
          at: script.fall?.place ?? script.place, of: member,
          "\(script.name) counts as failed after one failure: a single slow answer is enough",
          mend: "fall 2")
      }
    }
  }
}

enum StartupIsDelayed: LintRule {
  static let declaration = Rule(
    "KA088", .note, "vrrp_startup_delay",
    "After its start the daemon waits that long before any instance starts. When both nodes start "
      + "together, nobody has the addresses meanwhile.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.compactMap { member -> LintFinding? in
      guard let delay = member.configuration.globals.startupDelay, delay.value > .zero else {
        return nil
      }
      let seat = pair.seats(of: member).first
      let whole = delay.value + (seat?.masterDown ?? .zero)
      return finding(
        at: delay.place, of: member,
        "after a start of both nodes nobody holds the addresses for "
          + "\(Words.time(whole)): the delay and the master-down interval",
        mend: "no vrrp_startup_delay where the interfaces are ready at once")
    }
  }
}

enum RealTimeIsKilled: LintRule {
  static let otherwise =
    "CPUSchedulingPolicy=fifo and CPUSchedulingPriority=50 in keepalived's unit, instead of "
    + "vrrp_rt_priority"

  static let declaration = Rule(
    "KA089", .warning, "real-time priority that a reload turns into a death",
    "With vrrp_rt_priority the daemon limits for how long it may run without waiting (RLIMIT_RTTIME, "
      + "setrlimit(2)). A reload of 2.1.5, 2.2.7 and 2.3.3 sets that limit to 0 and then to what is "
      + "written, which takes CAP_SYS_RESOURCE: without it, as in many containers, 0 is what remains "
      + "(\"child process cannot set realtime rlimit\"), and the kernel kills the VRRP process within "
      + "seconds (\"exited due to signal 9\"). It leaves its addresses, and may be started again a "
      + "minute later, beside others. vrrp_rlimit_rttime does not help.")

  /// On a node that may raise limits nothing happens; of one that nobody asked it is worth knowing.
  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.compactMap { member -> LintFinding? in
      guard let priority = member.configuration.globals.realTimePriority,
        member.facts?.raisesLimits != true
      else { return nil }
      let isKnown = member.facts?.raisesLimits == false
      return finding(
        at: priority.place, of: member,
        isKnown
          ? "after a reload the kernel kills the VRRP process: it has a real-time priority, and "
            + "nothing on \(member.name) may raise a limit (CAP_SYS_RESOURCE)"
          : "where it may not raise limits, as in many a container, the kernel kills the VRRP process "
            + "after a reload, for it has a real-time priority",
        mend: isKnown ? otherwise : "in a container, write: \(otherwise)",
        as: isKnown ? .warning : .note)
    }
  }
}
