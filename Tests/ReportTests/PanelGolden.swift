// What the panel of a run looks like, sign for sign.

// swift-format-ignore-file
struct PanelGolden: Sendable {
  var isCrash = false
  /// Milliseconds on the scenario's axis; the blow falls at 8000.
  var at: Double
  var columns: Int
  var rows: Int
  var text: String

  static let all = [
    PanelGolden(
      at: 0, columns: 80, rows: 24,
      text: """
        """),
  ]
}
