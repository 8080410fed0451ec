// One line of a panel: words with their colours, cut to the screen before they are painted.

package import TakeoverModel

package struct PanelLine: Hashable, Sendable {
  package enum Paint: Hashable, Sendable {
    case plain, strong, faint
    case outcome(Outcome)

    /// ECMA-48 SGR: 1 bold, 2 faint, 32 green, 31 red, 33 yellow.
    fileprivate var code: Int? {
      switch self {
      case .plain: nil
      case .strong: 1
      case .faint: 2
      case .outcome(.pass): 32
      case .outcome(.fail): 31
      case .outcome(.unknown): 33
      }
    }
  }

  private struct Part: Hashable, Sendable {
    var text: String
    var paint: Paint
  }

  private var parts: [Part] = []

  package init() {}

  package init(_ text: String, _ paint: Paint = .plain) { add(text, paint) }

  package mutating func add(_ text: String, _ paint: Paint = .plain) {
    parts.append(Part(text: text, paint: paint))
  }

  /// Goes on in that column: two spaces at least part it from what stands before.
  package mutating func add(_ text: String, _ paint: Paint = .plain, at column: Int) {
    let gap = max(column - columns, 2)
    add(String(repeating: " ", count: gap))
    add(text, paint)
  }

  package var columns: Int { parts.reduce(0) { $0 + TextWidth.columns(of: $1.text) } }

  package var plain: String { parts.map(\.text).joined() }

  /// In at most so many columns; without colour, only the words.
  package func rendered(_ limit: Int, colour: Bool) -> String {
    var left = limit
    var line = ""
    for part in parts where left > 0 {
      let text = TextWidth.cut(part.text, to: left)
      left -= TextWidth.columns(of: text)
      if colour, let code = part.paint.code, !text.isEmpty {
        line += "\u{1B}[\(code)m\(text)\u{1B}[0m"
      } else {
        line += text
      }
      if text != part.text { break }
    }
    guard !colour else { return line }
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension PanelLine {
  /// What is wrong and for how long, on as many lines as it needs.
  static func trouble(_ anomaly: PairAnomaly, at now: Moment, _ width: Int) -> [PanelLine] {
    let words = "\(anomaly.sentence), for \(WaitText.elapsed(now.since(anomaly.since.latest)))"
    return TextWidth.wrapped(words, to: max(width - LivePanel.label, 8)).enumerated().map {
      index, words in
      PanelLine(
        TextWidth.fitted(index == 0 ? "!" : "", to: LivePanel.label) + words, .outcome(.unknown))
    }
  }

  /// `-- words -----------`
  static func ruled(_ words: String, _ width: Int) -> PanelLine {
    let text = "-- \(TextWidth.cut(words, to: max(width - 6, 1))) "
    let rest = String(repeating: "-", count: max(width - TextWidth.columns(of: text), 0))
    return PanelLine(text + rest, .strong)
  }
}

/// How much of something has passed: `[####......]`.
enum Gauge {
  static func text(_ part: Double, width: Int) -> String {
    let inside = max(width - 2, 1)
    let share = part.isFinite ? min(max(part, 0), 1) : 0
    let full = Int((share * Double(inside)).rounded(.down))
    return "[" + String(repeating: "#", count: full)
      + String(repeating: ".", count: inside - full) + "]"
  }

  static func part(_ elapsed: Duration, of whole: Duration) -> Double {
    whole > .zero ? Double(elapsed.nanoseconds) / Double(whole.nanoseconds) : 1
  }
}
