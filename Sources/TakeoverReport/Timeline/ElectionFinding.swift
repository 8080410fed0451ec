// VRRP's arithmetic for the first takeover, from the advertisements on both sides of it.

internal import TakeoverModel

enum ElectionFinding {
  /// nil when the wire did not show the old holder's last and the new one's first advertisement.
  static func election(
    _ advertised: [Advertised], marks: Marks, old: String?, new: String?, at site: Site
  ) -> Election? {
    guard let t1 = marks.lastAdvertisement, let t2 = marks.firstAdvertisement,
      let last = advertised.last(where: { $0.node == old && $0.when == t1 }),
      let first = advertised.first(where: { $0.node == new && $0.when == t2 }),
      // The goodbye need not say the interval; the one before it does.
      let said = advertised.last(where: {
        $0.node == old && $0.priority > 0 && $0.when.earliest <= last.when.earliest
      })
    else { return nil }
    // One that came while the blow was on its way is what the taker counts from, too.
    let before = advertised.last {
      $0.node == old && $0.priority > 0
        && $0.when.earliest <= (marks.blow?.latest ?? last.when.earliest)
    }
    return Election(
      interval: said.interval, priority: first.priority, version: first.version,
      wasReleased: last.priority == 0, waited: t2.since(t1),
      sinceAdvertisement: before.flatMap { one in marks.blow.map { $0.since(one.when) } },
      configuredPriority: new.flatMap { site.node(named: $0)?.priority })
  }
}
