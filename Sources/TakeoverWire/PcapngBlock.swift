// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), as bytes. Little-endian throughout.

package import TakeoverModel

package enum PcapngBlock {
  /// Where a frame came from, as the block's flags say it.
  package struct Frame: Hashable, Sendable {
    /// The interface's number: the order of the description blocks, from 0.
    package var interface: Int
    package var frame: CapturedFrame
    /// What a person should see beside the frame; usually nothing.
    package var comments: [String]

    package init(interface: Int, frame: CapturedFrame, comments: [String] = []) {
      self.interface = interface
      self.frame = frame
      self.comments = comments
    }
  }

  /// Option codes by the draft's names.
  private enum Option {
    static let comment: UInt16 = 1
    static let userApplication: UInt16 = 4
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let resolution: UInt16 = 9
    static let flags: UInt16 = 2
    static let endTime: UInt16 = 3
    static let received: UInt16 = 4
    static let dropped: UInt16 = 5
  }

  /// The header that every file begins with.
  package static func section(application: String) -> [UInt8] {
    var body: [UInt8] = []
    body.append(little: UInt32(0x1a2b_3c4d))
    body.append(little: UInt16(1))
    body.append(little: UInt16(0))
    // The section's length is not known while it grows.
    body.append(little: Int64(-1))
    return block(0x0a0d_0d0a, body, options: [text(Option.userApplication, application)])
  }

  /// An Ethernet interface whose stamps count nanoseconds.
  package static func interface(name: String, description: String) -> [UInt8] {
    var body: [UInt8] = []
    body.append(little: UInt16(1))
    body.append(little: UInt16(0))
    // The longest frame that may follow: what libpcap itself uses.
    body.append(little: UInt32(262_144))
    return block(
      1, body,
      options: [
        text(Option.interfaceName, name), text(Option.interfaceDescription, description),
        option(Option.resolution, [9]),
      ])
  }

  package static func frame(_ frame: Frame) -> [UInt8] {
    let captured = frame.frame
    var body: [UInt8] = []
    body.append(little: UInt32(truncatingIfNeeded: frame.interface))
    body += time(captured.stamp)
    body.append(little: UInt32(truncatingIfNeeded: captured.bytes.count))
    body.append(little: UInt32(truncatingIfNeeded: captured.originalLength))
    body += padded(captured.bytes)
    var flags: [UInt8] = []
    flags.append(little: self.flags(captured.direction))
    let comments = frame.comments.map { text(Option.comment, $0) }
    return block(6, body, options: [option(Option.flags, flags)] + comments)
  }

  /// Names that a reader shows instead of addresses.
  package static func names(_ names: [(address: IPAddress, name: String)]) -> [UInt8] {
    var body: [UInt8] = []
    for (address, name) in names {
      let record = address.bytes + Array(name.utf8.prefix(255).filter { $0 != 0 }) + [0]
      body.append(little: UInt16(address.isV4 ? 1 : 2))
      body.append(little: UInt16(truncatingIfNeeded: record.count))
      body += padded(record)
    }
    body.append(little: UInt32(0))
    return block(4, body, options: [])
  }

  /// What an interface received and lost, up to `time` (nanoseconds since 1970).
  package static func statistics(
    interface: Int, time: Int64, received: Int, dropped: Int
  ) -> [UInt8] {
    var body: [UInt8] = []
    body.append(little: UInt32(truncatingIfNeeded: interface))
    body += self.time(time)
    var receivedBytes: [UInt8] = []
    receivedBytes.append(little: Int64(received))
    var droppedBytes: [UInt8] = []
    droppedBytes.append(little: Int64(dropped))
    return block(
      5, body,
      options: [
        option(Option.endTime, self.time(time)), option(Option.received, receivedBytes),
        option(Option.dropped, droppedBytes),
      ])
  }

  // MARK: Parts

  private static func block(_ kind: UInt32, _ body: [UInt8], options: [[UInt8]]) -> [UInt8] {
    // An end mark closes the options, when there are any.
    let tail: [UInt8] = options.isEmpty ? [] : Array(options.joined()) + [0, 0, 0, 0]
    let length = UInt32(truncatingIfNeeded: 12 + body.count + tail.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(length))
    bytes.append(little: kind)
    bytes.append(little: length)
    bytes += body
    bytes += tail
    bytes.append(little: length)
    return bytes
  }

  private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: code)
    bytes.append(little: UInt16(truncatingIfNeeded: value.count))
    return bytes + padded(value)
  }

  private static func text(_ code: UInt16, _ text: String) -> [UInt8] {
    var value = Array(text.utf8)
    if value.count > 4_096 {
      // Cut between characters, not within one.
      value = Array(value.prefix(4_096))
      while let last = value.last, last & 0xc0 == 0x80 { value.removeLast() }
      if let last = value.last, last >= 0xc0 { value.removeLast() }
    }
    return option(code, value)
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  /// High word first, each little-endian.
  private static func time(_ nanoseconds: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(truncatingIfNeeded: nanoseconds >> 32))
    bytes.append(little: UInt32(truncatingIfNeeded: nanoseconds))
    return bytes
  }

  /// Bits 0–1: inbound 1, outbound 2. Bits 2–4: unicast 1, multicast 2, broadcast 3, promiscuous 4.
  private static func flags(_ direction: CapturedFrame.Direction) -> UInt32 {
    switch direction {
    case .outgoing: 2
    case .host: 1 | 1 << 2
    case .multicast: 1 | 2 << 2
    case .broadcast: 1 | 3 << 2
    case .otherHost: 1 | 4 << 2
    }
  }
  /// The inverse of `flags`. A frame that came in to nobody in particular came to this host.
  static func direction(_ flags: UInt32) -> CapturedFrame.Direction {
    switch (flags & 3, flags >> 2 & 7) {
    case (2, _): .outgoing
    case (_, 2): .multicast
    case (_, 3): .broadcast
    case (_, 4): .otherHost
    default: .host
    }
  }
}
