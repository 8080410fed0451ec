// The capture file's blocks, byte by byte.

import TakeoverModel
import TakeoverWire
import Testing

@Suite struct `pcapng blocks` {
  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func frame(_ bytes: [UInt8], _ direction: CapturedFrame.Direction) -> CapturedFrame {
    CapturedFrame(
      stamp: 0x1234_5678_9abc_def0, direction: direction, bytes: bytes, originalLength: 1_500)
  }

  @Test func `every block has whole words and says its length at both ends`() {
    let blocks = [
      PcapngBlock.section(application: "takeover"),
      PcapngBlock.interface(name: "port-a", description: "ä: port of a"),
      PcapngBlock.frame(.init(interface: 1, frame: frame([1, 2, 3, 4, 5], .host))),
      PcapngBlock.frame(
        .init(interface: 1, frame: frame([], .outgoing), comments: ["announcement: a→b", "t3"])),
      PcapngBlock.names([(Samples.vip, "vip"), (.v6(high: 1, low: 2), "six")]),
      PcapngBlock.statistics(interface: 0, time: 1, received: 5, dropped: 7),
    ]
    for block in blocks {
      #expect(block.count % 4 == 0)
      #expect(word(block, 4) == UInt32(block.count))
      #expect(word(block, block.count - 4) == UInt32(block.count))
    }
  }

  @Test func `a frame keeps its nanoseconds, its lengths and its direction`() {
    let block = PcapngBlock.frame(.init(interface: 3, frame: frame([1, 2, 3, 4, 5], .outgoing)))
    #expect(word(block, 0) == 6)
    #expect(word(block, 8) == 3)
    #expect(word(block, 12) == 0x1234_5678)
    #expect(word(block, 16) == 0x9abc_def0)
    #expect(word(block, 20) == 5)
    #expect(word(block, 24) == 1_500)
    #expect(Array(block[28..<36]) == [1, 2, 3, 4, 5, 0, 0, 0])
    // epb_flags (2), four bytes: outbound.
    #expect(Array(block[36..<44]) == [2, 0, 4, 0, 2, 0, 0, 0])
  }

  @Test func `a comment that is too long is cut between characters`() {
    let comment = String(repeating: "é", count: 4_000)
    let block = PcapngBlock.frame(
      .init(interface: 0, frame: frame([], .host), comments: ["x" + comment]))
    let length = Int(block[38]) | Int(block[39]) << 8
    #expect(length == 4_095)
    #expect(String(validating: block[40..<40 + length], as: UTF8.self) != nil)
  }
}
