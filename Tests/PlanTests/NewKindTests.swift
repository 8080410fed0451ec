// A new kind is a file and a line: everything else follows from its declaration.

import TakeoverModel
import TakeoverPlan
import Testing

/// The file that somebody adds.
private struct HouseFire: Fault {
  static let declaration = FaultDeclaration(
    kind: "house-fire", summary: "set the house on fire", effect: "everybody moves out",
    parameters: [
      Parameter("rooms", .count(1...9), required: true, summary: "how many rooms burn"),
      Parameter("alarm", .flag, standard: .flag(true), summary: "whether it is told"),
    ],
    examples: [["rooms": .count(2)]], target: .standby)

  let rooms: Int

  init(_ arguments: Arguments) throws(Complaint) {
    rooms = arguments.count("rooms") ?? 1
    guard rooms != 7 else { throw Complaint("the seventh room is locked", remedy: "burn six") }
  }

  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    Procedure(
      inject: [Command("ignite", String(rooms))], confirm: [Command("burns")],
      heal: [Command("douse")], confirmHealed: [Command("cold")])
  }
}

@Suite struct `A new kind of fault` {
  /// The line that somebody adds.
  private static let faults = Catalog<any Fault.Type>(FaultCatalog.faults.kinds + [HouseFire.self])
  private static let reader = PlanReader(faults: faults, checks: Sample.checks)

  private func plan(_ lines: String) -> (Plan?, [Diagnostic]) {
    Self.reader.read(
      text: Sample.plan.replacing("fault: kill-process", with: "fault: house-fire" + lines),
      path: "plan.yaml")
  }

  @Test func `is in the schema, with its parameters`() {
    let schema = Schema.plan(faults: Self.faults, checks: Sample.checks)
    #expect(schema.contains("\"const\": \"house-fire\""))
    #expect(schema.contains("how many rooms burn"))
    #expect(!Schema.plan(faults: FaultCatalog.faults, checks: Sample.checks).contains("house-fire"))
  }

  @Test func `is read, with its standards and its usual target`() throws {
    let (plan, found) = plan("\n    rooms: 3")
    #expect(found.isEmpty)
    let trial = try #require(plan?.trials.first)
    #expect(trial.target == .standby)
    #expect(
      trial.fault.arguments == Arguments(["rooms": .count(3), "alarm": .flag(true)]))
  }

  @Test(arguments: [
    ("", "TK006"), ("\n    rooms: 10", "TK009"), ("\n    rooms: 3\n    doors: 1", "TK013"),
    ("\n    rooms: 7", "TK026"),
  ])
  func `is validated like the others`(_ lines: String, _ code: String) {
    let (plan, found) = plan(lines)
    #expect(plan == nil)
    #expect(found.map(\.code.rawValue) == [code])
  }

  @Test func `is suggested to whoever mistypes it`() {
    let (_, found) = Self.reader.read(
      text: Sample.plan.replacing("fault: kill-process", with: "fault: house-fir"), path: "p")
    #expect(found.first?.suggestion.contains("house-fire") == true)
  }
}
