// Asks the application again and again on connections that are kept for the next request, as the pool of a
// service's own clients does: how many requests fail, and how long the others take.

package import TakeoverModel
import TakeoverWire

package struct PooledProbe: Observer {
  package let vantage: VantagePoint
  package var name: String { KeptVoice.name(.pooled, from: vantage.name) }

  private let period: Duration

  package init(from vantage: VantagePoint, every period: Duration) {
    self.vantage = vantage
    self.period = period
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let (vantage, period) = (vantage, period)
    let port = try site.probing.tcpPort()
    let addresses = site.addresses.map(\.address)
    let limit = site.probing.requestTimeout ?? Probing.requestLimit
    try await OwnThread.run { stop in
      let start = Moment(nanoseconds: Realtime.nanoseconds() &- clock.origin)
      var loop = KeptLoop(
        PooledTalk(to: addresses, from: vantage.name, every: period, limit: limit, at: start),
        from: vantage, site.probing, port: port, journal: journal, clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }
}
