// A terminal for tests: understands what a region sends, and breaks its lines anew when it is resized, as
// most do (VTE, kitty, tmux).

/// Lines are kept whole; where they are broken follows from the width. The scroll-back is endless.
package struct ScreenModel {
  package private(set) var columns: Int
  package private(set) var rows: Int
  private var lines: [[Character]] = [[]]
  /// The line and the place in it, from 0.
  private var cursor = (line: 0, place: 0)
  package private(set) var isCursorShown = true
  /// What it did not understand.
  package private(set) var unknown: [String] = []

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  package mutating func resize(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// Every line that is not empty, from the first that was ever written.
  package var text: [String] { lines.map { String($0) }.filter { !$0.isEmpty } }

  package mutating func feed(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": cursor.place = row * columns
      case "\n": lineFeed()
      case "\u{1B}": control(&rest)
      default: put(Character(scalar))
      }
    }
  }

  /// Where the cursor is, in rows of its line. Behind a full row it waits at the row's end.
  private var row: Int {
    let row = cursor.place / columns
    let waits = cursor.place > 0 && cursor.place == row * columns
    return waits && cursor.place == lines[cursor.line].count ? row - 1 : row
  }

  private mutating func put(_ character: Character) {
    while lines[cursor.line].count < cursor.place { lines[cursor.line].append(" ") }
    if cursor.place < lines[cursor.line].count {
      lines[cursor.line][cursor.place] = character
    } else {
      lines[cursor.line].append(character)
    }
    cursor.place += 1
  }

  private func height(_ line: Int) -> Int {
    max(1, (lines[line].count + columns - 1) / columns)
  }

  private mutating func lineFeed() {
    if row + 1 < height(cursor.line) {
      cursor.place += columns
    } else {
      cursor.place -= row * columns
      cursor.line += 1
      if cursor.line == lines.count { lines.append([]) }
    }
  }

  private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) {
    guard rest.popFirst() == "[" else { return unknown.append("escape") }
    var parameters = ""
    while let scalar = rest.first, ("0"..."?").contains(scalar) {
      parameters.unicodeScalars.append(scalar)
      rest = rest.dropFirst()
    }
    switch (rest.popFirst(), parameters) {
    case ("A", _): up(Int(parameters) ?? 1)
    case ("J", ""):
      lines[cursor.line] = Array(lines[cursor.line].prefix(cursor.place))
      lines.removeSubrange((cursor.line + 1)...)
    case ("h", "?25"): isCursorShown = true
    case ("l", "?25"): isCursorShown = false
    case ("m", _): break
    case (let final, _): unknown.append("\(parameters)\(final.map { String($0) } ?? "")")
    }
  }

  /// Not beyond the top of what is visible.
  private mutating func up(_ count: Int) {
    var (line, row) = (cursor.line, row)
    let column = cursor.place - row * columns
    let below = lines.indices[(line + 1)...].reduce(0) { $0 + height($1) }
    var left = min(count, max(rows - 1 - (height(line) - 1 - row) - below, 0))
    while left > 0, line > 0 || row > 0 {
      if row > 0 {
        row -= 1
      } else {
        line -= 1
        row = height(line) - 1
      }
      left -= 1
    }
    cursor = (line, row * columns + column)
  }
}
