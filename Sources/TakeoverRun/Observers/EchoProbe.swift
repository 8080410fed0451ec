// Pings the addresses as a client would, and reads in the answers' Ethernet headers who answered.

package import TakeoverModel
import TakeoverWire

package struct EchoProbe: Observer {
  /// Shorter than the second after which a kernel that could not find the address asks for it again
  /// (arp(7), retrans_time_ms) and sends what it kept: that answer says nothing of the moment of asking.
  static let wait = Duration.milliseconds(900)

  package let vantage: VantagePoint
  package var name: String { "\(vantage.name)/echo" }

  package init(from vantage: VantagePoint) { self.vantage = vantage }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let vantage = vantage
    try await OwnThread.run { stop in
      let asking = try Asker(vantage, addresses: site.addresses.map(\.address))
      var loop = ProbeLoop(
        asking, .echo, from: vantage, of: site, period: site.probing.echo,
        wait: Self.wait.nanoseconds, journal: journal, clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }

  private struct Asker: Asking {
    private let sending: EchoSocket
    private let receiving: PacketSocket
    /// Tells our questions from those of other programs, and of other runs.
    private let identifier = UInt16.random(in: .min ... .max)
    private let cookie = UInt64.random(in: .min ... .max)

    init(_ vantage: VantagePoint, addresses: [IPAddress]) throws {
      receiving = try PacketSocket(
        interface: vantage.interface, namespace: vantage.namespace,
        filter: .echoes(from: addresses), kind: Self.kind(of: addresses))
      sending = try EchoSocket(
        to: addresses, namespace: vantage.namespace, interface: receiving.index)
    }

    /// A socket hears one EtherType, or all.
    private static func kind(of addresses: [IPAddress]) -> UInt16 {
      if addresses.allSatisfy(\.isV4) { return EthernetFrame.Kind.ipv4 }
      return addresses.contains(where: \.isV4)
        ? PacketSocket.everyKind : EthernetFrame.Kind.ipv6
    }

    var firstAnswerSettles: Bool { true }
    var watched: [Watched] { [receiving.watched] }

    func ask(_ question: ProbeSchedule.Question) -> Asked {
      let echo = ICMPEcho(
        isReply: false, identifier: identifier,
        sequence: UInt16(truncatingIfNeeded: question.sequence),
        payload: EchoMark(cookie: cookie, sequence: question.sequence).bytes[...])
      let code = sending.send(echo, to: question.address)
      return code == 0 ? .sent : .notSent(SystemFailure.text(code))
    }

    func replies(ready: ArraySlice<Bool>) throws -> [Reply] {
      try receiving.receiveAll().compactMap { captured in
        let frame = Frame(captured.bytes[...])
        guard case .echo(let packet, let echo) = frame.body, echo.isReply,
          echo.identifier == identifier, echo.checksumHolds || !packet.isWhole,
          let mark = EchoMark(echo.payload), mark.cookie == cookie
        else { return nil }
        return Reply(
          address: packet.source, sequence: mark.sequence, at: captured.stamp,
          mac: frame.ethernet?.source)
      }
    }

    func forget(_ question: ProbeSchedule.Question) {}
    func lostAnswers() throws -> Int { try receiving.loss().dropped }
  }
}
