// What is drawn at the end of a terminal leaves nothing behind, whatever happens to the terminal.

internal import TakeoverReport
internal import TestSupport
internal import Testing

@Suite struct `A region at the end of a terminal` {
  private func panel(_ width: Int, _ count: Int) -> [String] {
    (0..<count).map { "\($0)" + String(repeating: "=", count: max(width - 1, 0)) }
  }

  @Test func `is drawn in place, and lines go up above it`() {
    var region = LiveRegion()
    var screen = ScreenModel(columns: 80, rows: 24)
    screen.feed("$ takeover\r\n")
    screen.feed(region.draw(["one", "two"], columns: 80))
    #expect(screen.text == ["$ takeover", "one", "two"])
    screen.feed(region.draw(["three"], above: ["said"], columns: 80))
    #expect(screen.text == ["$ takeover", "said", "three"])
    screen.feed(region.erase(columns: 80, saying: ["last"]))
    #expect(screen.text == ["$ takeover", "said", "last"])
    #expect(screen.isCursorShown && screen.unknown.isEmpty)
  }

  @Test func `is gone without a trace after it became too wide for its terminal`() {
    var region = LiveRegion()
    var screen = ScreenModel(columns: 80, rows: 24)
    screen.feed(region.draw(panel(76, 5), above: ["above"], columns: 80))
    screen.resize(columns: 40, rows: 24)
    screen.feed(region.draw(panel(36, 3), columns: 40))
    #expect(screen.text == ["above"] + panel(36, 3))
    screen.resize(columns: 200, rows: 50)
    screen.feed(region.erase(columns: 200))
    #expect(screen.text == ["above"])
  }

  @Test func `says what is said when there is nothing to draw`() {
    var region = LiveRegion()
    var screen = ScreenModel(columns: 80, rows: 24)
    screen.feed(region.draw([], above: ["a"], columns: 80))
    screen.feed(region.draw(["b"], columns: 80))
    screen.feed(region.draw([], above: ["c"], columns: 80))
    #expect(screen.text == ["a", "c"])
    #expect(!region.isDrawn)
  }

  @Test func `leaves what a shell has written while the program was stopped`() {
    var region = LiveRegion()
    var screen = ScreenModel(columns: 80, rows: 24)
    screen.feed(region.draw(["one"], columns: 80))
    screen.feed("\r\n[1]+ Stopped\r\n$ fg\r\n")
    region.forget()
    screen.feed(region.draw(["two"], columns: 80))
    #expect(screen.text == ["one", "[1]+ Stopped", "$ fg", "two"])
  }

  @Test(arguments: 0..<200)
  func `keeps every line that was said, and no other, through any resizing`(
    seed: Int
  ) {
    var chance = SplitMix(state: Fuzz.seed &+ UInt64(seed) &* 7919)
    var region = LiveRegion()
    var columns = 80
    var screen = ScreenModel(columns: columns, rows: 60)
    var said: [String] = []
    for step in 0..<60 {
      if Bool.random(using: &chance) {
        columns = .random(in: 20...200, using: &chance)
        screen.resize(columns: columns, rows: .random(in: 56...80, using: &chance))
      }
      let words = (0..<Int.random(in: 0...2, using: &chance)).map { index in
        "\(step).\(index) " + String(repeating: "x", count: .random(in: 0...150, using: &chance))
      }
      let width = min(columns - 4, 76)
      let count = Int.random(in: 0...12, using: &chance)
      screen.feed(
        region.draw(
          panel(.random(in: 1...width, using: &chance), count), above: words, columns: columns))
      said += words
    }
    screen.feed(region.erase(columns: columns))
    #expect(screen.text == said)
    #expect(screen.unknown.isEmpty)
  }
}
