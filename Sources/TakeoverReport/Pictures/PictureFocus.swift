// Which stretch of a trial is worth drawing: from the advertisement before the blow until everything
// has come to rest. A gap of 0.3 s in a trial of 30 s would be a hair.

internal import TakeoverModel

struct PictureFocus: Sendable {
  let shown: Window
  /// The limit of `takeover-within`, where it is near enough to be shown.
  let limit: Duration?

  init(of trial: TrialTimeline, blow: Interval, window: Window) {
    let rest = Self.rest(of: trial, blow: blow, window: window)
    let limit = Self.limit(of: trial.trial)
    let decisive = rest.since(blow.earliest)
    // A limit far away would make everything else small.
    let isNear = limit.map { $0 <= max(decisive * 2, .milliseconds(100)) } ?? false
    self.limit = isNear ? limit : nil
    let length = max(decisive, isNear ? limit ?? .zero : .zero, .milliseconds(10))
    var from = blow.earliest - length / 6
    if let last = trial.marks.lastAdvertisement, last.earliest < from,
      blow.earliest.since(last.earliest) <= length
    {
      from = last.earliest - length / 20
    }
    shown = Window(from: from, to: min(window.to, blow.earliest + length + length / 7))
  }

  static func limit(of trial: Trial) -> Duration? {
    trial.expectations.filter { $0.check == TakeoverWithin.declaration.name }
      .map(\.value.limit).max()
  }

  /// The last instant at which something changed; the window's end when something never came to rest.
  private static func rest(of trial: TrialTimeline, blow: Interval, window: Window) -> Moment {
    var moments = trial.transitions.map(\.at.latest)
    let marks = trial.marks
    moments += [marks.firstAdvertisement].compactMap(\.self).map(\.latest)
    moments += marks.announcements.values.map(\.latest)
    moments += marks.firstAnswers.values.map(\.latest) + marks.firstService.values.map(\.latest)
    for claim in trial.claims {
      moments.append(claim.from.latest)
      if let until = claim.until { moments.append(until.latest) }
    }
    for outage in trial.outages { moments.append(outage.until?.latest ?? window.to) }
    if let due = trial.due { moments.append(due.when.latest) }
    moments += trial.course.blows.map(\.when.latest)
    moments = moments.filter { $0 > blow.earliest && $0 <= window.to }
    return moments.max() ?? window.to
  }
}
