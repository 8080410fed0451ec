// A capture that a node's tcpdump makes: frames wait here until it is known when they were, on the
// run's axis. Pure: pieces of the stream and readings of the node's clock in, frames out.

import TakeoverModel
import TakeoverWire

struct RemoteRecord {
  struct Settled: Hashable {
    /// Stamped on the coordinator's clock, in the middle of `when`.
    var frame: CapturedFrame
    var when: Interval
    /// By the node's clock.
    var stamp: Int64
    /// False when one of the two clocks was set around it.
    var isConsistent: Bool
  }

  private struct Waiting {
    var record: PcapStream.Record
    var heard: Moment
  }

  /// So long a frame waits for a reading after it. Without one (the way to the node may be cut) it
  /// is placed by the readings before it, more widely.
  static let patience = Duration.seconds(3)

  private let point: CapturePoint
  /// The Ethernet address of the interface on the node.
  private let own: MACAddress
  /// The node's own addresses: they tell its frames from its peer's where both have one MAC.
  private let addresses: Set<IPAddress>
  private let origin: Int64
  private var stream = PcapStream()
  private var waiting: [Waiting] = []
  private var bracket = ClockBracket()
  private(set) var received = 0

  init(_ point: CapturePoint, own: MACAddress, addresses: [IPAddress], origin: Int64) {
    self.point = point
    self.own = own
    self.addresses = Set(addresses)
    self.origin = origin
  }

  var hasBegun: Bool { stream.hasBegun }

  mutating func feed(_ bytes: [UInt8], at now: Moment) throws {
    for record in try stream.feed(bytes) {
      waiting.append(Waiting(record: record, heard: now))
      received += 1
    }
  }

  var clockSteps: Int { bracket.steps }

  mutating func add(_ sample: ClockBracket.Sample) { bracket.add(sample) }

  /// The frames whose place is as good as it will get; with `all`, every one.
  mutating func settle(at now: Moment, all: Bool = false) -> [Settled] {
    var settled: [Settled] = []
    // In the order of the stream: a frame does not overtake the ones before it.
    while let first = waiting.first {
      let isRipe =
        all || bracket.isBracketed(first.record.stamp)
        || now.since(first.heard) > Self.patience
      guard isRipe, let placed = bracket.when(first.record.stamp) else { break }
      waiting.removeFirst()
      settled.append(
        Settled(
          frame: frame(first.record, at: placed.when.middle), when: placed.when,
          stamp: first.record.stamp, isConsistent: placed.isConsistent))
    }
    return settled
  }

  private func frame(_ record: PcapStream.Record, at moment: Moment) -> CapturedFrame {
    CapturedFrame(
      stamp: origin &+ moment.nanoseconds, direction: direction(of: record.bytes),
      bytes: record.bytes, originalLength: record.originalLength)
  }

  /// A pcap file does not say which way a frame went; its sender does. Behind a node's port stands
  /// the node, so what the node sends comes in, and all else goes out to it (FrameSight.outgoing).
  private func direction(of bytes: [UInt8]) -> CapturedFrame.Direction {
    let isOwn = isOwn(Frame(bytes[...]))
    let isOutgoing = point.node == nil ? isOwn : !isOwn
    return isOutgoing ? .outgoing : .host
  }

  private func isOwn(_ frame: Frame) -> Bool {
    guard let source = frame.ethernet?.source, source != own else {
      return frame.ethernet != nil
    }
    // A virtual router's MAC (RFC 9568 7.3) is whose address is in the packet.
    guard (0x5e_0001...0x5e_0002).contains(source.bits >> 8) else { return false }
    if case .vrrp(let packet, _) = frame.body { return addresses.contains(packet.source) }
    return false
  }
}
