// Stretches without a good answer, per schedule of probes.

internal import TakeoverModel

enum OutageTracking {
  /// A schedule that pauses for more than so many periods may have missed something.
  static let pause = 3.0

  /// The outages of one schedule that reach into the window, in order.
  ///
  /// Let g and h be the good answers around an outage, b…c the unanswered questions between them.
  /// The service still worked when it answered g, so after g was sent, and again when it answered
  /// h, so before that answer came: the outage lasted at most h.answered − g.sent. It did not work
  /// when b and c arrived, which took them no longer than g's round trip: it lasted at least
  /// c.sent − b.sent − g's round trip. With a period Δ that is c − b + Δ, give or take Δ.
  static func outages(of key: ProbeKey, _ probes: [Probe], in window: Window) -> [Outage] {
    var outages: [Outage] = []
    var good: Interval?
    var bad: [Probe] = []
    var previous: Probe?
    for probe in probes {
      defer { previous = probe }
      guard let answered = probe.answered else {
        bad.append(probe)
        continue
      }
      let period = Duration.nanoseconds(max(probe.period, 1_000_000))
      let paused =
        previous.map { probe.sent.since($0.sent) > period * pause } ?? false
      if !bad.isEmpty || paused, answered.latest >= window.from {
        outages.append(outage(key, from: good, without: bad, until: answered, end: answered.latest))
      }
      good = answered
      bad = []
    }
    if !bad.isEmpty {
      outages.append(outage(key, from: good, without: bad, until: nil, end: window.to))
    }
    return outages
  }

  private static func outage(
    _ key: ProbeKey, from good: Interval?, without bad: [Probe], until: Interval?, end: Moment
  ) -> Outage {
    let first = good ?? bad.first?.asked ?? Interval(at: end)
    let asked = bad.filter(\.wasAsked)
    var least = Duration.zero
    if let first = asked.first, let last = asked.last {
      least = max(.zero, last.asked.since(first.asked).atLeast - (good?.width ?? .zero))
    }
    return Outage(
      vantage: key.vantage, method: key.method, address: key.address, from: first, until: until,
      length: Elapsed(atLeast: least, atMost: max(least, end.since(first.earliest))))
  }

  /// How a schedule fared within the window.
  static func probed(_ key: ProbeKey, _ probes: [Probe], in window: Window) -> Probed {
    let inside = probes.filter { window.contains($0.sent) && $0.wasAsked }
    return Probed(
      vantage: key.vantage, method: key.method, address: key.address,
      period: .nanoseconds(max(inside.first?.period ?? 0, 0)), asked: inside.count,
      good: inside.count(where: \.isGood))
  }
}
