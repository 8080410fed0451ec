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
    PanelGolden(
      at: 7900, columns: 80, rows: 24,
      text: """
        """),
    PanelGolden(
      at: 8300, columns: 80, rows: 24,
      text: """
        """),
    PanelGolden(
      at: 8300, columns: 200, rows: 50,
      text: """
        """),
    PanelGolden(
      at: 8300, columns: 44, rows: 9,
      text: """
        """),
    PanelGolden(
      at: 21000, columns: 80, rows: 24,
      text: """
        """),
    PanelGolden(
      isCrash: true, at: 12000, columns: 80, rows: 24,
      text: """
        """),
    PanelGolden(
      isCrash: true, at: 12000, columns: 200, rows: 50,
      text: """
        """),
  ]
}
