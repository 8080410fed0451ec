// Holds one connection to the application open, and asks on it again and again: what a client sees that
// was connected before the blow, apart from those that come after it.

package import TakeoverModel
import TakeoverWire

package struct HeldProbe: Observer {
  package let vantage: VantagePoint
  package var name: String { KeptVoice.name(.held, from: vantage.name) }

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
    try await OwnThread.run { stop in
      let start = Moment(nanoseconds: Realtime.nanoseconds() &- clock.origin)
      var loop = KeptLoop(
        HeldTalk(to: addresses, from: vantage.name, every: period, at: start), from: vantage,
        site.probing, port: port, journal: journal, clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }
}

extension Probing {
  func tcpPort() throws(Complaint) -> UInt16 {
    guard let port = UInt16(exactly: port), port > 0 else {
      throw Complaint("\(port) is not a TCP port", remedy: "give a port from 1 to 65535")
    }
    return port
  }
}
