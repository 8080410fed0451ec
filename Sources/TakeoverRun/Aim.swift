// When a blow is fired: spread over the advertisement interval, or aimed at a part of it.

package import TakeoverModel

/// What a standby waits after a crash depends on the time since the last advertisement. A run in
/// step with its pair hits all trials at the same phase: 17 of 20 blows on a thawed or reopened pair
/// fell within a tenth of an interval after an advertisement, and only the longest takeovers were
/// seen. So repetitions that are not aimed wait for a part of the interval that others did not.
package enum Aim {
  /// VRRPv2 may have an interval of 255 s; nobody waits for that.
  static let most = Duration.seconds(10)
  /// What lies nearer than this cannot be waited for exactly: the next interval is aimed at.
  private static let notice = Duration.milliseconds(2)

  /// How long an unaimed blow waits when everything is prepared. `repetition`: from 1; trials of
  /// one repetition each count on, or all of them would fall at one phase.
  package static func delay(of repetition: Int, within interval: Duration) -> Duration {
    min(max(interval, .zero), most) * Phase.spread(repetition)
  }

  /// The next moment that lies `part` of the interval after an advertisement like the last one.
  package static func moment(
    _ part: Double, after last: Moment, every interval: Duration, from now: Moment
  ) -> Moment {
    guard interval > .zero else { return now }
    var moment = last + interval * part
    let late = (now + notice).since(moment)
    if late > .zero {
      let missed = (late.nanoseconds + interval.nanoseconds - 1) / interval.nanoseconds
      moment = moment + interval * Int(missed)
    }
    return moment
  }
}
