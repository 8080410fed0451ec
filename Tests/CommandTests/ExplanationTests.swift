// Whatever a message, a plan, a journal or a report may say can be explained.

import TakeoverKeepalived
import TakeoverModel
import TakeoverPlan
import TakeoverReport
import Testing

@testable import TakeoverCommand

@Suite struct `An explanation` {
  private func isKnown(_ code: String, _ group: Explanation.Group) -> Bool {
    Explanations.named(code).contains {
      $0.group == group && !$0.title.isEmpty && !$0.text.isEmpty
        && $0.text.allSatisfy { !$0.isEmpty }
    }
  }

  @Test func `is there for every mistake of a file and every finding of the linter`() {
    for code in DiagnosticCode.allCases {
      #expect(isKnown(code.rawValue, .mistakes), "\(code.rawValue)")
    }
    for rule in LintCatalog.rules.kinds {
      #expect(isKnown(rule.declaration.code, .findings), "\(rule.declaration.code)")
    }
  }

  @Test func `is there for every exit status, by its number`() {
    for status in TakeoverCommand.ExitStatus.allCases {
      #expect(isKnown("\(status.rawValue)", .statuses), "\(status.rawValue)")
      #expect(isKnown("exit-\(status.rawValue)", .statuses))
    }
  }

  @Test func `is there for every fault and every check`() {
    for kind in FaultCatalog.faults.kinds {
      #expect(isKnown(kind.declaration.kind, .faults), "\(kind.declaration.kind)")
    }
    for kind in CheckCatalog.checks.kinds {
      #expect(isKnown(kind.declaration.name, .checks), "\(kind.declaration.name)")
    }
  }

  @Test func `is there for every word of a journal, a report and a watch`() {
    for word in EventWord.allCases { #expect(isKnown(word.rawValue, .journal), "\(word)") }
    for word in ReportWord.allCases { #expect(isKnown(word.rawValue, .report), "\(word)") }
    for word in PairNoticeWord.allCases { #expect(isKnown(word.rawValue, .watch), "\(word)") }
  }

  @Test func `has one place for each word of a group`() {
    for group in Explanation.Group.allCases {
      let codes = Explanations.all.filter { $0.group == group }.map(\.code)
      #expect(!codes.isEmpty)
      #expect(Set(codes).count == codes.count, "\(group)")
    }
  }

  @Test func `is found whatever the case, and not for what does not exist`() {
    #expect(Explanations.named("ka050").first?.code == "KA050")
    #expect(Explanations.named("pass").first?.group == .report)
    #expect(Explanations.named("KA999").isEmpty)
    #expect(Explanations.named("").isEmpty)
    #expect(Explanations.named("4").isEmpty)
  }
}
