// PNG files: what is drawn comes back from another reader, and is small.

import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct `PNG files` {
  private static func png(of report: Report, _ path: String) throws -> [UInt8] {
    var found: [UInt8]?
    PictureFiles.each(of: report) { if $0.path == path { found = $0.bytes } }
    return try #require(found, "no \(path)")
  }

  @Test func `a picture comes back as it was drawn`() throws {
    let report = try Scenario.crash(.takeoverWithin(.seconds(4))).judged()
    let picture = try #require(
      TrialPicture.picture(of: report.trials[0], at: report.header.site))
    let read = try ReadPNG(Self.png(of: report, "pictures/trial-1.png"))
    #expect(read.width == 760 && read.height == Int(picture.height.rounded(.up)))
    #expect(read.colour(0, 0) == [255, 255, 255])
    // The widest box of each node's colour is where the picture has it.
    for (ink, colour) in [(Picture.Ink.first, [0x09, 0x69, 0xDA]), (.second, [0xB0, 0x46, 0x00])] {
      var widest = (x: 0.0, y: 0.0, width: 0.0)
      for case .box(let x, let y, let width, _, let own) in picture.marks where own == ink {
        if width > widest.width { widest = (x, y, width) }
      }
      #expect(widest.width > 50)
      let row = Int(widest.y.rounded()) + 1
      let (left, right) = (Int(widest.x.rounded()), Int((widest.x + widest.width).rounded()))
      // Its first points are behind the line that measures the gap.
      #expect(read.colour(left + 3, row).map(Int.init) == colour)
      #expect(read.colour(left - 2, row).map(Int.init) != colour)
      #expect(read.colour(right - 2, row).map(Int.init) == colour)
    }
  }

  @Test func `letters are drawn, those that the font lacks as boxes`() throws {
    var counts: [Int] = []
    for name in ["", "i", "M", "\u{4E2D}"] {
      var result = try Scenario.crash().result()
      result.timeline.course.blows[0].node = name
      var report = try Scenario.crash().judged()
      report.trials = [result]
      let read = try ReadPNG(Self.png(of: report, "pictures/trial-1.png"))
      let ink = try #require(read.palette.firstIndex(of: [0x6E, 0x40, 0xC9]))
      counts.append(read.points.count { Int($0) == ink })
    }
    #expect(counts[0] < counts[1] && counts[1] < counts[2] && counts[3] == counts[0] + 26)
  }

  @Test func `pictures are a few kilobytes`() throws {
    let report = try GoldenReports.mixed()
    var sizes: [String: Int] = [:]
    PictureFiles.each(of: report) { sizes[$0.path] = $0.bytes.count }
    #expect(
      sizes.keys.sorted() == [
        "pictures/trial-1.png", "pictures/trial-1.svg", "pictures/trial-3.png",
        "pictures/trial-3.svg", "pictures/trial-4.png", "pictures/trial-4.svg",
        "pictures/trials.png", "pictures/trials.svg",
      ])
    #expect(sizes.values.allSatisfy { $0 > 500 && $0 < 20_000 }, "\(sizes)")
  }

  @Test func `any bytes come back from the stream that stands for them`() throws {
    var random = SplitMix(state: Fuzz.seed)
    for number in 0..<300 {
      let row = [1, 2, 7, 381, 40_000][number % 5]
      let count = [0, 1, 2, 5, 300, 2_000][number % 6]
      let letters = [2, 5, 256][number % 3]
      let bytes = (0..<count).map { _ in UInt8(Int.random(in: 0..<letters, using: &random)) }
      var deflate = Deflate(row: row)
      #expect(try Inflated.bytes(deflate.whole(bytes)) == bytes)
    }
    // Runs of every length around the longest match, and rows that repeat.
    for length in [3, 4, 10, 11, 257, 258, 259, 260, 516, 517] {
      var deflate = Deflate(row: 100)
      let bytes = [9] + [UInt8](repeating: 7, count: length) + [8]
      #expect(try Inflated.bytes(deflate.whole(bytes)) == bytes)
    }
    let row = (0..<500).map { _ in UInt8.random(in: 0...255, using: &random) }
    var deflate = Deflate(row: 500)
    let rows = Array(repeating: row, count: 40).flatMap(\.self)
    let stream = deflate.whole(rows)
    #expect(try Inflated.bytes(stream) == rows)
    #expect(stream.count < 900)
  }
}
