// A pcapng file that comes in pieces of any size (draft-ietf-opsawg-pcapng): what PcapngFile wrote is
// read again. Pure: bytes in, blocks out, whatever the bytes are.

import TakeoverModel

package struct PcapngStream: Sendable {
  /// One block, with its bytes as they stand in the file.
  package struct Block: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
      case section
      /// `name`: the interface's, as the kernel calls it.
      case interface(name: String)
      case frame(PcapngBlock.Frame)
      /// Nanoseconds since 1970.
      case statistics(interface: Int, time: Int64)
      case other
    }
    package var content: Content
    package var bytes: [UInt8]
  }

  /// What cannot be read. From here on nothing of the stream can be trusted.
  package enum Defect: Explained, Hashable {
    case notPcapng
    case foreign(String)
    /// `at`: the block's place in the file, bytes.
    case damaged(at: Int)

    package var problem: String {
      switch self {
      case .notPcapng: "no pcapng file: it does not begin with a section"
      case .foreign(let what): "a pcapng file that takeover did not write: \(what)"
      case .damaged(let place): "the block at byte \(place) is damaged"
      }
    }

    package var remedy: String {
      switch self {
      case .notPcapng, .foreign: "use the file as the run left it"
      case .damaged: "judge without --from-captures: the journal has what was seen, too"
      }
    }
  }

  private enum Kind {
    static let section: UInt32 = 0x0a0d_0d0a
    static let interface: UInt32 = 1
    static let frame: UInt32 = 6
    static let statistics: UInt32 = 5
    /// Simple and obsolete packets: their numbers count as a frame's, and we never write them.
    static let otherFrames: [UInt32] = [2, 3]
  }

  /// No block of ours is longer: a frame of 64 KiB, and its comments.
  private static let longestBlock = 1 << 20

  private var pending: [UInt8] = []
  private var place = 0
  private var interfaces = 0
  private var hasSection = false
  private var defect: Defect?

  package init() {}

  /// True when the file ends in the middle of a block, or before the first.
  package var isCutShort: Bool { !pending.isEmpty || !hasSection }

  /// The blocks that are whole now. After a defect, the same again at every call.
  package mutating func feed(_ bytes: some Sequence<UInt8>) throws(Defect) -> [Block] {
    if let defect { throw defect }
    pending += bytes
    var blocks: [Block] = []
    var start = 0
    defer {
      pending.removeFirst(start)
      place += start
    }
    do throws(Defect) {
      while let length = try length(at: start) {
        let block = Array(pending[start..<start + length])
        blocks.append(Block(content: try content(of: block, at: place + start), bytes: block))
        start += length
      }
    } catch {
      defect = error
      // What came before it is good.
      if blocks.isEmpty { throw error }
    }
    return blocks
  }

  /// The length of the block that begins at `start`; nil while it is not whole.
  private func length(at start: Int) throws(Defect) -> Int? {
    guard pending.count - start >= 4 else { return nil }
    if !hasSection, pending.word(at: start) != Kind.section { throw .notPcapng }
    guard pending.count - start >= 12 else { return nil }
    if pending.word(at: start) == Kind.section, pending.word(at: start + 8) != 0x1a2b_3c4d {
      throw .foreign("its numbers are not little-endian")
    }
    let length = Int(pending.word(at: start + 4))
    guard length >= 12, length % 4 == 0, length <= Self.longestBlock else {
      throw .damaged(at: place + start)
    }
    guard pending.count - start >= length else { return nil }
    guard Int(pending.word(at: start + length - 4)) == length else {
      throw .damaged(at: place + start)
    }
    return length
  }

  private mutating func content(of block: [UInt8], at place: Int) throws(Defect) -> Block.Content {
    let body = Array(block[8..<block.count - 4])
    switch block.word(at: 0) {
    case Kind.section:
      guard body.count >= 16 else { throw .damaged(at: place) }
      hasSection = true
      interfaces = 0
      return .section
    case Kind.interface:
      interfaces += 1
      return try interface(in: body, at: place)
    case Kind.frame: return .frame(try frame(in: body, at: place))
    case Kind.statistics:
      guard body.count >= 12 else { throw .damaged(at: place) }
      return .statistics(interface: Int(body.word(at: 0)), time: body.time(at: 4))
    case let kind where Kind.otherFrames.contains(kind):
      throw .foreign("it has packet blocks of another kind")
    default: return .other
    }
  }

  private func interface(in body: [UInt8], at place: Int) throws(Defect) -> Block.Content {
    guard body.count >= 8 else { throw .damaged(at: place) }
    guard body.word(at: 0) & 0xffff == 1 else { throw .foreign("it is not of Ethernet") }
    let options = options(in: body[8...])
    guard options[9]?.first == [9] else { throw .foreign("its stamps are not nanoseconds") }
    return .interface(name: String(decoding: options[2]?.first ?? [], as: UTF8.self))
  }

  private func frame(in body: [UInt8], at place: Int) throws(Defect) -> PcapngBlock.Frame {
    guard body.count >= 20 else { throw .damaged(at: place) }
    let interface = Int(body.word(at: 0))
    let length = Int(body.word(at: 12))
    let padded = (length + 3) / 4 * 4
    guard interface < interfaces, padded <= body.count - 20 else { throw .damaged(at: place) }
    let options = options(in: body[(20 + padded)...])
    let flags = options[2]?.first.map { $0.count == 4 ? $0.word(at: 0) : 0 } ?? 0
    let captured = CapturedFrame(
      stamp: body.time(at: 4), direction: PcapngBlock.direction(flags),
      bytes: Array(body[20..<20 + length]), originalLength: Int(body.word(at: 16)))
    let comments = options[1, default: []].map { String(decoding: $0, as: UTF8.self) }
    return PcapngBlock.Frame(interface: interface, frame: captured, comments: comments)
  }

  /// The values of a block's options by their codes. One that is cut short ends the list.
  private func options(in bytes: ArraySlice<UInt8>) -> [UInt16: [[UInt8]]] {
    var options: [UInt16: [[UInt8]]] = [:]
    var rest = bytes
    while rest.count >= 4 {
      let head = Array(rest.prefix(4)).word(at: 0)
      let (code, length) = (UInt16(truncatingIfNeeded: head), Int(head >> 16))
      rest = rest.dropFirst(4)
      guard code != 0, length <= rest.count else { break }
      options[code, default: []].append(Array(rest.prefix(length)))
      rest = rest.dropFirst((length + 3) / 4 * 4)
    }
    return options
  }
}

extension [UInt8] {
  /// Four bytes, little-endian.
  fileprivate func word(at place: Int) -> UInt32 {
    self[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Nanoseconds since 1970: the high word first.
  fileprivate func time(at place: Int) -> Int64 {
    Int64(truncatingIfNeeded: UInt64(word(at: place)) << 32 | UInt64(word(at: place + 4)))
  }
}
