// The panel of a run: what it shows at every size, and that it always fits.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `The panel of a run` {
  /// A panel that has seen the scenario up to that millisecond.
  private static func panel(
    _ scenario: Scenario, until milliseconds: Double, colour: Bool = false
  ) -> LivePanel {
    var panel = LivePanel(colour: colour)
    for observation in scenario.observations
    where observation.when.latest <= Scenario.at(milliseconds) { panel.see(observation) }
    return panel
  }

  private static func lines(
    _ scenario: Scenario, at milliseconds: Double, columns: Int, rows: Int
  ) -> String {
    var panel = panel(scenario, until: milliseconds)
    return panel.lines(at: Scenario.at(milliseconds), columns: columns, rows: rows)
      .joined(separator: "\n")
  }

  private static var stop: Scenario {
    var scenario = Scenario.gracefulStop()
    scenario.repetitions = 3
    scenario.kernels = [
      .init(node: "a", from: 0, to: 8000), .init(node: "b", from: 8600, to: 99_000),
    ]
    return scenario
  }

  @Test(arguments: PanelGolden.all) func `shows the pair, what is done and what is to go`(
    golden: PanelGolden
  ) {
    let shown = Self.lines(
      golden.isCrash ? Scenario.crash() : Self.stop, at: golden.at, columns: golden.columns,
      rows: golden.rows)
    #expect(shown == golden.text, "\(golden.columns)×\(golden.rows) at \(golden.at):\n\(shown)")
  }

  @Test func `fits every terminal at every moment`() {
    let scenarios = [Self.stop, Scenario.crash()]
    for scenario in scenarios {
      for milliseconds in stride(from: 0.0, through: 21_000, by: 700) {
        var panel = Self.panel(scenario, until: milliseconds)
        for (columns, rows) in [(1, 1), (20, 4), (37, 6), (80, 24), (200, 50), (500, 3)] {
          let lines = panel.lines(
            at: Scenario.at(milliseconds), columns: columns, rows: rows)
          #expect(lines.count < rows)
          #expect(lines.allSatisfy { TextWidth.columns(of: $0) + 4 <= columns })
        }
      }
    }
  }

  @Test func `says the same in colour`() {
    var plain = Self.panel(Scenario.crash(), until: 12_000)
    var painted = Self.panel(Scenario.crash(), until: 12_000, colour: true)
    let now = Scenario.at(12_000)
    let words = plain.lines(at: now, columns: 80, rows: 24)
    let colours = painted.lines(at: now, columns: 80, rows: 24)
    let stripped = colours.map { line in
      line.replacing("\u{1B}[", with: "\u{1}").split(
        separator: "\u{1}", omittingEmptySubsequences: false
      )
      .enumerated().map { $0.offset == 0 ? $0.element : $0.element.drop { $0 != "m" }.dropFirst() }
      .joined()
    }
    #expect(colours != words)
    #expect(stripped.map { $0.trimmedEnd } == words)
  }

  @Test func `beats with what is done and who holds`() {
    var panel = Self.panel(Self.stop, until: 10_000)
    #expect(
      panel.heartbeat(at: Scenario.at(10_000))
        == "  in force: stop-service on a, 1.9 s of 6s; b holds")
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
