// Capture files that are read again: whole, in pieces, cut anywhere, and damaged anywhere.

import TakeoverModel
import TakeoverWire
import Testing

@Suite struct `pcapng streams` {
  private static let frames: [CapturedFrame] = [
    .outgoing, .host, .broadcast, .multicast, .otherHost,
  ].enumerated().map { index, direction in
    CapturedFrame(
      stamp: 1_795_370_013_123_456_789 + Int64(index), direction: direction,
      bytes: [UInt8](repeating: UInt8(index), count: 13 + index), originalLength: 1_500)
  }

  private static var head: [UInt8] {
    PcapngBlock.section(application: "takeover")
      + PcapngBlock.interface(name: "port-a", description: "a: port of a")
      + PcapngBlock.interface(name: "port-b", description: "b: port of b")
      + PcapngBlock.names([(Samples.vip, "vip")])
  }

  private static var file: [UInt8] {
    head
      + frames.enumerated().flatMap {
        PcapngBlock.frame(.init(interface: $0 % 2, frame: $1, comments: ["é", "2"]))
      }
      + PcapngBlock.statistics(
        interface: 1, time: 1_795_370_014_000_000_000, received: 5, dropped: 0)
  }

  @Test func `what was written is read back equal, in pieces of any size`() throws {
    for size in [1, 7, 64, Self.file.count] {
      var stream = PcapngStream()
      var blocks: [PcapngStream.Block] = []
      for start in stride(from: 0, to: Self.file.count, by: size) {
        blocks += try stream.feed(Self.file[start..<min(start + size, Self.file.count)])
      }
      #expect(!stream.isCutShort)
      #expect(blocks.flatMap(\.bytes) == Self.file)
      let contents = blocks.map(\.content)
      #expect(
        Array(contents.prefix(4)) == [
          .section, .interface(name: "port-a"), .interface(name: "port-b"), .other,
        ])
      #expect(
        Array(contents[4..<9])
          == Self.frames.enumerated().map {
            .frame(.init(interface: $0 % 2, frame: $1, comments: ["é", "2"]))
          })
      #expect(contents.last == .statistics(interface: 1, time: 1_795_370_014_000_000_000))
    }
  }

  @Test func `cut at any byte, it gives the whole blocks before, and says that it is cut`() throws {
    var whole = PcapngStream()
    let ends = try whole.feed(Self.file).reduce(into: [0]) {
      $0.append($0[$0.count - 1] + $1.bytes.count)
    }
    for length in 0..<Self.file.count {
      var stream = PcapngStream()
      let blocks = try stream.feed(Self.file.prefix(length))
      #expect(blocks.count == ends.count { $0 > 0 && $0 <= length })
      #expect(stream.isCutShort == !(length > 0 && ends.contains(length)))
    }
  }

  @Test func `any byte changed to anything never traps, and frames before it are good`() throws {
    var generator = SystemRandomNumberGenerator()
    var defects = 0
    for place in Self.file.indices {
      var bytes = Self.file
      bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
      var stream = PcapngStream()
      do throws(PcapngStream.Defect) {
        let blocks = try stream.feed(bytes)
        _ = try stream.feed([])
        #expect(blocks.reduce(0) { $0 + $1.bytes.count } <= bytes.count)
      } catch {
        defects += 1
        #expect(!error.problem.isEmpty && !error.remedy.isEmpty)
      }
    }
    #expect(defects > 50)
  }

  @Test func `random bytes never trap`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var stream = PcapngStream()
      let noise = (0..<Int.random(in: 0...200)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? stream.feed(Self.head + noise)
      _ = try? stream.feed(noise)
    }
  }

  @Test func `a file of another kind is refused in words`() {
    func defect(_ bytes: [UInt8]) -> PcapngStream.Defect? {
      var stream = PcapngStream()
      do throws(PcapngStream.Defect) {
        _ = try stream.feed(bytes)
        _ = try stream.feed([])
        return nil
      } catch { return error }
    }
    #expect(defect([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0]) == .notPcapng)
    #expect(
      defect([0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d])
        == .foreign("its numbers are not little-endian"))
    var loopback = Self.head
    let interface = PcapngBlock.section(application: "takeover").count
    loopback[interface + 8] = 0
    #expect(defect(loopback) == .foreign("it is not of Ethernet"))
  }

  @Test func `an annotated copy keeps every frame, and has the words and the names`() throws {
    let client = (address: IPAddress.v4(0x0a00_0001), name: "client")
    var copy: [UInt8] = []
    var annotation = PcapngAnnotation(comments: [2: ["t2", "t4"], 9: ["none"]], names: [client])
    for byte in Self.file { copy += try annotation.feed([byte]) }
    #expect(annotation.frameCount == 5)
    #expect(!annotation.isCutShort)
    var stream = PcapngStream()
    let blocks = try stream.feed(copy)
    let frames = blocks.compactMap { block in
      if case .frame(let frame) = block.content { frame } else { nil }
    }
    #expect(frames.map(\.frame) == Self.frames)
    #expect(frames.map(\.comments.count) == [2, 4, 2, 2, 2])
    #expect(frames[1].comments == ["é", "2", "t2", "t4"])
    #expect(blocks[3].bytes == PcapngBlock.names([client]))
    // A section, two interfaces, the names twice, five frames, a statistics block.
    #expect(blocks.count == 11)
  }
}
