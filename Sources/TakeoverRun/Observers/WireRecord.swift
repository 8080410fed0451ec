// What the frames of a capture mean for a site's addresses. Pure: frames in, observations out.

import TakeoverModel
import TakeoverWire

struct WireRecord {
  struct Seen {
    var observations: [Observation] = []
    /// What makes the capture doubtful.
    var trouble: [String] = []
  }

  /// Where a frame is that another machine's clock stamped.
  struct Place: Hashable {
    var when: Interval
    /// By that clock; nil: it was not written down.
    var stamp: Int64?
  }

  private struct Answering: Hashable {
    var port: Int
    var source: MACAddress
    var address: IPAddress
  }

  /// A busy service sends thousands of datagrams a second and each says the same: one in so many
  /// nanoseconds, per port, source and address, goes into the journal. All go into the capture.
  static let datagramPeriod: Int64 = 5_000_000
  /// A flood of invented source addresses must not fill the memory.
  private static let mostSources = 4_096

  /// What is looked for; with `learns` whatever was advertised, besides.
  private var addresses: Set<IPAddress>
  private let learns: Bool
  private let ports: [String]
  /// The 802.1Q network that is meant at each port; nil: the frames without a tag.
  private let vlans: [Int?]
  private let origin: Int64
  private var lastDatagrams: [Answering: Int64] = [:]

  /// `points`: in their order. `origin`: the run clock's.
  init(
    addresses: Set<IPAddress>, points: [CapturePoint], origin: Int64, learns: Bool = false
  ) {
    self.addresses = addresses
    self.learns = learns
    ports = points.map(\.name)
    vlans = points.map(\.vlan)
    self.origin = origin
  }

  /// `number`: the frame's number in the capture file. `place`: where the stamp is not the
  /// coordinator's own.
  mutating func take(
    _ sighting: PacketCapture.Sighting, number: Int, at place: Place? = nil
  ) -> Seen {
    var seen = Seen()
    let captured = sighting.frame
    let frame = Frame(captured.bytes[...])
    guard let ethernet = frame.ethernet, ports.indices.contains(sighting.point) else {
      seen.trouble.append("damaged frame")
      return seen
    }
    let port = ports[sighting.point]
    let sight = FrameSight(
      port: port, frame: number, outgoing: captured.direction == .outgoing,
      source: ethernet.source, destination: ethernet.destination, stamp: place?.stamp)
    // A frame with a tag is on another network than one without, whatever it says.
    guard ethernet.networks == (vlans[sighting.point].map { [$0] } ?? []) else {
      if vlans[sighting.point] == nil, concerns(frame.body) {
        seen.trouble.append("frames with a VLAN tag")
      }
      return seen
    }
    let events: [Event]
    switch frame.body {
    case .arp(let packet): events = claim(packet, sight)
    case .neighbour(let packet, let message):
      if isInvalid(message, in: packet) { seen.trouble.append("invalid neighbour message") }
      events = claim(message, in: packet, sight)
    case .vrrp(let packet, let advertisement):
      if !packet.isWhole { seen.trouble.append("truncated frame") }
      // A flood of invented addresses must not fill the memory.
      if learns, addresses.count < Self.mostSources {
        addresses.formUnion(advertisement.addresses)
      }
      events = [advertised(advertisement, in: packet, sight)]
    case .ip(let packet), .echo(let packet, _):
      events = answering(packet, sight, at: captured.stamp, point: sighting.point)
    case .damaged:
      let isCut = captured.originalLength > captured.bytes.count
      seen.trouble.append(isCut ? "truncated frame" : "damaged frame")
      events = []
    case .other: events = []
    }
    // The kernel's stamp to the nanosecond; both are CLOCK_REALTIME.
    let when = place?.when ?? Interval(at: Moment(nanoseconds: captured.stamp &- origin))
    seen.observations = events.map { Observation(when: when, source: "wire/\(port)", event: $0) }
    return seen
  }

  /// Whether the frame is about one of the addresses. On a trunk the filter lets another network's
  /// advertisements through, too.
  private func concerns(_ body: Frame.Body) -> Bool {
    switch body {
    case .arp(let packet): addresses.contains(packet.sender) || addresses.contains(packet.target)
    case .neighbour(let packet, let message):
      addresses.contains(message.target) || addresses.contains(packet.source)
    case .vrrp(_, let advertisement): !addresses.isDisjoint(with: advertisement.addresses)
    case .ip(let packet), .echo(let packet, _): addresses.contains(packet.source)
    case .damaged, .other: true
    }
  }

  private func claim(_ packet: ARPPacket, _ sight: FrameSight) -> [Event] {
    guard addresses.contains(packet.sender) else { return [] }
    let form: AnnouncementSeen.Form
    switch packet.meaning {
    case .announcement: form = .announcement
    case .answer: form = .answer
    case .question: form = .question
    case .probe, nil: return []
    }
    return [
      .announcement(
        AnnouncementSeen(
          sight: sight, form: form, address: packet.sender, claimant: packet.senderHardware))
    ]
  }

  /// An advertisement claims its target, a solicitation its source; one from nobody announces that
  /// somebody is about to take its target.
  private func claim(
    _ message: NeighbourMessage, in packet: IPv6Packet, _ sight: FrameSight
  ) -> [Event] {
    let form: AnnouncementSeen.Form
    let address: IPAddress
    switch message.meaning(from: packet.source) {
    case .announcement: (form, address) = (.announcement, message.target)
    case .answer: (form, address) = (.answer, message.target)
    case .question: (form, address) = (.question, packet.source)
    case .probe: (form, address) = (.probe, message.target)
    }
    // What every receiver throws away claims nothing (RFC 4861 7.1).
    guard addresses.contains(address), message.defects.isEmpty else { return [] }
    return [
      .announcement(
        AnnouncementSeen(
          sight: sight, form: form, address: address,
          claimant: message.linkLayer ?? sight.source,
          overrides: message.kind == .advertisement ? message.overrides : nil))
    ]
  }

  private func isInvalid(_ message: NeighbourMessage, in packet: IPv6Packet) -> Bool {
    !message.defects.isEmpty
      && (addresses.contains(message.target) || addresses.contains(packet.source))
  }

  private func advertised(
    _ advertisement: VRRPAdvertisement, in packet: IPPacket, _ sight: FrameSight
  ) -> Event {
    .advertisement(
      AdvertisementSeen(
        sight: sight, version: Int(advertisement.version), vrid: Int(advertisement.vrid),
        priority: Int(advertisement.priority), interval: advertisement.interval,
        from: packet.source, to: packet.destination, addresses: advertisement.addresses,
        defects: advertisement.defects(in: packet)))
  }

  /// Only what comes in: what the bridge sends out of a port came in at another one.
  private mutating func answering(
    _ packet: IPPacket, _ sight: FrameSight, at stamp: Int64, point: Int
  ) -> [Event] {
    guard !sight.outgoing, addresses.contains(packet.source) else { return [] }
    let key = Answering(port: point, source: sight.source, address: packet.source)
    if let last = lastDatagrams[key], stamp >= last, stamp &- last < Self.datagramPeriod {
      return []
    }
    if lastDatagrams.count >= Self.mostSources { lastDatagrams.removeAll() }
    lastDatagrams[key] = stamp
    return [
      .datagram(
        DatagramSeen(
          sight: sight, address: packet.source, protocolNumber: Int(packet.protocolNumber)))
    ]
  }
}
