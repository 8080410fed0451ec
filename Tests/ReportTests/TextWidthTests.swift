// How wide a text is on a terminal, and that nothing is ever wider than it may be.

internal import TakeoverReport
internal import TestSupport
internal import Testing

@Suite struct `The width of a text` {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("± 1.4 µs", 8), ("e\u{301}te\u{301}", 3), ("中文", 4), ("ｆｕ", 4),
    ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("👍", 2), ("❤\u{FE0F}", 2), ("🇩🇪", 2),
    ("\u{1B}[31mred\u{1B}[0m", 3), ("a\u{200D}b", 2),
  ]) func `is what a terminal makes of it`(text: String, columns: Int) {
    #expect(TextWidth.columns(of: text) == columns, "\(text.debugDescription)")
  }

  @Test func `a cut text says that it is cut, and is not wider`() {
    #expect(TextWidth.cut("abcdef", to: 6) == "abcdef")
    #expect(TextWidth.cut("abcdef", to: 5) == "abcd…")
    #expect(TextWidth.cut("中文字", to: 5) == "中文…")
    #expect(TextWidth.cut("中文字", to: 4) == "中…")
    #expect(TextWidth.cut("abc", to: 1) == "…")
    #expect(TextWidth.cut("abc", to: 0) == "")
    #expect(TextWidth.fitted("ab", to: 4) == "ab  ")
    #expect(TextWidth.fitted("中文字", to: 4) == "中… ")
  }

  @Test func `a wrapped text loses no word`() {
    #expect(TextWidth.wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(TextWidth.wrapped("abcdefgh ij", to: 3) == ["abc", "def", "gh", "ij"])
    #expect(TextWidth.wrapped("", to: 7) == [])
    #expect(TextWidth.wrapped("   ", to: 7) == [])
    // One sign to a reader, three to a terminal that cannot draw it.
    let family = "👩\u{200D}👩\u{200D}👧"
    #expect(TextWidth.wrapped(family, to: 5).joined() == family)
    #expect(TextWidth.wrapped(family, to: 5).count == 2)
  }

  @Test func `holds for random text, too`() {
    var chance = SplitMix(state: Fuzz.seed)
    let signs = Array("ab 中한é👍🇩❤\u{FE0F}\u{301}\u{200D} …±")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0...30, using: &chance)).map { _ in
          signs[Int.random(in: signs.indices, using: &chance)]
        })
      let limit = Int.random(in: 2...20, using: &chance)
      #expect(TextWidth.columns(of: TextWidth.cut(text, to: limit)) <= limit)
      #expect(TextWidth.columns(of: TextWidth.fitted(text, to: limit)) <= limit)
      let lines = TextWidth.wrapped(text, to: limit)
      #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= limit }, "\(lines)")
      let letters = { (text: String) in text.filter { $0 != " " } }
      #expect(letters(lines.joined()) == letters(text), "\(text.debugDescription)")
    }
  }

  @Test func `a wait is told with the digits that help`() {
    #expect(WaitText.elapsed(.milliseconds(4_190)) == "4.1 s")
    #expect(WaitText.elapsed(.milliseconds(-5)) == "0.0 s")
    #expect(WaitText.elapsed(.milliseconds(59_999)) == "59.9 s")
    #expect(WaitText.elapsed(.seconds(125)) == "2 min 5 s")
    #expect(WaitText.elapsed(.seconds(3_720)) == "1 h 2 min")
    #expect(WaitText.left(.milliseconds(4_100)) == "5 s")
    #expect(WaitText.left(.seconds(60)) == "1 min")
    #expect(WaitText.left(.seconds(7_200)) == "2 h")
  }
}
