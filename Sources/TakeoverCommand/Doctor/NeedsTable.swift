// What a run needs, place by place: one table, and below it the way to each thing that is missing. Pure.

internal import TakeoverReport

package struct NeedsTable: Sendable {
  package enum Cell: Hashable, Sendable {
    case good
    /// What is wrong, and the command that mends it.
    case missing(problem: String, remedy: String)
    /// Runs go on without it; what they leave out.
    case lacking(String)

    fileprivate var word: String {
      switch self {
      case .good: "ok"
      case .missing: "MISSING"
      case .lacking: "without"
      }
    }
  }

  private struct Row: Sendable {
    var need: String
    var cells: [String: Cell]
  }

  /// The columns, in their order: `here`, then the nodes, then the machines beside them.
  private let places: [String]
  private var rows: [Row] = []
  private static let widestNeed = 44

  package init(places: [String]) { self.places = places }

  package mutating func note(_ need: String, at place: String, _ cell: Cell) {
    if let index = rows.firstIndex(where: { $0.need == need }) {
      rows[index].cells[place] = cell
    } else {
      rows.append(Row(need: need, cells: [place: cell]))
    }
  }

  /// How many things are missing.
  package var missing: Int {
    rows.reduce(0) { sum, row in
      sum + row.cells.values.count { if case .missing = $0 { true } else { false } }
    }
  }

  package var lines: [String] {
    let needWidth = min(
      max(4, rows.map { TextWidth.columns(of: $0.need) }.max() ?? 0), Self.widestNeed)
    let widths = places.map { max(TextWidth.columns(of: $0), 7) }
    func line(_ need: String, _ cells: [String]) -> String {
      var text = TextWidth.fitted(need, to: needWidth)
      for (cell, width) in zip(cells, widths) { text += "  " + TextWidth.fitted(cell, to: width) }
      while text.last == " " { text.removeLast() }
      return text
    }
    return [line("", places)]
      + rows.map { row in line(row.need, places.map { row.cells[$0]?.word ?? "-" }) } + ways
  }

  private var ways: [String] {
    var ways: [String] = []
    for place in places {
      for row in rows {
        switch row.cells[place] {
        case .missing(let problem, let remedy): ways.append("  → \(place): \(problem): \(remedy)")
        case .lacking(let words): ways.append("    \(place): \(words)")
        case .good, nil: break
        }
      }
    }
    return ways.isEmpty ? [] : [""] + ways.map { CleanText.line($0.trimmedEnd) }
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
