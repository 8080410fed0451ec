// Asks everybody on the segment, by ARP, who has the addresses. Two answers: two holders.

package import TakeoverModel
import TakeoverWire

package struct ARPProbe: Observer {
  package let vantage: VantagePoint
  package var name: String { "\(vantage.name)/arp" }

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
        asking, .arp, from: vantage, of: site, period: period,
        // Every holder shall have the time to answer: a busy one needs milliseconds.
        wait: max(3 * (period?.nanoseconds ?? 0), 50_000_000), journal: journal, clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }

  private struct Asker: Asking {
    private let socket: PacketSocket
    private let asking: MACAddress

    init(_ vantage: VantagePoint, addresses: [IPAddress]) throws {
      // Not for ARP alone: a socket for one kind gets frames of other networks without their tags.
      socket = try PacketSocket(
        interface: vantage.interface, namespace: vantage.namespace,
        filter: .answers(from: addresses), promiscuous: true)
      asking = ARPPacket.askingAddress(at: try socket.hardwareAddress())
    }

    func asks(about address: IPAddress) -> Bool { address.isV4 }
    var firstAnswerSettles: Bool { false }
    var watched: [Watched] { [socket.watched] }

    func ask(_ question: ProbeSchedule.Question) -> Asked {
      let code = socket.send(ARPPacket.probe(for: question.address, from: asking))
      return code == 0 ? .sent : .notSent(SystemFailure.text(code))
    }

    func replies(ready: ArraySlice<Bool>) throws -> [Reply] {
      try socket.receiveAll().compactMap { captured in
        let frame = Frame(captured.bytes[...])
        // An answer to a question of ours has no target address, because a probe has no sender.
        guard frame.isUntagged, case .arp(let packet) = frame.body, packet.meaning == .answer,
          packet.target == .v4(0), packet.targetHardware == asking
        else { return nil }
        return Reply(
          address: packet.sender, sequence: nil, at: captured.stamp, mac: packet.senderHardware)
      }
    }

    func forget(_ question: ProbeSchedule.Question) {}
    func lostAnswers() throws -> Int { try socket.loss().dropped }
  }
}
