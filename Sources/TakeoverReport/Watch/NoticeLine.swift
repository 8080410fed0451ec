// A notice as a line: when, by the world's clock in UTC; a sign; its word; the sentence.

package import TakeoverModel

package struct NoticeLine: Sendable {
  private let clock: WallClock
  private let text: TerminalText
  private static let wordWidth = PairNoticeWord.allCases.map(\.rawValue.count).max() ?? 0

  /// `origin`: the axis', nanoseconds since 1970.
  package init(origin: Int64, colour: Bool = false) {
    clock = WallClock(origin: origin)
    text = TerminalText(colour: colour)
  }

  /// `2026-11-22T17:53:40.123456789Z ± 0 ns  ! two-claimants  a and b both advertise`
  package func line(_ notice: PairNotice) -> String {
    let isTrouble = notice.word.isAnomaly
    let sign = isTrouble ? (notice.isOver ? "." : "!") : " "
    let word = TerminalText.padded(notice.word.rawValue, to: Self.wordWidth)
    let line = "\(time(notice.when))  \(sign) \(word)  \(CleanText.line(notice.sentence))"
    return isTrouble && !notice.isOver ? text.painted(line, as: .unknown) : line
  }

  /// The middle, and how sure it is: of a kernel's own stamp to the nanosecond.
  package func time(_ when: Interval) -> String {
    let nanoseconds =
      ((clock.nanoseconds(when.middle) % 1_000_000_000) + 1_000_000_000)
      % 1_000_000_000
    let digits = String(nanoseconds)
    let part = String(repeating: "0", count: 9 - digits.count) + digits
    return "\(clock.text(when.middle)).\(part)Z ± \(TimeText.bound(when.width / 2))"
  }
}
