// A reader with the checks that plans may name, as the report room declares them.

import TakeoverModel
import TakeoverPlan
import TakeoverReport

enum Sample {
  static let checks = CheckCatalog.checks.kinds.map { $0.declaration }

  static let planReader = PlanReader(faults: FaultCatalog.faults, checks: checks)

  static let plan = """
    version: 1
    name: sample
    trials:
      - name: one
        fault: kill-process
        hold: 5s
        expect:
          takeover-within: 4s

    """

  static func diagnostics(_ text: String) -> [Diagnostic] {
    planReader.read(text: text, path: "plan.yaml").1
  }

  /// `TK012 5:12` for each.
  static func places(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { "\($0.code.rawValue) \($0.span.line):\($0.span.column)" }
  }

  static func places(_ text: String) -> [String] { places(diagnostics(text)) }
}
