// Colour on a terminal, never alone: the word beside it says the same.

internal import TakeoverModel

struct TerminalText: Sendable {
  let colour: Bool

  func word(_ outcome: Outcome) -> String { painted(outcome.word, as: outcome) }

  /// ECMA-48 SGR: 32 green, 31 red, 33 yellow.
  func painted(_ text: String, as outcome: Outcome) -> String {
    guard colour else { return text }
    let code =
      switch outcome {
      case .pass: 32
      case .fail: 31
      case .unknown: 33
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
