// Whether a check that fails really hands the address over: the arithmetic of weights.

internal import TakeoverModel

enum CheckDoesNotHandOver: LintRule {
  static let declaration = Rule(
    "KA050", .error, "a failing check does not hand over",
    "A weighted check only changes the priority. The standby takes over when its own priority is "
      + "higher than what the master then advertises; an advertisement of an equal priority is still "
      + "obeyed. Weight 0 is a fault instead, and always hands over.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let holder = router.byPriority.first, let standby = router.byPriority.dropFirst().first
      else { return [] }
      return holder.livingWatches.filter { $0.weight != 0 && $0.change < 0 && $0.kind != .file }
        .compactMap { watch -> LintFinding? in
          guard let failed = holder.priority(failing: [watch]),
            failed >= standby.healthyPriority
          else { return nil }
          let gap = holder.healthyPriority - standby.healthyPriority
          let needed = gap + 1
          let rest =
            failed == standby.healthyPriority
            ? "exactly as much as \(standby.member.name), which does not take over from an equal"
            : "still \(failed - standby.healthyPriority) more than \(standby.member.name)'s "
              + "\(standby.healthyPriority)"
          return finding(
            at: watch.place, of: holder,
            "when \(watch.name) fails, \(holder.member.name) goes from \(holder.healthyPriority) to "
              + "\(failed), \(rest): the address stays where the check fails",
            mend: "weight -\(max(needed + 9, abs(watch.weight) + 1)) (more than the \(gap) points "
              + "between the nodes), or weight 0",
            and: [standby.other(standby.priorityPlace)])
        }
    }
  }
}

enum NopreemptWithWeight: LintRule {
  static let declaration = Rule(
    "KA051", .error, "nopreempt with a weighted check",
    "A weighted check makes the master advertise a lower priority, and then the standby would have to "
      + "preempt it; nopreempt says that it must not. The pair never fails over because of that check. "
      + "Weight 0 makes the failure a fault: the master leaves, and nopreempt keeps the rest.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      router.seats.flatMap { seat -> [LintFinding] in
        let takers = router.partners(of: seat).filter { !$0.preempts }
        guard let taker = takers.first else { return [] }
        return seat.livingWatches.filter { $0.weight != 0 && $0.change < 0 }.map { watch in
          let lowered = seat.priority(failing: [watch]) ?? 0
          return finding(
            at: watch.place, of: seat,
            "when \(watch.name) fails, \(seat.member.name) advertises \(lowered), but "
              + "\(taker.member.name) has nopreempt and does not take over from a living master: the "
              + "address never moves",
            mend: "\(watch.name) weight 0, so that its failure is a fault",
            and: [taker.other(taker.nopreemptPlace)])
        }
      }
    }
  }
}

enum FailureRaises: LintRule {
  static let declaration = Rule(
    "KA052", .warning, "a failing check makes its node preferred",
    "With `reverse` the priority rises when the check fails. That is for things whose absence is good; "
      + "in front of a service it gives the address to the broken node.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat in
      seat.livingWatches.filter { $0.change > 0 }.map { watch in
        finding(
          at: watch.place, of: seat,
          "when \(watch.name) fails, the priority rises from \(seat.healthyPriority) to "
            + "\(seat.priority(failing: [watch]) ?? 0): the broken node is preferred",
          mend: "\(watch.name) without reverse")
      }
    }
  }
}

enum BothFailingTurnsTheOrder: LintRule {
  static let declaration = Rule(
    "KA053", .warning, "the same failure on both nodes turns the order round",
    "What both nodes depend on fails on both at once. With different weights, or where a priority "
      + "reaches its bound, the other node is then the better one, and the address moves for nothing."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let first = router.byPriority.first, let second = router.byPriority.dropFirst().first,
        first.healthyPriority > second.healthyPriority
      else { return [] }
      return first.livingWatches.filter { $0.weight != 0 && $0.kind != .file }.compactMap {
        watch -> LintFinding? in
        guard
          let twin = second.livingWatches.first(where: {
            $0.kind == watch.kind && $0.name == watch.name
          }), let one = first.priority(failing: [watch]),
          let other = second.priority(failing: [twin]), one <= other
        else { return nil }
        return finding(
          at: watch.place, of: first,
          "when \(watch.name) fails on both nodes, \(first.member.name) has \(one) and "
            + "\(second.member.name) \(other): "
            + (one == other
              ? "nobody is better, and both may be master"
              : "the address moves, and nothing is won"),
          mend: "the same weight on both nodes, and priorities far enough from 1 and 254",
          and: [second.other(twin.place)])
      }
    }
  }
}

enum NobodyHolds: LintRule {
  static let declaration = Rule(
    "KA054", .note, "a check that fails on both nodes leaves the address with nobody",
    "Weight 0 makes a failure a fault, and a node in fault is no candidate. Where the check looks at "
      + "something that both nodes share (a gateway, a database), its failure takes the address away "
      + "altogether. Is nobody better than either?")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.flatMap { router -> [LintFinding] in
      guard let first = router.seats.first, router.seats.count > 1 else { return [] }
      return first.livingWatches.filter { watch in
        watch.kind == .script && watch.weight == 0
          && router.seats.allSatisfy { seat in
            seat.livingWatches.contains { $0.name == watch.name && $0.weight == 0 }
          }
      }.map { watch in
        finding(
          at: watch.place, of: first,
          "when \(watch.name) fails on every node, all are in fault and nobody holds "
            + router.addressWords,
          mend:
            "a check of what is the node's own, or a weight of more than the points between the "
            + "nodes without nopreempt")
      }
    }
  }
}

enum PriorityReachesItsBound: LintRule {
  static let declaration = Rule(
    "KA055", .warning, "weights beyond the bounds of a priority",
    "The effective priority is kept within 1…254 (keepalived.conf(5)). What goes beyond is lost, and "
      + "two nodes at the same bound are equal.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      let weighted = seat.livingWatches.filter { $0.weight != 0 && $0.kind != .file }
      guard !seat.isOwner, let first = weighted.first else { return nil }
      let high = seat.unclampedPriority()
      let low = seat.unclampedPriority(failing: Set(weighted.filter { $0.change < 0 }))
      guard high > 254 || low < 1 else { return nil }
      return finding(
        at: first.place, of: seat,
        high > 254
          ? "priority and weights add up to \(high), which counts as 254: the first "
            + "\(high - 254) points that are lost change nothing"
          : "with all checks failing the priority would be \(low), which counts as 1: the order "
            + "between two such nodes is lost",
        mend: "a priority and weights whose sums stay within 1…254",
        and: [seat.other(seat.priorityPlace)])
    }
  }
}

enum WeightIsThrownAway: LintRule {
  static let declaration = Rule(
    "KA056", .error, "a weighted check that is thrown away",
    "In a sync group, and for priority 255, the daemon ignores weights: a weighted script of an instance "
      + "is not run for it at all, a weighted interface becomes an unweighted one. Track it in the "
      + "vrrp_sync_group instead (keepalived.conf(5)).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.flatMap { seat in
      seat.watches.filter { seat.ignoresWeight(of: $0) }.map { watch in
        let why =
          seat.isOwner ? "of priority 255" : "it is in vrrp_sync_group \(seat.group?.name ?? "")"
        return finding(
          at: watch.place, of: seat,
          watch.kind == .interface
            ? "the weight of \(watch.name) counts as 0 because \(why): its loss is a fault"
            : "\(watch.name) has a weight and is ignored because \(why): when it fails, nothing happens",
          mend: seat.isOwner
            ? "\(watch.name) weight 0, or a priority below 255"
            : "\(watch.kind.rawValue) { \(watch.name) } in vrrp_sync_group \(seat.group?.name ?? "")",
          as: watch.kind == .interface ? .warning : .error)
      }
    }
  }
}
