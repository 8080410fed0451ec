// Who becomes master, and who takes the address back: state, priority, nopreempt, preempt_delay.

internal import TakeoverModel

enum MasterClearsNopreempt: LintRule {
  static let declaration = Rule(
    "KA040", .warning, "state MASTER with nopreempt",
    "nopreempt works only with the initial state BACKUP (keepalived.conf(5)); with state MASTER the "
      + "daemon clears it, and the node takes the address back as soon as it returns.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.saysNopreempt && $0.startsAsMaster && !$0.isOwner }.map { seat in
      finding(
        at: seat.statePlace, of: seat,
        "state MASTER clears nopreempt: \(seat.member.name) takes the address back "
          + "\(Words.time(seat.masterDown)) after it returns",
        mend: "state BACKUP", and: [seat.other(seat.nopreemptPlace)])
    }
  }
}

enum MasterClearsPreemptDelay: LintRule {
  static let declaration = Rule(
    "KA041", .warning, "state MASTER with preempt_delay",
    "preempt_delay works only with the initial state BACKUP (keepalived.conf(5)); with state MASTER "
      + "the daemon clears it.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let delay = seat.instance.preemptDelay, delay.value > .zero, seat.startsAsMaster
      else { return nil }
      return finding(
        at: delay.place, of: seat,
        "state MASTER clears preempt_delay: \(seat.member.name) takes the address back after "
          + "\(Words.time(seat.masterDown)), not \(Words.time(seat.masterDown + delay.value))",
        mend: "state BACKUP", and: [seat.other(seat.statePlace)])
    }
  }
}

enum BothAreMaster: LintRule {
  static let declaration = Rule(
    "KA042", .warning, "both nodes have state MASTER",
    "The state is only where a node starts: priority decides who holds the address. What state MASTER "
      + "does is to clear nopreempt and preempt_delay, so that neither node can be told to leave the "
      + "address where it is.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.compactMap { router -> LintFinding? in
      let masters = router.seats.filter(\.startsAsMaster)
      guard masters.count > 1, let last = masters.last, let first = router.byPriority.first
      else { return nil }
      return finding(
        at: last.statePlace, of: last,
        "\(Words.list(masters.map(\.member.name))) all have state MASTER: priority alone decides "
          + "(\(first.member.name), \(first.healthyPriority)), and that node takes the address back "
          + "at each return",
        mend: "state BACKUP on both nodes", and: masters.dropLast().map { $0.other($0.statePlace) })
    }
  }
}

enum PrioritiesAreEqual: LintRule {
  static let declaration = Rule(
    "KA043", .warning, "equal priorities",
    "All systems should have different priorities to make the behaviour deterministic "
      + "(keepalived.conf(5)). With equal ones the higher address wins a contest, both nodes wait "
      + "equally long, and after a loss of both each becomes master at the same moment.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      var seen: [Int: Seat] = [:]
      return router.seats.compactMap { seat -> LintFinding? in
        guard let twin = seen[seat.healthyPriority] else {
          seen[seat.healthyPriority] = seat
          return nil
        }
        return finding(
          at: seat.priorityPlace, of: seat,
          "priority is \(seat.healthyPriority) as on \(twin.member.name): both wait "
            + "\(Words.time(seat.masterDown)) and become master at the same moment, and which of them "
            + "keeps the address depends on their own addresses",
          mend: "priority \(max(1, seat.healthyPriority - 20)) on the node that is to stand by",
          and: [twin.other(twin.priorityPlace)])
      }
    }
  }
}

enum NopreemptOnTheWrongNode: LintRule {
  static let declaration = Rule(
    "KA044", .warning, "nopreempt on the node with the lower priority only",
    "nopreempt stops the node that has it from taking over from a lower priority. It matters on the "
      + "node with the higher priority, which is the one that would take the address back.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let first = router.byPriority.first, first.preempts, !first.saysNopreempt else {
        return []
      }
      return router.byPriority.dropFirst().filter {
        $0.saysNopreempt && $0.healthyPriority < first.healthyPriority
      }.map { seat in
        finding(
          at: seat.nopreemptPlace, of: seat,
          "nopreempt on \(seat.member.name) (priority \(seat.healthyPriority)) has no effect on "
            + "\(first.member.name) (priority \(first.healthyPriority)): it takes the address back "
            + "\(Words.time(first.masterDown + first.preemptDelay)) after it returns",
          mend: "nopreempt and state BACKUP on \(first.member.name), too",
          and: [first.other(first.priorityPlace)])
      }
    }
  }
}

enum NopreemptClearsDelay: LintRule {
  static let declaration = Rule(
    "KA045", .warning, "preempt_delay with nopreempt",
    "A node that never preempts has nothing to delay: keepalived resets preempt_delay.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard let delay = seat.instance.preemptDelay, delay.value > .zero, !seat.preempts,
        !seat.startsAsMaster
      else { return nil }
      return finding(
        at: delay.place, of: seat,
        "preempt_delay \(Words.seconds(delay.value)) has no effect beside nopreempt: "
          + "\(seat.member.name) never takes the address back",
        mend: "remove preempt_delay, or nopreempt", and: [seat.other(seat.nopreemptPlace)])
    }
  }
}

enum OwnerAlwaysPreempts: LintRule {
  static let declaration = Rule(
    "KA046", .warning, "priority 255",
    "255 means address owner (RFC 9568, 5.2.4): a machine to which the address really belongs. It "
      + "always preempts, nopreempt and every weight are thrown away, and with state MASTER it becomes "
      + "master at once, without listening first.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.instance.priority?.value == Seat.owner }.map { seat in
      finding(
        at: seat.priorityPlace, of: seat,
        "priority 255 takes the address back at every return, whatever nopreempt says, and no weighted "
          + "check can lower it",
        mend: "priority 150, and the addresses in virtual_ipaddress only")
    }
  }
}

enum MasterWithoutPriority: LintRule {
  static let declaration = Rule(
    "KA047", .warning, "no priority",
    "Without a priority the daemon takes 100, and with state MASTER 255: an address owner, which always "
      + "preempts and which no weight can lower.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.instance.priority == nil }.map { seat in
      finding(
        at: seat.instance.place, of: seat,
        seat.isOwner
          ? "has state MASTER and no priority, which makes it 255: it always takes the address back, "
            + "and no weighted check can lower it"
          : "has no priority, which makes it 100",
        mend: "priority \(seat.isOwner ? 150 : 100)", as: seat.isOwner ? .warning : .note)
    }
  }
}

enum BothAreOwners: LintRule {
  static let declaration = Rule(
    "KA048", .error, "both nodes have priority 255",
    "An address has one owner. Two nodes of priority 255 do not give way to each other but for the "
      + "order of their own addresses, and both start as master.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.compactMap { router -> LintFinding? in
      let owners = router.seats.filter(\.isOwner)
      guard owners.count > 1, let last = owners.last else { return nil }
      return finding(
        at: last.priorityPlace, of: last,
        "priority is 255 on \(Words.list(owners.map(\.member.name))): each says that "
          + "\(router.addressWords) is its own, and no check can make one give way",
        mend: "priority 150 on one node and 100 on the other",
        and: owners.dropLast().map { $0.other($0.priorityPlace) })
    }
  }
}
