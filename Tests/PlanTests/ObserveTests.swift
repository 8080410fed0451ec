// What a plan may say of commands of its own, and of what they promise.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct ObserveTests {
  private static func text(
    observe: String = "{name: primary, on: a, command: pg_isready}",
    observed: String = "\"primary: never bad\""
  ) -> String {
    Sample.plan.replacing(
      "trials:", with: "observe:\n  - \(observe)\ntrials:"
    ).replacing("takeover-within: 4s", with: "observed: \(observed)")
  }

  private static func plan(_ text: String) throws -> Plan {
    let (plan, diagnostics) = Sample.planReader.read(text: text, path: "plan.yaml")
    return try #require(plan, "\(diagnostics.map(\.rendered))")
  }

  @Test func `a command is text for sh or a list of words, at a place, at a period`() throws {
    let plan = try Self.plan(
      Self.text(observe: "{name: primary, on: db, command: [pg_isready, -q], every: 2s}"))
    #expect(
      plan.watches == [
        CommandWatch(
          name: "primary", place: "db", command: Command("pg_isready", "-q"), period: .seconds(2))
      ])
    let here = try Self.plan(Self.text(observe: "{name: primary, on: here, command: a | b}"))
    #expect(here.watches == [CommandWatch(name: "primary", command: .script("a | b"))])
  }

  @Test func `several promises are several expectations`() throws {
    let plan = try Self.plan(
      Self.text(observed: "[\"primary: good within 5s\", \"primary: output is a: b\"]"))
    #expect(
      plan.trials[0].expectations == [
        Expectation(check: "observed", value: .text("primary: good within 5s")),
        Expectation(check: "observed", value: .text("primary: output is a: b")),
      ])
  }

  @Test(arguments: [
    ("good within 1.5s", WatchPromise.Promise.goodWithin(.milliseconds(1_500))),
    ("bad at most 2s", .badAtMost(.seconds(2))), ("never bad", .neverBad),
    ("good at the end", .goodAtEnd), ("output stays", .outputStays),
    ("output is  two words ", .outputIs("two words")),
  ]) func `every promise is read`(text: String, promise: WatchPromise.Promise) {
    #expect(
      WatchPromise("primary: \(text)") == WatchPromise(watch: "primary", promise: promise))
  }

  @Test(arguments: [
    "primary good within 5s", "primary: good within 5", "primary: good", ": never bad",
    "primary: bad at most", "primary: output is", "primary: Never bad", "",
  ]) func `what is no promise is refused where it stands`(text: String) {
    #expect(Sample.places(Self.text(observed: "\"\(text)\"")) == ["TK031 10:17"])
  }

  @Test func `a promise of a command that the plan does not run is refused`() {
    let found = Sample.diagnostics(
      Self.text(observed: "[\"primary: never bad\", \"x: never bad\"]"))
    #expect(found.map(\.message) == ["there is no command \"x\""])
  }

  @Test func `two commands of one name, and one more often than it can be run, are refused`() {
    let twice = Self.text(
      observe: "{name: primary, command: a}\n  - {name: primary, command: b, every: 1ms}")
    #expect(Sample.places(twice) == ["TK018 5:12", "TK028 5:40"])
  }

  @Test func `a place that the site does not have is named`() throws {
    let plan = try Self.plan(Self.text(observe: "{name: primary, on: c, command: a}"))
    let misfits = PlanFit.misfits(of: plan, on: FaultTests.site())
    #expect(
      misfits.map(\.problem) == [
        "plan.yaml: observe primary: the site pair has no node or machine \"c\""
      ])
    let fits = try Self.plan(Self.text())
    #expect(PlanFit.misfits(of: fits, on: FaultTests.site()).isEmpty)
  }
}
