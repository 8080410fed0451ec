// The findings as people read them, and as programs do.

internal import Foundation

/// Everything that one call of the program found, and on what.
struct Measurements: Codable {
  struct Machine: Codable {
    var kernel: String
    var cores: Int
    /// `release` or `debug`: figures of the latter say nothing.
    var build: String
  }

  var machine: Machine
  /// Of each section, in the order in which they were measured.
  var findings: Findings

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }

  var text: String {
    var lines = ["\(machine.kernel), \(machine.cores) cores, \(machine.build) build"]
    var section = ""
    for row in findings.rows {
      if row.section != section {
        section = row.section
        lines += ["", section, Self.head]
      }
      lines.append(Self.line(row))
      if let note = row.note { lines.append("      \(note)") }
    }
    if !findings.targets.isEmpty { lines += ["", "targets"] }
    for target in findings.targets { lines.append(Self.line(target)) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let head = line("", ["unit", "n", "p50", "p95", "max", "ratio"])

  private static func line(_ row: Row) -> String {
    let figures = [row.p50, row.p95, row.max].map { $0.map(number) ?? "–" }
    let ratio = row.ratio.map { "×" + number($0) } ?? "–"
    return line(row.what, [row.unit, row.n == 0 ? "–" : "\(row.n)"] + figures + [ratio])
  }

  private static func line(_ name: String, _ cells: [String]) -> String {
    let widths = [12, 8, 10, 10, 10, 9]
    let right = zip(cells, widths).map { cell, width in
      String(repeating: " ", count: Swift.max(1, width - cell.count)) + cell
    }
    let left = "  " + name + String(repeating: " ", count: Swift.max(0, 46 - name.count))
    return left + right.joined()
  }

  private static func line(_ target: Target) -> String {
    let word = target.isMet.map { $0 ? "met   " : "MISSED" } ?? "not measured"
    let measured = target.measured.map(number) ?? "–"
    return "  \(word)  \(target.claim): \(measured), limit \(number(target.limit))"
  }

  /// Three digits that count, and never an exponent.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    let places = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4
    return String(format: "%.\(places)f", value)
  }
}
