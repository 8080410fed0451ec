// A capture made elsewhere that lost its way comes back by itself. A blow that did not wait for it
// would go unseen there, and its trial be unknown for nothing.

internal import TakeoverModel

extension Runner {
  /// Returns when every capture made elsewhere is there again, or when it has taken too long: then
  /// the trial goes on, and its report says what is missing.
  func awaitCaptures(within limit: Duration) async {
    let clock = setting.clock
    let deadline = clock.now() + limit
    while !pair.lostCaptures.isEmpty, clock.now() < deadline {
      let next = min(clock.now() + setting.limits.look, deadline)
      guard (try? await clock.wait(until: next)) != nil else { return }
    }
  }
}
