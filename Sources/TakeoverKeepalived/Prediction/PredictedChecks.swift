// What a node notices by itself: health checks that fail, hang, come late or cannot make up their mind,
// and links that it tracks.

internal import TakeoverModel

extension Prediction {
  /// After `fall` runs of its check in a row.
  func failing(_ program: String, taking: KeyPath<Speaker.Check, Duration>?) -> Forecast.Outlook {
    check(program) { check in
      let run = taking.map { check[keyPath: $0] } ?? .zero
      return losing(
        check.priorityLeft, after: detection(check, run: run), words(check, run: run),
        because: "a failed check")
    }
  }

  private func check(
    _ program: String, _ outlook: (Speaker.Check) -> Forecast.Outlook
  ) -> Forecast.Outlook {
    let own = holder.checks.filter { $0.program == program }
    guard let check = own.first, own.count == 1 else {
      return own.isEmpty
        ? .promised(stays("no check of \(holder.node) runs \(program)"))
        : .silent("several checks of \(holder.node) run \(program)")
    }
    return outlook(check)
  }

  /// From when keepalived begins a run until the run looks at what the blow changed: a fork, an exec and a
  /// shell's start. A blow in between is seen by a run that began before it. Measured: 4 ms on a busy
  /// machine.
  private static let toLook = Duration.milliseconds(20)

  private func detection(_ check: Speaker.Check, run: Duration) -> Elapsed {
    Elapsed(
      atLeast: max(.zero, check.interval * (check.fall - 1) + run - Self.toLook),
      atMost: check.interval * check.fall + run)
  }

  private func words(_ check: Speaker.Check, run: Duration) -> String {
    "\(check.fall) runs, one every \(TimeText.chosen(check.interval))"
      + (run > .zero ? ", ended after \(TimeText.chosen(run))" : "")
  }

  /// A delay that the timeout does not let through is a check that hangs.
  func slowed(_ program: String, by delay: Duration, at speaker: Speaker) -> Consequence {
    let own = speaker.checks.filter { $0.program == program }
    if own.allSatisfy({ delay > $0.timeout }) { return .checkHangs(program) }
    let left = own.map { TimeText.chosen($0.timeout - delay) }.joined(separator: " or ")
    return .open("how much of the \(left) that are left to it the check itself takes is not known")
  }

  /// It begins with failing.
  func flapping(_ program: String, every period: Duration) -> Forecast.Outlook {
    check(program) { check in
      let runs = Int(period.nanoseconds / max(check.interval.nanoseconds, 1))
      guard runs + 1 >= check.fall else {
        return .promised(
          stays("of \(check.fall) runs that have to fail a period has at most \(runs + 1)"))
      }
      let detection = detection(check, run: .zero)
      let needed =
        check.priorityLeft == nil
        ? detection.atMost : detection.atMost + masterDown.length + holder.interval + Self.toRun
      let outlook = losing(
        check.priorityLeft, after: detection, words(check, run: .zero), because: "a failed check")
      if outlook.promise?.taker == nil || period >= needed { return outlook }
      return .silent(
        "a period of \(TimeText.chosen(period)) may end before the \(TimeText.chosen(needed)) are "
          + "over that it takes at most")
    }
  }

  /// Another interface than the instance's own, with a weight.
  func lowered(by interface: String?) -> Forecast.Outlook {
    guard let link = holder.links.first(where: { $0.name == interface }) else {
      return .promised(stays("no instance of \(holder.node) tracks \(interface ?? "its link")"))
    }
    return losing(
      link.priorityLeft, after: Elapsed(exactly: .zero), "at once", because: "\(link.name) down")
  }

  /// The holder is left with this priority, or leaves (nil), so long after the blow.
  private func losing(
    _ left: Int?, after detection: Elapsed, _ noticing: String, because what: String
  ) -> Forecast.Outlook {
    guard let left else {
      return .promised(fromBlow(detection, then: skew, noticing, .nobody))
    }
    guard left < standby.priority else {
      return .promised(
        stays(
          "\(what) leaves it priority \(left), and \(standby.node) has \(standby.priority)"))
    }
    guard standby.preempts else {
      return .promised(
        stays("\(standby.node) has nopreempt, so a weaker master keeps its place"))
    }
    return .promised(fromBlow(detection, then: masterDown, noticing, .holder))
  }

  private func fromBlow(
    _ detection: Elapsed, then wait: Wait, _ words: String, _ meanwhile: Forecast.Meanwhile
  ) -> Forecast.Promise {
    var promise = Forecast.Promise(
      taker: standby.node, formula: "\(words); then \(wait.formula)", meanwhile: meanwhile)
    promise.origin = .blow
    // The lower priority is told with the next advertisement, which may be an interval away.
    promise.wait = Elapsed(
      atLeast: detection.atLeast + wait.length,
      atMost: detection.atMost + wait.length + holder.interval + Self.toRun)
    promise.afterBlow = promise.wait
    return returning(promise, asBackup: true)
  }

  // MARK: - Links and delays

  /// A node that tracks its link is a backup each time it comes up, and waits M from then: the other
  /// one, which waits M from the last advertisement, is first.
  func flapping(_ interface: String?, down: Duration) -> Forecast.Outlook {
    guard isOwn(interface, of: holder) else {
      guard let link = holder.links.first(where: { $0.name == interface }) else {
        return lowered(by: interface)
      }
      return link.priorityLeft == nil
        ? .promised(returning(leaving, asBackup: true))
        : .silent("a weight that comes and goes with \(link.name) may be told or not")
    }
    guard holder.tracksInterface else {
      if down > masterDown.length { return .promised(falling(silent: .frozen)) }
      return down + holder.interval < masterDown.length
        ? .promised(stays("a link that is down for less than M loses no master"))
        : .silent("whether so long a silence reaches M depends on when it begins")
    }
    let own = holder.timers(behind: holder).skew(priority: holder.priority)
    guard skew.length - own + Self.race < down else {
      return .silent("the holder may be back before the standby has waited its skew")
    }
    return .promised(falling(silent: .gone))
  }

  /// One gap as long as the delay, when it begins; then all is as it was, only later.
  func late(_ delay: Consequence.Delay) -> Forecast.Outlook {
    if delay.most + holder.interval < masterDown.length {
      return .promised(stays("an advertisement that comes so late still comes before M is over"))
    }
    return delay.least > masterDown.length
      ? .promised(falling(silent: .frozen))
      : .silent("whether so long a delay reaches M depends on when it begins")
  }
}
