// pcap as it streams: in pieces, of either kind, cut anywhere, or no pcap at all.

import TakeoverModel
import TakeoverWire
import TestSupport
import Testing

@Suite struct `A pcap stream` {
  private struct Form {
    var magic: UInt32
    var isBig: Bool
    var unit: Int64
  }

  private static let forms = [
    Form(magic: 0xa1b2_3c4d, isBig: false, unit: 1), Form(magic: 0xa1b2_3c4d, isBig: true, unit: 1),
    Form(magic: 0xa1b2_c3d4, isBig: false, unit: 1_000),
    Form(magic: 0xa1b2_c3d4, isBig: true, unit: 1_000),
  ]

  private static let frames: [PcapStream.Record] = [
    .init(stamp: 1_700_000_000_123_456_000, bytes: [1, 2, 3], originalLength: 60),
    .init(stamp: 1_700_000_000_999_999_000, bytes: [], originalLength: 0),
    .init(
      stamp: 4_294_967_295_000_001_000, bytes: Array(repeating: 9, count: 300), originalLength: 300),
  ]

  private func words(_ words: [UInt32], _ form: Form) -> [UInt8] {
    words.flatMap { word in
      let shifts: [UInt32] = form.isBig ? [24, 16, 8, 0] : [0, 8, 16, 24]
      return shifts.map { UInt8(truncatingIfNeeded: word >> $0) }
    }
  }

  private func header(_ form: Form, link: UInt32 = 1) -> [UInt8] {
    // Version 2.4 in two half words: their order does not matter to the reader.
    words([form.magic, 0x0002_0004, 0, 0, 262_144, link], form)
  }

  private func text(_ form: Form) -> [UInt8] {
    header(form)
      + Self.frames.flatMap { frame in
        words(
          [
            UInt32(frame.stamp / 1_000_000_000),
            UInt32(frame.stamp % 1_000_000_000 / form.unit), UInt32(frame.bytes.count),
            UInt32(frame.originalLength),
          ], form) + frame.bytes
      }
  }

  @Test(arguments: 0..<4) func `all four kinds are read, in pieces of any size`(
    kind: Int
  ) throws {
    let text = text(Self.forms[kind])
    for size in [1, 2, 7, 24, 40, text.count] {
      var stream = PcapStream()
      var read: [PcapStream.Record] = []
      for start in stride(from: 0, to: text.count, by: size) {
        read += try stream.feed(text[start..<min(start + size, text.count)])
      }
      #expect(read == Self.frames)
      #expect(!stream.isCutShort)
    }
  }

  @Test func `a stream that ends anywhere gives the frames before it and says it was cut`() throws {
    let text = text(Self.forms[0])
    let ends = [24, 24 + 19, 24 + 19 + 16, text.count]
    for length in 0..<text.count {
      var stream = PcapStream()
      let read = try stream.feed(text[..<length])
      #expect(read == Array(Self.frames.prefix(ends.dropFirst().count { $0 <= length })))
      #expect(stream.isCutShort == !ends.contains(length))
      #expect(stream.hasBegun == (length >= 24))
    }
  }

  @Test func `what is no pcap, or not of Ethernet, is refused for good`() {
    var stream = PcapStream()
    let words = Array("tcpdump: eth0: No such device".utf8)
    #expect(throws: PcapStream.Defect.notPcap(0x6470_6374)) { try stream.feed(words) }
    #expect(throws: PcapStream.Defect.notPcap(0x6470_6374)) { try stream.feed([]) }
    var cooked = PcapStream()
    let text = header(Self.forms[1], link: 113)
    #expect(throws: PcapStream.Defect.notEthernet(113)) { try cooked.feed(text) }
    #expect(!cooked.hasBegun)
  }

  @Test func `a frame too long to be one ends the stream, after the good ones`() throws {
    var stream = PcapStream()
    let long = words([1, 1, 262_145, 262_145], Self.forms[0])
    #expect(try stream.feed(text(Self.forms[0]) + long) == Self.frames)
    #expect(throws: PcapStream.Defect.tooLong(262_145)) { try stream.feed([0]) }
  }

  @Test func `random bytes do no harm`() {
    var random = SplitMix(state: 7)
    for number in 0..<20_000 {
      var stream = PcapStream()
      var bytes = text(Self.forms[number % 4])
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let cut = Int.random(in: 0...bytes.count, using: &random)
      let first = try? stream.feed(bytes[..<cut])
      let second = try? stream.feed(bytes[cut...])
      #expect((first?.count ?? 0) + (second?.count ?? 0) <= Self.frames.count + 20)
    }
  }
}
