// Everything that `takeover explain` knows, gathered from the catalogs that the words come from.

internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverReport

package struct Explanation: Sendable {
  package enum Group: String, CaseIterable, Sendable {
    case mistakes = "MISTAKES IN PLANS, SITES AND LABS"
    case findings = "FINDINGS OF takeover lint"
    case statuses = "EXIT STATUSES"
    case report = "WORDS OF A REPORT"
    case checks = "CHECKS (below `expect:`)"
    case faults = "FAULTS"
    case watch = "WORDS OF takeover watch"
    case journal = "EVENTS OF A JOURNAL"
  }

  package var group: Group
  /// As it stands in a message or a file.
  package var code: String
  package var title: String
  /// Paragraphs.
  package var text: [String]
}

package enum Explanations {
  package static var all: [Explanation] {
    mistakes + findings + statuses + words + checks + faults + watch + events
  }

  /// Whatever bears this name; a word may mean one thing in a journal and another in a plan.
  package static func named(_ code: String) -> [Explanation] {
    let wanted = code.lowercased()
    return all.filter { $0.code.lowercased() == wanted || $0.code == "exit-\(code)" }
  }

  private static var mistakes: [Explanation] {
    DiagnosticCode.allCases.map {
      Explanation(
        group: .mistakes, code: $0.rawValue, title: $0.title, text: [$0.explanation])
    }
  }

  private static var findings: [Explanation] {
    LintCatalog.declarations.map {
      Explanation(
        group: .findings, code: $0.code, title: "\($0.title) (\($0.severity.rawValue))",
        text: [$0.explanation])
    }
  }

  private static var statuses: [Explanation] {
    ExitStatus.allCases.sorted { $0.rawValue < $1.rawValue }.map {
      Explanation(
        group: .statuses, code: "exit-\($0.rawValue)", title: $0.title, text: [$0.explanation])
    }
  }

  private static var words: [Explanation] {
    ReportWord.allCases.map {
      Explanation(group: .report, code: $0.rawValue, title: $0.title, text: [$0.explanation])
    }
  }

  private static var checks: [Explanation] {
    Wiring.checks.kinds.map { $0.declaration }.map { check in
      let forms = check.forms.map(\.words).joined(separator: ", or ")
      let list = check.takesSeveral ? ", or a list of them" : ""
      return Explanation(
        group: .checks, code: check.name, title: check.summary,
        text: ["In a trial: `expect: {\(check.name): …}`, \(forms)\(list)."])
    }
  }

  private static var faults: [Explanation] {
    Wiring.faults.kinds.map { $0.declaration }.map { fault in
      var text = ["\(fault.effect)"]
      text += fault.parameters.map { parameter in
        let standard = parameter.standard.map { "; standard: \($0)" } ?? ""
        return
          "`\(parameter.name)` (\(parameter.form.words)\(parameter.required ? ", required" : standard)):"
          + " \(parameter.summary)."
      }
      text.append("Without `target:` it hits the \(fault.target).")
      for system in NodeSystem.allCases {
        guard let needs = fault.needs[system] else { continue }
        let node = system == .posix ? "The node" : "A \(system.rawValue) node"
        if needs.isEmpty {
          if system != .posix { text.append("\(node) can have it, too.") }
        } else {
          text.append("\(node) needs \(needs.joined(separator: ", ")).")
        }
      }
      text += fault.refusals.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        "Not on a \($0.key.rawValue) node: \($0.value)."
      }
      return Explanation(group: .faults, code: fault.kind, title: fault.summary, text: text)
    }
  }

  private static var watch: [Explanation] {
    PairNoticeWord.allCases.map {
      Explanation(group: .watch, code: $0.rawValue, title: $0.title, text: [$0.explanation])
    }
  }

  private static var events: [Explanation] {
    EventWord.allCases.map {
      Explanation(group: .journal, code: $0.rawValue, title: $0.title, text: [$0.explanation])
    }
  }
}

extension Parameter.Form {
  /// What may be written there.
  var words: String {
    switch self {
    case .text: "text"
    case .duration: "a duration (20ms, 3s)"
    case .flag: "true or false"
    case .address: "an IP address"
    case .count(let range):
      range.upperBound == .max
        ? "a number from \(range.lowerBound)" : "a number \(range.lowerBound)–\(range.upperBound)"
    case .choice(let words): words.joined(separator: "|")
    }
  }
}
