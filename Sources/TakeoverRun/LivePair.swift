// The pair as it stands this moment: the tracker behind a lock, fed by the journal.

internal import Synchronization
package import TakeoverModel

package final class LivePair: Sendable {
  private let tracker: Mutex<PairTracker>

  package init(site: Site) { tracker = Mutex(PairTracker(site: site)) }

  package func take(_ observation: Observation) { tracker.withLock { $0.take(observation) } }

  package func standing(at now: Moment) -> PairTracker.Standing {
    tracker.withLock { $0.standing(at: now) }
  }

  package func lastAdvertisement(of node: String) -> Moment? {
    tracker.withLock { $0.lastAdvertisement(of: node) }
  }

  package func advertisementInterval(of node: String) -> Duration? {
    tracker.withLock { $0.advertisementInterval(of: node) }
  }
}
