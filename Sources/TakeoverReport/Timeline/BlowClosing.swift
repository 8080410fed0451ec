// When the blow fell at the latest, where its acknowledgement came late or never: what it caused came
// after it.

internal import TakeoverModel

struct BlowClosing: Sendable {
  let evidence: TrialEvidence
  /// From the byte that was sent to its acknowledgement, or to the end of the wait for it.
  let blow: Interval
  let targets: [String]
  let takeover: Transition?

  /// A command may be acknowledged long after it took effect (`systemctl stop` waits for the end of
  /// what it stops): a target's giving up and the takeover came after the blow. Where the blow cut
  /// the way back, so did the target's silence.
  func closed() -> Interval {
    let givingUp = evidence.advertised.first {
      $0.priority == 0 && targets.contains($0.node) && $0.when.latest >= blow.earliest
    }?.when.latest
    var effects = [givingUp, takeover?.at.latest].compactMap { $0 }
    for target in unacknowledged {
      effects += [overdue(target), unanswered(target)].compactMap { $0 }
    }
    return Interval(blow.earliest, Swift.max(blow.earliest, effects.reduce(blow.latest, min)))
  }

  private var unacknowledged: [String] {
    evidence.doings.compactMap { doing in
      guard case .blow(let struck) = doing.event, struck.status == nil else { return nil }
      return struck.node
    }
  }

  /// When the advertisement that follows the target's last one was overdue by half an interval: a
  /// daemon that runs is late by less than a millisecond, on a busy machine by some. nil: it was
  /// silent before, or it went on.
  private func overdue(_ target: String) -> Moment? {
    let own = evidence.advertised.filter { $0.node == target }
    guard let last = own.last(where: { $0.when.earliest <= blow.latest }), last.priority > 0,
      last.when.latest + last.interval * 2 >= blow.earliest
    else { return nil }
    return last.when.latest + last.interval * 1.5
  }

  /// When the first of two rounds in a row arrived that the target, who held the address and had
  /// answered until then, did not answer: that took it no longer than the round trip before.
  private func unanswered(_ target: String) -> Moment? {
    evidence.methods.filter(\.method.isWitness).compactMap { key in
      var trip: Duration?
      var misses: [Moment] = []
      for round in evidence.probes[key, default: []] where round.wasAsked && round.trouble.isEmpty {
        let answer = round.answers.first { evidence.attribution.owner(of: $0.mac) == target }
        if let answer {
          trip = answer.at.since(round.sent)
          misses = []
        } else {
          misses.append(round.asked.latest)
        }
        if round.sent >= blow.earliest, misses.count >= 2, let trip, let first = misses.first {
          return max(first, blow.earliest) + trip
        }
        if round.sent > blow.latest { return nil }
      }
      return nil
    }.min()
  }
}
