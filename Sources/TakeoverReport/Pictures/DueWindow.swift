// When the new holder's first advertisement was due: by the pair's configuration where it was read, by
// VRRP's arithmetic where the wire showed what that needs.

internal import TakeoverModel

struct DueWindow: Hashable, Sendable {
  var when: Interval
  /// `by keepalived's configuration: 3 · 1 s + (256 − 80)/256 · 1 s`
  var words: String
}

extension TrialTimeline {
  /// nil: nobody was to take over, or it is not known when.
  var due: DueWindow? {
    guard let blow = marks.blow else { return nil }
    let late = election?.lateness ?? Election.timerLateness
    let forecast = forecasts.first { $0.holder == holderBefore }
    if let forecast, let promise = forecast.outlook.promise {
      guard promise.taker != nil else { return nil }
      let words = "by \(forecast.reader)'s configuration: \(promise.formula)"
      let heard = marks.lastBeforeBlow
      let origin: Interval? =
        switch promise.origin {
        case .lastAdvertisement: marks.lastAdvertisement
        case .blow: blow
        case .lastHeard:
          heard.first.flatMap { first in heard.last.map { Interval(first.earliest, $0.latest) } }
        }
      guard let origin else { return Self.due(promise.afterBlow, late, after: blow, words) }
      return Self.due(promise.wait, late, after: origin, words)
    }
    guard let election, let last = marks.lastAdvertisement else { return nil }
    let name = election.wasReleased ? "skew" : "master-down interval"
    return Self.due(
      Elapsed(exactly: election.promised), late, after: last,
      "by VRRP's arithmetic: the \(name) of priority \(election.priority) is "
        + "\(TimeText.chosen(election.promised)), from t1")
  }

  private static func due(
    _ wait: Elapsed, _ late: Duration, after origin: Interval, _ words: String
  ) -> DueWindow {
    DueWindow(
      when: Interval(origin.earliest + wait.atLeast, origin.latest + wait.atMost + late),
      words: words)
  }
}
