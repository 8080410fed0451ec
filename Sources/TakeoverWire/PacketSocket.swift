// A packet socket (packet(7)) on one interface, which may be in another network namespace.

import CLinux
import Glibc
package import TakeoverModel

/// A frame as the kernel handed it over.
package struct CapturedFrame: Hashable, Sendable {
  /// sll_pkttype, packet(7).
  package enum Direction: UInt8, Hashable, Sendable {
    case host, broadcast, multicast, otherHost, outgoing
  }

  /// CLOCK_REALTIME, nanoseconds since 1970: the kernel's stamp, the same that tcpdump shows.
  package var stamp: Int64
  package var direction: Direction
  package var bytes: [UInt8]
  /// Its length on the wire; more than `bytes` has when the filter or the buffer cut it.
  package var originalLength: Int

  package init(stamp: Int64, direction: Direction, bytes: [UInt8], originalLength: Int) {
    self.stamp = stamp
    self.direction = direction
    self.bytes = bytes
    self.originalLength = originalLength
  }
}

/// Not thread-safe: belongs to the thread that reads it.
package final class PacketSocket {
  package let interface: String
  package private(set) var index: Int32
  private let descriptor: Descriptor
  private let kind: UInt16
  private let promiscuous: Bool
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// ETH_P_ALL: every EtherType, and the frames that leave too.
  package static let everyKind: UInt16 = 0x0003

  /// Opens the socket, filter first, so that no foreign frame slips in before it.
  package init(
    interface: String, namespace: String?, filter: PacketFilter, kind: UInt16 = everyKind,
    promiscuous: Bool = false, receiveBuffer: Int32 = 8 << 20
  ) throws(SystemFailure) {
    // Protocol 0: deaf until it is bound.
    descriptor = try Descriptor(socket: AF_PACKET, SOCK_RAW, 0, in: namespace)
    let number = descriptor.number
    self.interface = interface
    self.kind = kind
    self.promiscuous = promiscuous
    let program = filter.program
    try SystemFailure.check(
      unsafe clinux_packet_attach(number, program, program.count), "cannot attach the filter")
    try SystemFailure.check(
      clinux_packet_prepare(number, receiveBuffer), "cannot prepare the packet socket")
    index = try SystemFailure.check(
      unsafe clinux_interface_index(number, interface), "cannot find the interface \(interface)")
    try bind()
  }

  package var watched: Watched { Watched(descriptor.number) }

  private func bind() throws(SystemFailure) {
    try SystemFailure.check(
      clinux_packet_bind(descriptor.number, index, kind), "cannot listen on \(interface)")
    if promiscuous {
      try SystemFailure.check(
        clinux_packet_promiscuous(descriptor.number, index), "cannot open \(interface) to all")
    }
  }

  package func hardwareAddress() throws(SystemFailure) -> MACAddress {
    var bytes: [UInt8] = [0, 0, 0, 0, 0, 0]
    try SystemFailure.check(
      unsafe clinux_interface_hardware_address(descriptor.number, interface, &bytes),
      "cannot read the Ethernet address of \(interface)")
    return MACAddress(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The next frame; nil when there is none now. Throws ENETDOWN once when the interface went down.
  package func receive() throws(SystemFailure) -> CapturedFrame? {
    var about = clinux_frame()
    let capacity = buffer.count
    let number = descriptor.number
    let length = unsafe buffer.withUnsafeMutableBytes { room in
      unsafe clinux_packet_receive(number, room.baseAddress, capacity, &about)
    }
    if length == -EAGAIN || length == -EINTR { return nil }
    try SystemFailure.check(length, "cannot receive on \(interface)")
    var bytes = Array(buffer.prefix(Int(length)))
    var originalLength = Int(about.original_length)
    if about.has_tag != 0, bytes.count >= 12 {
      // The kernel took the tag out; put it back where it was on the wire.
      var tag: [UInt8] = []
      tag.append(network: about.tag_protocol)
      tag.append(network: about.tag_control)
      bytes.insert(contentsOf: tag, at: 12)
      originalLength += 4
    }
    return CapturedFrame(
      // A frame without a stamp (none was ever seen) was received now at the latest.
      stamp: about.stamp == 0 ? Realtime.nanoseconds() : about.stamp,
      direction: CapturedFrame.Direction(rawValue: about.packet_type) ?? .otherHost,
      bytes: bytes, originalLength: max(originalLength, bytes.count))
  }

  /// The frames that are there, at most 4096. An interface that is down has none.
  package func receiveAll() throws(SystemFailure) -> [CapturedFrame] {
    var frames: [CapturedFrame] = []
    do throws(SystemFailure) {
      while frames.count < 4_096, let frame = try receive() { frames.append(frame) }
    } catch {
      guard [ENETDOWN, ENXIO, ENODEV].contains(error.code) else { throw error }
    }
    return frames
  }

  /// What the filter let in and what the receive buffer had no room for, since the last call.
  package func loss() throws(SystemFailure) -> (received: Int, dropped: Int) {
    var loss = clinux_loss()
    try SystemFailure.check(
      unsafe clinux_packet_statistics(descriptor.number, &loss), "cannot read the loss counters")
    return (Int(loss.received), Int(loss.dropped))
  }

  /// Sends a whole frame; returns the errno, or 0.
  package func send(_ frame: [UInt8]) -> Int32 {
    let sent = unsafe Glibc.send(descriptor.number, frame, frame.count, Int32(MSG_DONTWAIT))
    return sent < 0 ? errno : 0
  }

  package enum Condition: String, Hashable, Sendable {
    case up
    case down = "interface down"
    case unplugged = "no carrier"
    case gone = "interface gone"
    case renewed = "interface made anew"
  }

  /// Looks after the interface. One that was removed and came back under its name, as a node's does
  /// when the node is switched off and on, is listened to again.
  package func inspect() -> Condition {
    let now = unsafe clinux_interface_index(descriptor.number, interface)
    guard now >= 0 else { return .gone }
    if now != index {
      index = now
      do { try bind() } catch {
        index = 0
        return .gone
      }
      return .renewed
    }
    let flags = unsafe clinux_interface_flags(descriptor.number, interface)
    guard flags >= 0, flags & Int32(IFF_UP) != 0 else { return .down }
    return flags & Int32(IFF_RUNNING) != 0 ? .up : .unplugged
  }
}

extension PacketFilter {
  /// The instructions as the kernel takes them.
  var program: [clinux_instruction] {
    instructions.map {
      clinux_instruction(
        code: $0.code, if_true: $0.ifTrue, if_false: $0.ifFalse, operand: $0.operand)
    }
  }
}
