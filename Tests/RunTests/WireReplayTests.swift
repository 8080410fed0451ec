// Judging by the capture: the frames of a file give the journal's sightings again, and a file that is
// cut, damaged or another run's says so.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `The wire's replay` {
  private static let vip = IPAddress.v4(0xac10_0064)
  private static let origin: Int64 = 1_700_000_000_000_000_000
  private static let points = ["a", "b"].map {
    CapturePoint(name: $0, interface: "port-\($0)", node: $0)
  }

  private static var header: RunHeader {
    RunHeader(
      run: "r", version: "0", origin: origin, plans: [],
      site: Site(
        name: "s", environment: .lab, nodes: [], addresses: [VirtualAddress(vip, prefix: 24)],
        captures: points + [CapturePoint(name: "far", interface: "eth0", through: "a")]))
  }

  /// Announcements and datagrams, half a second apart, coming in at one port and leaving at another.
  private static let frames: [PcapngBlock.Frame] = (0..<10).map { index in
    let mac = MACAddress(bits: 0x0200_0000_0001)
    let arp = ARPPacket(
      operation: 1, senderHardware: mac, sender: vip, targetHardware: .zero, target: vip)
    let tcp = IPv4Packet(protocolNumber: 6, source: vip, destination: .v4(1), payload: [1, 2])
    let isARP = index % 3 != 0
    let ethernet = EthernetFrame(
      destination: .broadcast, source: mac, kind: isARP ? 0x0806 : 0x0800,
      payload: (isARP ? arp.bytes : tcp.bytes)[...])
    return PcapngBlock.Frame(
      interface: index % 2,
      frame: CapturedFrame(
        stamp: origin + Int64(index) * 500_000_000, direction: index % 2 == 0 ? .host : .outgoing,
        bytes: ethernet.bytes, originalLength: ethernet.bytes.count))
  }

  private static var capture: [UInt8] {
    PcapngBlock.section(application: "takeover")
      + points.flatMap { PcapngBlock.interface(name: $0.interface, description: $0.name) }
      + frames.flatMap(PcapngBlock.frame)
      + PcapngBlock.statistics(interface: 0, time: origin + 6_000_000_000, received: 9, dropped: 0)
  }

  /// What a run would have written: other lines stand between the sightings.
  private static var journal: [Observation] {
    var record = WireRecord(addresses: [vip], points: points, origin: origin)
    let sightings = frames.enumerated().flatMap { index, frame in
      record.take(.init(point: frame.interface, frame: frame.frame), number: index + 1).observations
        + [note("between", at: frame.frame.stamp - origin)]
    }
    let far = Observation(
      when: Interval(at: .began), source: "remote/far",
      event: .datagram(
        DatagramSeen(
          sight: FrameSight(
            port: "far", frame: 1, outgoing: false, source: .zero, destination: .zero),
          address: vip, protocolNumber: 6)))
    let end = Event.trialEnded(TrialHeader(plan: 0, trial: 0, repetition: 1))
    return [Observation(when: Interval(at: .began), source: "run", event: .runBegan(header)), far]
      + sightings
      + [
        Observation(
          when: Interval(at: Moment(nanoseconds: 5_500_000_000)), source: "run", event: end)
      ]
  }

  private static func note(_ text: String, at nanoseconds: Int64) -> Observation {
    Observation(
      when: Interval(at: Moment(nanoseconds: nanoseconds)), source: "x", event: .note(Note(text)))
  }

  private func replayed(_ bytes: some Collection<UInt8>) throws -> WireReplay {
    var replay = WireReplay(Self.header, of: Self.points, besides: Self.journal)
    try replay.feed(bytes)
    try replay.finish()
    return replay
  }

  @Test func `the capture's sightings are the journal's, line by line`() throws {
    let replay = try replayed(Self.capture)
    #expect(replay.observations(insteadOf: Self.journal) == Self.journal)
    let comparison = replay.compared(with: Self.journal)
    #expect(comparison == .init(frames: 10, sightings: 8, differing: 0, firstDiffering: nil))
  }

  @Test func `a journal without sightings gets them all, and keeps what came from afar`() throws {
    let bare = Self.journal.filter { !$0.source.hasPrefix("wire/") }
    #expect(bare.count == Self.journal.count - 8)
    let merged = try replayed(Self.capture).observations(insteadOf: bare)
    #expect(Set(merged) == Set(Self.journal))
    #expect(try replayed(Self.capture).compared(with: bare).firstDiffering == 1)
  }

  @Test func `cut at any byte, it is refused or says from when on it is blind`() throws {
    for length in 0..<Self.capture.count {
      guard let replay = try? replayed(Self.capture.prefix(length)) else { continue }
      let merged = replay.observations(insteadOf: Self.journal)
      guard let last = merged.last, case .observerDied = last.event else {
        Issue.record("cut to \(length) bytes, it is believed")
        return
      }
      #expect(last.source == "wire")
      let sightings = merged.filter { $0.source.hasPrefix("wire/") }
      #expect(sightings.allSatisfy { $0.when.latest <= last.when.earliest })
    }
    let head = Self.capture.prefix(100)
    #expect(throws: (any Error).self) { try replayed(head) }
  }

  @Test func `another run's capture is refused`() throws {
    var points = Self.points
    points[1].interface = "eth7"
    var replay = WireReplay(Self.header, of: points, besides: Self.journal)
    #expect(throws: Complaint.self) { try replay.feed(Self.capture) }
  }

  @Test func `a frame that says something else is told of by its number`() throws {
    var bytes = Self.capture
    // The last byte of the third frame's sender address.
    let before =
      PcapngBlock.section(application: "takeover").count
      + Self.points.reduce(0) {
        $0 + PcapngBlock.interface(name: $1.interface, description: $1.name).count
      } + Self.frames[..<2].reduce(0) { $0 + PcapngBlock.frame($1).count }
    bytes[before + 28 + 14 + 17] ^= 1
    let comparison = try replayed(bytes).compared(with: Self.journal)
    #expect(comparison.differing == 1)
    #expect(comparison.firstDiffering == 3)
  }

  @Test func `frames captured elsewhere are as wide as the journal knows that clock`() throws {
    let far = CapturePoint(name: "far", interface: "eth0", through: "a")
    let frame = try #require(Self.frames.first)
    var record = WireRecord(addresses: [Self.vip], points: [far], origin: Self.origin)
    let wide = Interval(Moment(nanoseconds: -70_000), Moment(nanoseconds: 70_000))
    let place = WireRecord.Place(when: wide, stamp: 1_234)
    let journal = record.take(.init(point: 0, frame: frame.frame), number: 1, at: place)
      .observations.map { Observation(when: $0.when, source: "remote/far", event: $0.event) }
    let bytes =
      PcapngBlock.section(application: "takeover")
      + PcapngBlock.interface(name: "eth0", description: "far") + PcapngBlock.frame(frame)
    var replay = WireReplay(Self.header, of: [far], besides: journal)
    try replay.feed(bytes)
    try replay.finish()
    #expect(journal.count == 1)
    #expect(replay.observations(insteadOf: journal) == journal)
  }
}
