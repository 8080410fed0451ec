// Trials that stand for several, plans that are carried out in several labs, and further blows.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct `Matrices and further blows` {
  private static func plan(_ trial: String, above: String = "") -> String {
    """
    version: 1
    name: many
    \(above)
    trials:
      - name: one
        fault: kill-process
    \(trial)
        hold: 5s
        expect: {failback: allowed}

    """
  }

  private func read(_ text: String) -> (plan: Plan?, messages: [String]) {
    let (plan, found) = Sample.planReader.read(text: text, path: "plan.yaml")
    return (
      plan, found.map { "\($0.code.rawValue) \($0.span.line):\($0.span.column) \($0.message)" }
    )
  }

  @Test func `a matrix is its product, without what is excluded, with what is included`() throws {
    let (plan, messages) = read(
      Self.plan(
        """
            matrix:
              scope: [tree, child]
              target: [holder, standby]
              exclude: [{scope: child, target: standby}]
              include: [{fault: freeze-process, scope: parent}]
        """))
    #expect(messages.isEmpty)
    let trials = try #require(plan?.trials)
    #expect(
      trials.map(\.name) == [
        "one (scope=tree, target=holder)", "one (scope=tree, target=standby)",
        "one (scope=child, target=holder)", "one (fault=freeze-process, scope=parent)",
      ])
    #expect(trials.map(\.target) == [.holder, .standby, .holder, .holder])
    #expect(trials.map { $0.fault.arguments.text("scope") } == ["tree", "tree", "child", "parent"])
    #expect(trials.last?.fault.kind == "freeze-process")
    #expect(trials.allSatisfy { $0.line == trials[0].line })
  }

  @Test func `what is wrong in every combination is wrong once, in its place`() {
    let (plan, messages) = read(
      Self.plan("    matrix: {target: [holder, standby], scop: [tree]}"))
    #expect(plan == nil)
    #expect(messages.count == 1, "\(messages)")
    #expect(messages.first?.hasPrefix("TK013 7:") == true, "\(messages)")
  }

  @Test(arguments: [
    ("matrix: holder", "TK007"), ("matrix: {target: holder}", "TK007"),
    ("matrix: {target: []}", "TK007"),
    ("matrix: {target: [holder], exclude: [{target: holder}]}", "TK007"),
    ("matrix: {include: [holder]}", "TK007"),
    ("matrix: {repeat: [\((1...1_001).map(String.init).joined(separator: ", "))]}", "TK007"),
  ])
  func `a matrix that makes no trials is refused`(_ line: String, _ code: String) {
    let (plan, messages) = read(Self.plan("    " + line))
    #expect(plan == nil)
    #expect(messages.contains { $0.hasPrefix(code) }, "\(messages.prefix(3))")
  }

  @Test func `a plan names its labs by what is changed in them`() throws {
    let above = """
      lab-matrix:
        nodes: [{a: {image: bullseye}, b: {image: bullseye}}, {a: {image: trixie}}]
        keepalived: [{interval: 2s}]
      """
    let (plan, messages) = read(Self.plan("", above: above))
    #expect(messages.isEmpty, "\(messages)")
    #expect(
      plan?.labs.map(\.words) == [
        "a.image=bullseye, b.image=bullseye, keepalived.interval=2s",
        "a.image=trixie, keepalived.interval=2s",
      ])
    let (lab, found) = LabReader().read(
      text: LabFileTests.text("vrid: 7"), path: "lab.yaml", changedBy: plan?.labs.first)
    #expect(found.isEmpty, "\(found)")
    #expect(lab?.nodes.map(\.image) == [.suite("bullseye"), .suite("bullseye")])
    #expect(lab?.keepalived.interval == .seconds(2))
    let wrong = LabVariant(settings: [.init(path: ["nodes", "a", "image"], value: "sarge")])
    let (none, mistakes) = LabReader().read(
      text: LabFileTests.text("vrid: 7"), path: "l", changedBy: wrong)
    #expect(none == nil && !mistakes.isEmpty)
  }

  @Test func `a further blow has its own target, moment and length`() throws {
    let (plan, messages) = read(
      Self.plan(
        """
            allow-outage: true
            also:
              - {fault: drop-traffic, protocol: vrrp, target: standby, after: 500ms, hold: 2s}
              - fault: freeze-process
        """))
    #expect(messages.isEmpty, "\(messages)")
    let blows = try #require(plan?.trials.first?.blows)
    #expect(blows.map(\.fault.kind) == ["kill-process", "drop-traffic", "freeze-process"])
    #expect(blows.map(\.target) == [.holder, .standby, .holder])
    #expect(blows.map(\.after) == [.zero, .milliseconds(500), .zero])
    #expect(blows.map(\.hold) == [nil, .seconds(2), nil])
  }

  @Test func `further blows that may leave nobody need the plan's leave`() {
    let also = "    also: [{fault: freeze-process, target: standby}]"
    #expect(read(Self.plan(also)).messages.contains { $0.hasPrefix("TK027") })
    #expect(read(Self.plan(also + "\n    allow-outage: true")).messages.isEmpty)
  }

  @Test func `a further blow lies within the trial's hold`() {
    let late = "    also: [{fault: freeze-process, after: 3s, hold: 3s}]"
    #expect(read(Self.plan(late)).messages.contains { $0.hasPrefix("TK028") })
  }
}
