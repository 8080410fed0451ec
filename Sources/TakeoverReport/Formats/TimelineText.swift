// The timeline of a trial in letters, for a job's summary: it needs no picture and no script, and stands
// in a block of code anywhere.

internal import TakeoverModel

enum TimelineText {
  private static let names = 20
  private static let columns = 56

  /// Lines without line ends; empty: there was no blow.
  static func lines(_ trial: TrialTimeline, at site: Site) -> [String] {
    guard let lanes = TrialLanes(of: trial, at: site) else { return [] }
    let scale = TimeScale(
      shown: lanes.shown, zero: lanes.blow.middle, places: 0...Double(columns - 1))
    var lines: [String] = []
    if let gap = lanes.gap { lines += measured(gap, lanes, scale).map { line("", $0) } }
    if let due = lanes.due, scale.isShown(due.when) {
      let row = mark(due.when, "▾", scale)
      lines.append(line("", beside(row, "due \(due.when.since(lanes.blow))", of: due.when, scale)))
    }
    lines += lanes.lanes.map { line($0.name, row($0, lanes, scale)) }
    lines.append(line("after the blow", axis(scale)))
    let legend =
      "█ has it  ░ perhaps  ╷ advertises  ○ goodbye  ▴ announces  ─ answered  × no good answer"
    return lines + ["", legend]
  }

  private static func line(_ name: String, _ row: [Character]) -> String {
    let plain = TrialPicture.fitted(plain(name), to: names)
    var line = TerminalText.padded(plain, to: names + 1) + String(row)
    while line.last == " " { line.removeLast() }
    return line
  }

  /// Nothing in a block of code is escaped, so what would end it or look like a tag is something else.
  private static func plain(_ text: String) -> String {
    let others: [Character: Character] = ["`": "'", "<": "‹", ">": "›", "|": "¦"]
    return String(CleanText.line(text).map { others[$0] ?? $0 })
  }

  private static var empty: [Character] { Array(repeating: " ", count: columns) }

  private static func column(_ moment: Moment, _ scale: TimeScale) -> Int {
    min(max(Int(scale.place(moment).rounded()), 0), columns - 1)
  }

  private static func row(
    _ lane: TrialLanes.Lane, _ lanes: TrialLanes, _ scale: TimeScale
  ) -> [Character] {
    var row = empty
    let blow = column(lanes.blow.middle, scale)
    row[blow] = "┊"
    for item in lane.items {
      switch item {
      case .span(let from, let until, let tone): fill(from, until, tone, scale, in: &row)
      case .tick(let when, let tone, let isHollow):
        guard scale.isShown(when) else { continue }
        row[column(when.middle, scale)] = tone == .bad || tone == .good ? "┃" : isHollow ? "○" : "╷"
      case .tip(let when, _):
        if scale.isShown(when) { row[column(when.middle, scale)] = "▴" }
      case .words(let when, let words, _):
        if scale.isShown(when) { row = beside(row, plain(words), of: when, scale) }
      }
    }
    return row
  }

  private static func fill(
    _ from: Interval, _ until: Interval, _ tone: TrialLanes.Tone, _ scale: TimeScale,
    in row: inout [Character]
  ) {
    guard scale.isShown(Interval(from.earliest, until.latest)) else { return }
    let (begin, end) = (column(from.earliest, scale), column(until.latest, scale))
    let (sure, sureEnd) = (column(from.latest, scale), column(until.earliest, scale))
    let letter: Character =
      switch tone {
      case .node: "█"
      case .good: "─"
      case .bad: "×"
      case .doubtful: "?"
      }
    for place in begin...max(begin, end) {
      let isSure = sure <= place && place <= sureEnd && from.latest <= until.earliest
      row[place] = tone.pale == nil || isSure ? letter : "░"
    }
  }

  private static func mark(
    _ when: Interval, _ letter: Character, _ scale: TimeScale
  ) -> [Character] {
    var row = empty
    let (from, to) = (column(when.earliest, scale), column(when.latest, scale))
    for place in from...max(from, to) { row[place] = letter }
    return row
  }

  /// The words to the right of the instant, or to the left where there is no room.
  private static func beside(
    _ row: [Character], _ words: String, of when: Interval, _ scale: TimeScale
  ) -> [Character] {
    let (left, right) = room(beside: when, scale)
    let isRight = words.count <= right || right >= left
    let letters = Array(words.prefix(isRight ? right : left))
    let start = isRight ? columns - right : left - letters.count
    var row = row
    for (index, letter) in letters.enumerated() { row[start + index] = letter }
    return row
  }

  /// How many letters have room before the instant, and after it.
  private static func room(beside when: Interval, _ scale: TimeScale) -> (left: Int, right: Int) {
    (
      max(column(when.earliest, scale) - 1, 0), max(columns - column(when.latest, scale) - 2, 0)
    )
  }

  /// `├──── 2.7813 s ± 220 µs until a has it ────┤`, the words above it where they have no room within.
  private static func measured(
    _ gap: TrialLanes.Gap, _ lanes: TrialLanes, _ scale: TimeScale
  ) -> [[Character]] {
    var row = empty
    let (from, to) = (column(lanes.blow.middle, scale), column(gap.to.middle, scale))
    for place in from...max(from, to) { row[place] = "─" }
    row[from] = "├"
    row[max(from, to)] = "┤"
    let words = Array(" \(plain(gap.words)) ".prefix(columns))
    let start = min(max(from + (to - from - words.count) / 2 + 1, 0), columns - words.count)
    var above = empty
    let fits = to - from > words.count + 2
    for (index, letter) in words.enumerated() {
      if fits { row[start + index] = letter } else { above[start + index] = letter }
    }
    return fits ? [row] : [above, row]
  }

  private static func axis(_ scale: TimeScale) -> [Character] {
    var row = empty + [" ", " ", " ", " ", " ", " "]
    for tick in scale.ticks(most: 6) {
      let start = min(max(Int(tick.place.rounded()), 0), columns - 1)
      for (index, letter) in tick.words.enumerated() where start + index < row.count {
        row[start + index] = letter
      }
    }
    return row
  }
}
