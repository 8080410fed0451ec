// Plans: what is read, and what is said about plans that are wrong.

import Testing
import TakeoverModel
import TakeoverPlan

@Suite struct PlanReaderTests {
  @Test func `a short plan is read with the standards filled in`() throws {
    let (plan, diagnostics) = Sample.planReader.read(text: Sample.plan, path: "plan.yaml")
    #expect(diagnostics.isEmpty)
    let trial = try #require(plan?.trials.first)
    #expect(plan?.name == "sample")
    #expect(trial.target == .holder)
    #expect(trial.hold == .seconds(5))
    #expect(trial.settle == .seconds(2))
    #expect(trial.recover == .seconds(30))
    #expect(trial.repetitions == 1)
    #expect(trial.line == 4)
    #expect(trial.fault.arguments.text("signal") == "KILL")
    #expect(trial.fault.arguments.text("scope") == "tree")
    #expect(
      trial.expectations == [
        Expectation(check: "takeover-within", value: .duration(.seconds(4)))
      ])
  }

  @Test func `five different mistakes give five errors with line and column in one pass`() {
    let text = """
      version: 1
      name: five
      tags: nightly
      trials:
        - name: one
          fault: kill-proces
          hold: 5
          expect:
            takeover-within: 4s
        - name: two
          fault: stop-service
          signal: KILL
          hold: 5s
          expect:
            takover-within: 4s

      """
    let diagnostics = Sample.diagnostics(text)
    #expect(
      Sample.places(diagnostics) == [
        "TK007 3:7", "TK012 6:12", "TK008 7:11", "TK013 12:5", "TK014 15:7",
      ])
    #expect(diagnostics.allSatisfy { $0.severity == .error })
  }

  @Test func `a diagnostic shows the line, an underline and the way out`() throws {
    let few = Catalog<any Fault.Type>([StopService.self, KillProcess.self, LinkDown.self])
    let text = Sample.plan.replacing("kill-process", with: "kill-proces")
    let diagnostics = PlanReader(faults: few, checks: Sample.checks)
      .read(text: text, path: "plan.yaml").1
    let diagnostic = try #require(diagnostics.first)
    #expect(
      diagnostic.rendered == """
        plan.yaml:5:12: error[TK012]: unknown fault "kill-proces"
          |
        5 |     fault: kill-proces
          |            ^~~~~~~~~~~ did you mean "kill-process"?
          = faults: stop-service, kill-process, link-down          \
        takeover explain TK012
        """)
  }

  @Test func `each mistake of a trial has its own code`() {
    let mistakes = [
      ("fault: kill-process", "fault: kill-process\n    signal: HUP", "TK011 6:13"),
      ("hold: 5s", "hold: true", "TK008 6:11"),
      ("hold: 5s", "hold: [5s]", "TK007 6:11"),
      ("hold: 5s", "target: A!\n    hold: 5s", "TK015 6:13"),
      ("hold: 5s", "repeat: 0\n    hold: 5s", "TK009 6:13"),
      ("hold: 5s", "setle: 1s\n    hold: 5s", "TK013 6:5"),
      ("version: 1", "version: 2", "TK021 1:10"),
      ("name: sample", "name: A plan", "TK020 2:7"),
      ("name: sample", "nam: sample", "TK005 2:1"),
      ("name: one", "name: true", "TK007 4:11"),
      ("takeover-within: 4s", "", "TK007 7:12"),
      ("expect:\n      takeover-within: 4s", "expect: {}", "TK016 7:13"),
      ("fault: kill-process", "fault: drop-traffic", "TK006 4:5"),
      (
        "fault: kill-process",
        "fault: drop-traffic\n    protocol: vrrp\n    port: 80", "TK026 5:12"
      ),
    ]
    for (right, wrong, place) in mistakes {
      let text = Sample.plan.replacing(right, with: wrong)
      #expect(Sample.places(text).contains(place), "\(wrong): \(Sample.places(text))")
      #expect(Sample.planReader.read(text: text, path: "").0 == nil)
    }
  }

  @Test func `a trial that expects nothing by name expects what is configured`() throws {
    let silent = "version: 1\nname: x\ntrials:\n  - {name: y, fault: stop-service, hold: 1s}\n"
    for text in [silent, silent.replacing("1s}", with: "1s, expect: as-configured}")] {
      let plan = try #require(Sample.planReader.read(text: text, path: "").0)
      #expect(
        plan.trials[0].expectations == [Expectation(check: "as-configured", value: .flag(true))])
    }
    let wrong = silent.replacing("1s}", with: "1s, expect: as-cofigured}")
    #expect(Sample.places(wrong) == ["TK011 4:54"])
  }

  @Test func `expectations that are none, and a plan without trials, are refused`() {
    #expect(Sample.places("version: 1\nname: x\ntrials: []\n") == ["TK017 3:9"])
  }

  @Test func `two trials have two names`() {
    let second = Sample.plan.split(separator: "\n").dropFirst(3).joined(separator: "\n")
    #expect(Sample.places(Sample.plan + second + "\n") == ["TK018 9:11"])
  }

  @Test func `a hold shorter than the takeover's limit is a warning, and the plan is read`() {
    let text = Sample.plan.replacing("hold: 5s", with: "hold: 1s")
    let (plan, diagnostics) = Sample.planReader.read(text: text, path: "")
    #expect(plan != nil)
    #expect(Sample.places(diagnostics) == ["TK024 6:11"])
    #expect(diagnostics.map(\.severity) == [.warning])
  }

  @Test func `a plan that does not fit its site says so per trial`() throws {
    let text = Sample.plan.replacing("hold: 5s", with: "target: c\n    hold: 5s")
    let plan = try #require(Sample.planReader.read(text: text, path: "plan.yaml").0)
    let misfits = PlanFit.misfits(of: plan, on: FaultTests.site())
    #expect(misfits.map(\.problem) == ["plan.yaml:4: one: the site pair has no node \"c\""])
    let fits = try #require(Sample.planReader.read(text: Sample.plan, path: "").0)
    #expect(PlanFit.misfits(of: fits, on: FaultTests.site()).isEmpty)
  }

  @Test func `every code is explained`() {
    for code in DiagnosticCode.allCases {
      #expect(!code.title.isEmpty && code.explanation.hasSuffix("."), "\(code)")
    }
  }
}
