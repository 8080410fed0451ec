// What a blow must cost a pair, by VRRP's arithmetic and by how keepalived goes about it. Pure.

package import TakeoverModel

package struct Prediction: Sendable {
  let holder: Speaker
  let standby: Speaker

  package init(holder: Speaker, standby: Speaker) {
    self.holder = holder
    self.standby = standby
  }

  package func outlook(
    of consequence: Consequence, striking target: Target
  ) -> Forecast.Outlook {
    switch Self.hits(target, holder: holder.node) {
    case .holder: strikingHolder(consequence)
    case .standby: .promised(strikingStandby(consequence))
    case .neither: .silent("it strikes both nodes, or another machine")
    }
  }

  private enum Hit { case holder, standby, neither }

  private static func hits(_ target: Target, holder: String) -> Hit {
    switch target {
    case .holder: .holder
    case .standby: .standby
    case .both, .machine: .neither
    case .node(let name): name == holder ? .holder : .standby
    }
  }

  // MARK: - At the holder

  private func strikingHolder(_ consequence: Consequence) -> Forecast.Outlook {
    switch consequence {
    case .nothing, .deaf: .promised(stays("a holder that advertises is not replaced"))
    case .goodbye: .promised(returning(taking(after: skew, .goodbye, .nobody), asBackup: true))
    case .silence(let remains): .promised(falling(silent: remains))
    case .unheard: .promised(falling(silent: .frozen))
    case .checkFails(let program): failing(program, taking: nil)
    case .checkHangs(let program): failing(program, taking: \.timeout)
    }
  }

  private func falling(silent remains: Consequence.Remains) -> Forecast.Promise {
    switch remains {
    case .kept: returning(taking(after: masterDown, .silence, .both), asBackup: true)
    case .gone: returning(taking(after: masterDown, .silence, .nobody), asBackup: true)
    case .off: restarting(taking(after: masterDown, .silence, .nobody))
    case .frozen: returning(taking(after: masterDown, .silence, .both), asBackup: false)
    }
  }

  private enum Ending { case goodbye, silence }

  /// From t1, which is the goodbye where there is one.
  private func taking(
    after wait: Wait, _ ending: Ending, _ meanwhile: Forecast.Meanwhile
  ) -> Forecast.Promise {
    var promise = Forecast.Promise(
      taker: standby.node, formula: wait.formula, meanwhile: meanwhile)
    promise.wait = Elapsed(exactly: wait.length)
    // A goodbye is said at once; silence begins up to an interval after the last advertisement.
    promise.afterBlow =
      ending == .goodbye
      ? Elapsed(atLeast: wait.length, atMost: wait.length + Self.toSayGoodbye)
      : Elapsed(atLeast: wait.length - holder.interval, atMost: wait.length)
    promise.priority = standby.priority
    promise.point = timers.point
    promise.others = others(than: ending)
    return promise
  }

  /// systemd's stop, and what keepalived does before it speaks.
  private static let toSayGoodbye = Duration.seconds(1)

  /// What comes back as a backup takes over again where it may and is stronger; what goes on as the
  /// master that it was meets the other one, and the stronger wins, whatever `nopreempt` says.
  private func returning(
    _ promise: Forecast.Promise, asBackup: Bool
  ) -> Forecast.Promise {
    var promise = promise
    let mine = holder.priority
    let other = standby.priority
    guard mine != other else { return promise }
    promise.returns = mine > other && (holder.preempts || !asBackup)
    guard promise.returns == true else { return promise }
    let waiting = holder.timers(behind: standby)
    let wait = waiting.silence + waiting.skew(priority: mine)
    promise.returnWait = Elapsed(
      atLeast: .zero, atMost: wait + holder.preemptDelay + Self.toStart)
    return promise
  }

  private func restarting(_ promise: Forecast.Promise) -> Forecast.Promise {
    var promise = returning(promise, asBackup: true)
    if promise.returns == true { promise.returns = nil }
    return promise
  }

  /// A service's start, until its daemon has read its files.
  private static let toStart = Duration.seconds(5)

  /// The node notices by itself, after `fall` runs of its check in a row.
  private func failing(
    _ program: String, taking: KeyPath<Speaker.Check, Duration>?
  ) -> Forecast.Outlook {
    let own = holder.checks.filter { $0.program == program }
    guard let check = own.first, own.count == 1 else {
      return own.isEmpty
        ? .promised(stays("no check of \(holder.node) runs \(program)"))
        : .silent("several checks of \(holder.node) run \(program)")
    }
    let run = taking.map { check[keyPath: $0] } ?? .zero
    let detection = Elapsed(
      atLeast: check.interval * (check.fall - 1) + run,
      atMost: check.interval * check.fall + run)
    let noticing =
      "\(check.fall) runs, one every \(TimeText.chosen(check.interval))"
      + (run > .zero ? ", ended after \(TimeText.chosen(run))" : "")
    guard let left = check.priorityLeft else {
      return .promised(fromBlow(detection, then: skew, noticing, .nobody))
    }
    guard left < standby.priority else {
      return .promised(
        stays(
          "a failed check leaves it priority \(left), and \(standby.node) has "
            + "\(standby.priority)"))
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

  /// A check's process, on a machine with other things to do.
  private static let toRun = Duration.milliseconds(200)

  // MARK: - At the standby

  private func strikingStandby(_ consequence: Consequence) -> Forecast.Promise {
    guard consequence == .deaf else {
      return stays("the standby was struck")
    }
    var promise = taking(after: masterDown, .silence, .both)
    promise.origin = .blow
    promise.wait = promise.afterBlow
    promise.others = []
    promise.point = nil
    return promise
  }

  // MARK: - Pieces

  private func stays(_ reason: String) -> Forecast.Promise {
    Forecast.Promise(taker: nil, formula: reason, meanwhile: .holder)
  }

  struct Wait {
    var length: Duration
    var formula: String
  }

  private var timers: VRRPTimers { standby.timers(behind: holder) }
  private var skew: Wait { skew(priority: standby.priority) }
  private var masterDown: Wait { masterDown(priority: standby.priority) }

  private func skew(priority: Int) -> Wait {
    Wait(
      length: timers.skew(priority: priority),
      formula: "skew: (256 − \(priority))/256 · \(TimeText.chosen(timers.skewUnit))")
  }

  private func masterDown(priority: Int) -> Wait {
    let skew = skew(priority: priority)
    return Wait(
      length: timers.silence + skew.length,
      formula: "\(timers.downAdverts) · \(TimeText.chosen(timers.interval)) + "
        + skew.formula.dropFirst("skew: ".count))
  }

  /// What is usually mistaken for the right one: the other node's priority, a lost term.
  private func others(than ending: Ending) -> [Forecast.Other] {
    let own = standby.priority
    let other = holder.priority
    let mistaken = ending == .goodbye ? skew(priority: other) : masterDown(priority: other)
    let priorities =
      own == other
      ? []
      : [
        Forecast.Other(
          "as for the other node's priority, \(other): \(own) was expected",
          wait: Elapsed(exactly: mistaken.length))
      ]
    return priorities + [
      ending == .goodbye
        ? Forecast.Other(
          "as if there had been no goodbye", wait: Elapsed(exactly: masterDown.length))
        : Forecast.Other("as after a goodbye", wait: Elapsed(exactly: skew.length))
    ]
  }
}
