// The pair as it stands this moment: the tracker, and what would end the run, behind a lock; fed by
// the journal.

internal import Synchronization
package import TakeoverModel

package final class LivePair: Sendable {
  private struct State: Sendable {
    var tracker: PairTracker
    var conditions: StopConditions?
  }

  private let site: Site
  private let state: Mutex<State>

  package init(site: Site) {
    self.site = site
    state = Mutex(State(tracker: PairTracker(site: site)))
  }

  package func take(_ observation: Observation) {
    state.withLock {
      $0.tracker.take(observation)
      $0.conditions?.take(observation)
    }
  }

  /// From `now` on these limits count, from nothing.
  package func watch(for limits: StopLimits, from now: Moment) {
    let conditions = limits.isEmpty ? nil : StopConditions(limits, of: site, from: now)
    state.withLock { $0.conditions = conditions }
  }

  /// Why the run must end, in a sentence; nil: nothing that is watched for has lasted too long.
  package func reasonToStop(at now: Moment) -> String? {
    state.withLock { $0.conditions?.sentence(seeing: $0.tracker.sight(at: now), at: now) }
  }

  package func standing(at now: Moment) -> PairTracker.Standing {
    state.withLock { $0.tracker.standing(at: now) }
  }

  /// The captures made elsewhere that are not there this moment.
  package var lostCaptures: Set<String> { state.withLock { $0.tracker.lostCaptures } }

  package func lastAdvertisement(of node: String) -> Moment? {
    state.withLock { $0.tracker.lastAdvertisement(of: node) }
  }

  package func advertisementInterval(of node: String) -> Duration? {
    state.withLock { $0.tracker.advertisementInterval(of: node) }
  }
}
