// Asks everybody on the segment, by neighbour solicitation (RFC 4861), who has the addresses: ARP
// probes for IPv6. Two answers: two holders.

package import TakeoverModel
import TakeoverWire

/// The question comes from a link-local address that is made up for the run, with the vantage
/// point's own Ethernet address in its option. Why not as ARP does it, from nobody: an answer to
/// nobody is multicast and not solicited (RFC 4861 7.2.4), which is an announcement. It would mend
/// every client's neighbour table at each question, and look like the holder's own on the wire.
/// Why not from the vantage point's own address: its kernel would take the answer and mend its own
/// table, from which the pings of the same vantage point are sent. An answer to an address that is
/// nobody's is dropped by the kernel, after this socket saw it. The holder learns that address only.
package struct NeighbourProbe: Observer {
  package let vantage: VantagePoint
  package var name: String { "\(vantage.name)/neighbour" }

  package init(from vantage: VantagePoint) { self.vantage = vantage }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let vantage = vantage
    try await OwnThread.run { stop in
      let asking = try Asker(vantage, addresses: site.addresses.map(\.address))
      let period = site.probing.arp
      var loop = ProbeLoop(
        asking, .neighbour, from: vantage, of: site, period: period,
        // As ARP's: every holder shall have the time to answer.
        wait: max(3 * (period?.nanoseconds ?? 0), 50_000_000), journal: journal, clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }

  private struct Asker: Asking {
    private let socket: PacketSocket
    private let own: MACAddress
    /// fe80::/64 with an interface identifier that says it is no Ethernet address (RFC 4291,
    /// appendix A: the bit 2 of its first byte is 0) and random otherwise.
    private let asker = IPAddress.v6(
      high: 0xfe80 << 48, low: .random(in: .min ... .max) & ~(2 << 56))

    init(_ vantage: VantagePoint, addresses: [IPAddress]) throws {
      // Not for IPv6 alone: see ARPProbe.
      socket = try PacketSocket(
        interface: vantage.interface, namespace: vantage.namespace,
        filter: .neighbours(with: addresses, to: asker))
      own = try socket.hardwareAddress()
    }

    func asks(about address: IPAddress) -> Bool { !address.isV4 }
    var firstAnswerSettles: Bool { false }
    var watched: [Watched] { [socket.watched] }

    func ask(_ question: ProbeSchedule.Question) -> Asked {
      let code = socket.send(
        NeighbourMessage.question(about: question.address, from: asker, at: own))
      return code == 0 ? .sent : .notSent(SystemFailure.text(code))
    }

    func replies(ready: ArraySlice<Bool>) throws -> [Reply] {
      try socket.receiveAll().compactMap { captured in
        let frame = Frame(captured.bytes[...])
        guard frame.isUntagged, case .neighbour(let packet, let message) = frame.body,
          message.meaning(from: packet.source) == .answer, message.defects.isEmpty,
          packet.destination == asker
        else { return nil }
        // A unicast answer may leave its Ethernet address out (RFC 4861 4.4).
        return Reply(
          address: message.target, sequence: nil, at: captured.stamp,
          mac: message.linkLayer ?? frame.ethernet?.source)
      }
    }

    func forget(_ question: ProbeSchedule.Question) {}
    func lostAnswers() throws -> Int { try socket.loss().dropped }
  }
}
