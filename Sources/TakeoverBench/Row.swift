// What a measurement comes to: a row of the table, and the targets that rows are held against.

/// One thing measured, in one unit, beside what a user would use instead.
struct Row: Codable, Sendable {
  var section: String
  var what: String
  /// `µs`, `ns/frame`, `frames/s`, `s`, `MiB`, `% of a core`.
  var unit: String
  var n: Int = 0
  var p50: Double?
  var p95: Double?
  var max: Double?
  /// p50 divided by the p50 of the row that `against` names.
  var ratio: Double?
  var against: String?
  /// How exactly it was measured, or why it was not.
  var note: String?

  init(_ section: String, _ what: String, unit: String, _ samples: [Double], note: String? = nil) {
    self.section = section
    self.what = what
    self.unit = unit
    self.note = note
    let sorted = samples.sorted()
    n = sorted.count
    p50 = Self.percentile(50, of: sorted)
    p95 = Self.percentile(95, of: sorted)
    max = sorted.last
  }

  /// A row without a figure.
  static func missing(_ section: String, _ what: String, unit: String, needs: String) -> Row {
    Row(section, what, unit: unit, [], note: "not measured: needs \(needs)")
  }

  /// Nearest rank: one of the samples, never a value between two.
  private static func percentile(_ percent: Int, of sorted: [Double]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    return sorted[Swift.max(0, (sorted.count * percent + 99) / 100 - 1)]
  }
}

/// A limit that a ratio of two medians of one run must keep.
struct Target: Codable, Sendable {
  var claim: String
  var measured: Double?
  var limit: Double
  /// nil: not measured.
  var isMet: Bool?

  init(_ claim: String, measured: Double?, limit: Double) {
    self.claim = claim
    self.measured = measured
    self.limit = limit
    isMet = measured.map { $0 <= limit }
  }
}

/// What a section found.
struct Findings: Codable, Sendable {
  var rows: [Row] = []
  var targets: [Target] = []

  func p50(of what: String) -> Double? { rows.first { $0.what == what }?.p50 }

  /// Gives every row of the same unit its ratio to the row `what`.
  mutating func compare(to what: String) {
    guard let base = rows.first(where: { $0.what == what }), let divisor = base.p50, divisor > 0
    else { return }
    for index in rows.indices where rows[index].unit == base.unit && rows[index].what != what {
      guard let p50 = rows[index].p50 else { continue }
      rows[index].ratio = p50 / divisor
      rows[index].against = what
    }
  }

  static func + (left: Findings, right: Findings) -> Findings {
    Findings(rows: left.rows + right.rows, targets: left.targets + right.targets)
  }
}
