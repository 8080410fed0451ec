// VRRP's arithmetic for the first takeover, from the advertisements on both sides of it.

internal import TakeoverModel

enum ElectionFinding {
  /// nil when the wire did not show the old holder's last and the new one's first advertisement.
  static func election(
    _ advertised: [Advertised], marks: Marks, old: String?, new: String?
  ) -> Election? {
    guard let t1 = marks.lastAdvertisement, let t2 = marks.firstAdvertisement,
      let last = advertised.last(where: { $0.node == old && $0.at == t1.earliest }),
      let first = advertised.first(where: { $0.node == new && $0.at == t2.earliest }),
      // The goodbye need not say the interval; the one before it does.
      let said = advertised.last(where: { $0.node == old && $0.priority > 0 && $0.at <= last.at })
    else { return nil }
    let before = advertised.last {
      $0.node == old && $0.priority > 0 && $0.at <= (marks.blow?.earliest ?? last.at)
    }
    return Election(
      interval: said.interval, priority: first.priority, version: first.version,
      wasReleased: last.priority == 0, waited: t2.since(t1),
      sinceAdvertisement: before.flatMap { one in
        marks.blow.map { $0.since(Interval(at: one.at)) }
      })
  }
}
