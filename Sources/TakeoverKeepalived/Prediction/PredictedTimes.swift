// The pieces that predictions are made of: waits with their formulas, takeovers, returns.

internal import TakeoverModel

extension Prediction {
  /// systemd's stop, and what keepalived does before it speaks.
  static let toSayGoodbye = Duration.seconds(1)
  /// A service's start, until its daemon has read its files.
  static let toStart = Duration.seconds(5)
  /// A check's process, on a machine with other things to do.
  static let toRun = Duration.milliseconds(200)
  /// An edit and a reload: the daemon counts from somewhere within.
  static let toRead = Duration.seconds(1)
  /// What a reload itself keeps the daemon from advertising.
  static let toBeginAnew = Duration.milliseconds(100)
  /// Two timers that are no farther apart than this may run out in either order.
  static let race = Duration.milliseconds(2)

  struct Wait {
    var length: Duration
    var formula: String
  }

  var timers: VRRPTimers { standby.timers(behind: holder) }
  var skew: Wait { skew(priority: standby.priority, by: timers) }
  var masterDown: Wait { masterDown(priority: standby.priority, by: timers) }

  func skew(priority: Int, by timers: VRRPTimers) -> Wait {
    Wait(
      length: timers.skew(priority: priority),
      formula: "skew: (256 − \(priority))/256 · \(TimeText.chosen(timers.skewUnit))")
  }

  func masterDown(priority: Int, by timers: VRRPTimers) -> Wait {
    let skew = skew(priority: priority, by: timers)
    return Wait(
      length: timers.silence + skew.length,
      formula: "\(timers.downAdverts) · \(TimeText.chosen(timers.interval)) + "
        + skew.formula.dropFirst("skew: ".count))
  }

  func stays(_ reason: String) -> Forecast.Promise {
    Forecast.Promise(taker: nil, formula: reason, meanwhile: .holder)
  }

  enum Ending { case goodbye, silence }

  /// From t1, which is the goodbye where there is one.
  func taking(
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
    if ending == .silence, holder.instances > 1 {
      // Each advertises in its own time: the first to be taken over was not the last to be heard.
      promise.wait = promise.afterBlow
      promise.formula += ", of the first of \(holder.instances) instances"
      return promise
    }
    promise.priority = standby.priority
    promise.point = timers.point
    promise.others = others(than: ending)
    return promise
  }

  /// From the blow, which is over at some moment within `spread` of when the waiting begins.
  func takingFromBlow(
    after wait: Wait, spread: Elapsed, because words: String, _ meanwhile: Forecast.Meanwhile
  ) -> Forecast.Promise {
    var promise = Forecast.Promise(
      taker: standby.node, formula: "\(words): \(wait.formula)", meanwhile: meanwhile)
    promise.origin = .blow
    promise.wait = Elapsed(
      atLeast: max(.zero, wait.length - spread.atLeast), atMost: wait.length + spread.atMost)
    promise.afterBlow = promise.wait
    return promise
  }

  /// What comes back as a backup takes over again where it may and is stronger; what goes on as the
  /// master that it was meets the other one, and the stronger wins, whatever `nopreempt` says.
  func returning(_ promise: Forecast.Promise, asBackup: Bool) -> Forecast.Promise {
    var promise = promise
    let mine = holder.priority
    let other = standby.priority
    guard mine != other else { return promise }
    promise.returns = mine > other && (holder.preempts || !asBackup)
    if promise.returns == true { promise.returnWait = returnWait }
    return promise
  }

  var returnWait: Elapsed {
    let waiting = holder.timers(behind: standby)
    let wait = waiting.silence + waiting.skew(priority: holder.priority)
    return Elapsed(atLeast: .zero, atMost: wait + holder.preemptDelay + Self.toStart)
  }

  func restarting(_ promise: Forecast.Promise) -> Forecast.Promise {
    var promise = returning(promise, asBackup: true)
    if promise.returns == true { promise.returns = nil }
    return promise
  }

  /// What is usually mistaken for the right one: the other node's priority, a lost term.
  private func others(than ending: Ending) -> [Forecast.Other] {
    let own = standby.priority
    let other = holder.priority
    let mistaken =
      ending == .goodbye
      ? skew(priority: other, by: timers) : masterDown(priority: other, by: timers)
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
