// TEST-takeover.xml: one suite per pair and plan, one case per trial and expectation, in the
// dialect that every reader of JUnit's XML understands.

package import TakeoverModel

package struct JUnitReport: ReportFormat {
  package enum Dialect: String, Sendable, CaseIterable {
    /// With what most readers know: files, lines, properties of a case, more counts.
    case standard
    /// Valid under the schema of Jenkins' xUnit plugin.
    case strict
  }

  package static let fileName = "TEST-takeover.xml"

  private let dialect: Dialect
  private let attachments: [String]

  /// `attachments`: paths as the CI's reader will resolve them, pictures first.
  package init(dialect: Dialect = .standard, attachments: [String] = []) {
    self.dialect = dialect
    self.attachments = attachments
  }

  package func render(_ report: Report) -> [UInt8] {
    var names = JUnitNames()
    let suites = report.header.plans.enumerated().map { index, plan in
      suite(
        of: plan, in: report, isFirst: index == 0,
        trials: report.trials.filter { $0.timeline.header.plan == index }, names: &names)
    }
    if suites.isEmpty {
      let origin = report.header.origin
      return render(unreadable: "no plan", problem: "The run had no plan.", began: origin)
    }
    return document(suites, began: WallClock(origin: report.header.origin).text(.began))
  }

  /// For a plan that could not be read: one case with an error, so that CI sees more than nothing.
  package func render(unreadable plan: String, problem: String, began origin: Int64) -> [UInt8] {
    var names = JUnitNames()
    let name = names.unique(classname: ["takeover", "plan", plan], name: "the plan can be read")
    let failed = JUnitCase(
      name: name, time: .zero, verdict: .error(type: "takeover.plan", sentence: problem))
    let began = WallClock(origin: origin).text(.began)
    return document(
      [JUnitSuite(name: plan, began: began, properties: [], cases: [failed])], began: began)
  }

  private func document(_ suites: [JUnitSuite], began: String) -> [UInt8] {
    let all = suites.flatMap(\.cases)
    var attributes = [
      ("name", "takeover"), ("tests", "\(all.count)"),
      ("failures", "\(all.count(where: \.isFailure))"),
      ("errors", "\(all.count(where: \.isError))"),
    ]
    if dialect == .standard { attributes.append(("skipped", "\(all.count(where: \.isSkipped))")) }
    attributes.append(("time", JUnitSuite.seconds(all.map(\.time).reduce(.zero, +))))
    if dialect == .standard { attributes.append(("timestamp", began)) }
    return XMLElement(
      "testsuites", attributes,
      children: suites.map { $0.element(dialect, attachments: attachments) }
    ).document
  }

  private func suite(
    of plan: Plan, in report: Report, isFirst: Bool, trials: [TrialResult],
    names: inout JUnitNames
  ) -> JUnitSuite {
    let header = report.header
    let clock = WallClock(origin: header.origin)
    let began = trials.compactMap { $0.timeline.span?.from }.min() ?? .began
    let classname = ["takeover", header.site.name, plan.name]
    // On the first suite only: xunitparserx takes a name only once in a whole document.
    let properties = [
      ("takeover.run", header.run), ("takeover.version", header.version),
      ("takeover.site", header.site.name),
    ]
    var cases: [JUnitCase] = []
    for trial in trials {
      for one in JUnitCase.cases(of: trial) {
        var named = one
        named.name = names.unique(classname: classname, name: one.name.name)
        named.file = plan.source
        cases.append(named)
      }
    }
    if cases.isEmpty {
      let name = names.unique(classname: classname, name: "the plan has trials")
      cases = [
        JUnitCase(
          name: name, time: .zero,
          verdict: .error(type: "takeover.plan", sentence: "The plan has no trials."))
      ]
    }
    return JUnitSuite(
      name: "\(header.site.name).\(plan.name)", began: clock.text(began),
      properties: isFirst ? properties : [],
      cases: cases)
  }
}
