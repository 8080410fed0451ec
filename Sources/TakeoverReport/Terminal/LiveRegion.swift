// The lines at the end of a terminal that are drawn again and again, while finished lines go up above
// them into the scroll-back. Pure: says which bytes a terminal must get.

package struct LiveRegion: Sendable {
  private static let hideCursor = "\u{1B}[?25l"
  private static let showCursor = "\u{1B}[?25h"
  /// ED and CUU (ECMA-48). Whole lines are erased, not their ends: what is left of a longer line counts
  /// when a terminal breaks its lines anew.
  private static let restOfScreen = "\u{1B}[J"

  /// The columns of each line that stands there now; the cursor is behind the last one.
  private var drawn: [Int] = []

  package init() {}

  package var isDrawn: Bool { !drawn.isEmpty }

  /// The same lines anew, or others, with `above` put before them for good. No line of `lines` may be as
  /// wide as the screen, nor may there be as many as it has rows.
  package mutating func draw(_ lines: [String], above: [String] = [], columns: Int) -> String {
    guard !lines.isEmpty else { return erase(columns: columns, saying: above) }
    var text = Self.hideCursor + (isDrawn ? toTop(columns) + Self.restOfScreen : "")
    for line in above { text += line + "\r\n" }
    text += lines.joined(separator: "\r\n")
    drawn = lines.map { TextWidth.columns(of: $0) }
    return text + Self.showCursor
  }

  /// Takes the lines away; what is said after that stands where they stood.
  package mutating func erase(columns: Int, saying words: [String] = []) -> String {
    var text = isDrawn ? toTop(columns) + Self.restOfScreen : ""
    for line in words { text += line + "\r\n" }
    drawn = []
    return text
  }

  /// Somebody else has written to the terminal since: what stands there stays.
  package mutating func forget() { drawn = [] }

  /// To the first column of the first line. A terminal that has become narrower has broken the lines
  /// that do not fit any more, and the cursor went down with the last of them.
  private func toTop(_ columns: Int) -> String {
    let rows = drawn.reduce(0) { rows, width in
      rows + max(1, (width + max(columns, 1) - 1) / max(columns, 1))
    }
    return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "")
  }
}
