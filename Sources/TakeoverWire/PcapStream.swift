// A pcap file that comes in pieces of any size (draft-ietf-opsawg-pcap), as tcpdump writes it to its
// output. Pure: bytes in, frames out.

import TakeoverModel

package struct PcapStream: Sendable {
  package struct Record: Hashable, Sendable {
    /// Nanoseconds since 1970 on the clock of the machine that captured.
    package var stamp: Int64
    package var bytes: [UInt8]
    /// Its length on the wire.
    package var originalLength: Int

    package init(stamp: Int64, bytes: [UInt8], originalLength: Int) {
      self.stamp = stamp
      self.bytes = bytes
      self.originalLength = originalLength
    }
  }

  /// What cannot be read. From here on nothing of the stream can be trusted.
  package enum Defect: Explained, Hashable {
    case notPcap(UInt32)
    case notEthernet(UInt32)
    case tooLong(UInt32)

    package var problem: String {
      switch self {
      case .notPcap(let magic): "no pcap stream: it begins with 0x\(String(magic, radix: 16))"
      case .notEthernet(let type): "a capture with the link type \(type), which is not Ethernet"
      case .tooLong(let length): "a frame of \(length) bytes: the stream is out of step"
      }
    }

    package var remedy: String { "run the capture's command on the node by hand and look" }
  }

  /// The longest frame that libpcap gives (MAXIMUM_SNAPLEN).
  package static let longestFrame: UInt32 = 262_144

  private static let headerLength = 24
  private static let recordHeaderLength = 16

  /// Nanoseconds that one unit of a stamp's fraction is; nil until the header was read.
  private var unit: Int64?
  private var isBigEndian = false
  private var pending: [UInt8] = []
  private var defect: Defect?

  package init() {}

  /// The capture runs: its header is here.
  package var hasBegun: Bool { unit != nil }
  /// True when the stream ends in the middle of something.
  package var isCutShort: Bool { !pending.isEmpty || unit == nil }

  /// The frames that are whole now. After a defect, the same again at every call.
  package mutating func feed(_ bytes: some Sequence<UInt8>) throws(Defect) -> [Record] {
    if let defect { throw defect }
    pending += bytes
    var records: [Record] = []
    var place = 0
    defer { pending.removeFirst(place) }
    do throws(Defect) {
      if unit == nil {
        guard pending.count >= Self.headerLength else { return [] }
        try readHeader()
        place = Self.headerLength
      }
      while let (record, length) = try record(at: place) {
        records.append(record)
        place += length
      }
    } catch {
      defect = error
      // What came before it is good.
      if records.isEmpty { throw error }
    }
    return records
  }

  private mutating func readHeader() throws(Defect) {
    let magic = word(at: 0)
    switch magic {
    case 0xa1b2_c3d4: unit = 1_000
    case 0xa1b2_3c4d: unit = 1
    case 0xd4c3_b2a1: (unit, isBigEndian) = (1_000, true)
    case 0x4d3c_b2a1: (unit, isBigEndian) = (1, true)
    default: throw .notPcap(magic)
    }
    // The upper bits say whether frames have a check sum behind them.
    let type = word(at: 20) & 0x0fff_ffff
    guard type == 1 else {
      unit = nil
      throw .notEthernet(type)
    }
  }

  private func record(at place: Int) throws(Defect) -> (Record, length: Int)? {
    let body = place + Self.recordHeaderLength
    guard let unit, pending.count >= body else { return nil }
    let captured = word(at: place + 8)
    guard captured <= Self.longestFrame else { throw .tooLong(captured) }
    let end = body + Int(captured)
    guard pending.count >= end else { return nil }
    // Seconds are unsigned (until 2106); a fraction above one second is kept as it is.
    let stamp =
      Int64(word(at: place)) * 1_000_000_000 + Int64(word(at: place + 4)) * unit
    let record = Record(
      stamp: stamp, bytes: Array(pending[body..<end]),
      originalLength: max(Int(word(at: place + 12)), Int(captured)))
    return (record, end - place)
  }

  private func word(at place: Int) -> UInt32 {
    let bytes = pending[place..<place + 4]
    let value = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return isBigEndian ? value : value.byteSwapped
  }
}
