// From the text of a plan to a checked plan, or to everything that is wrong with it.

package import TakeoverModel

package struct PlanReader: Sendable {
  package static let standardSettle = Duration.seconds(2)
  package static let standardRecover = Duration.seconds(30)

  private let faults: Catalog<any Fault.Type>
  private let checks: [CheckDeclaration]
  private let shape: Shape

  package init(faults: Catalog<any Fault.Type>, checks: [CheckDeclaration]) {
    self.faults = faults
    self.checks = checks
    shape = PlanShape(faults: faults, checks: checks).shape
  }

  /// `path` is the name in messages. There is a plan exactly when no diagnostic is an error.
  package func read(text: String, path: String) -> (Plan?, [Diagnostic]) {
    var reader = ShapeReader(diagnostics: Diagnostics(SourceText(text, path: path)))
    let source = reader.diagnostics.source
    guard let root = YAMLDocument.root(source, &reader.diagnostics),
      let checked = reader.read(root, as: shape)
    else { return (nil, reader.diagnostics.sorted) }
    let trials = checked["trials"]?.list ?? []
    checkNames(trials, noun: "trial", &reader.diagnostics)
    let watches = checked["observe"]?.list ?? []
    checkNames(watches, noun: "command", &reader.diagnostics)
    for trial in trials {
      checkPromises(trial, watches.compactMap { $0["name"]?.text }, &reader.diagnostics)
    }
    let read = trials.map { trial($0, &reader.diagnostics) }
    guard !reader.diagnostics.hasErrors, let name = checked["name"]?.text else {
      return (nil, reader.diagnostics.sorted)
    }
    let plan = Plan(
      name: name, why: checked["why"]?.text ?? "", tags: Self.words(checked["tags"]),
      site: checked["site"]?.text, trials: read.compactMap { $0 }, source: path,
      lease: checked["lease"]?.duration ?? Plan.standardLease,
      stopIf: Self.stopLimits(checked["stop-if"]), watches: watches.compactMap(Self.watch))
    return (plan, reader.diagnostics.sorted)
  }

  private static func watch(_ checked: Checked) -> CommandWatch? {
    guard let name = checked["name"]?.text, let command = checked["command"]?.command else {
      return nil
    }
    let place = checked["on"]?.text
    return CommandWatch(
      name: name, place: place == "here" ? nil : place, command: command,
      period: checked["every"]?.duration ?? CommandWatch.standardPeriod)
  }

  private static func stopLimits(_ checked: Checked?) -> StopLimits {
    StopLimits(
      nobodyHolds: checked?["nobody-holds"]?.duration,
      severalHold: checked?["several-hold"]?.duration,
      unreachable: checked?["unreachable"]?.duration, noVerdict: checked?["no-verdict"]?.count)
  }

  private func trial(_ checked: Checked, _ diagnostics: inout Diagnostics) -> Trial? {
    guard let kind = checked["fault"]?.text else { return nil }
    let use = faultUse(kind, checked, &diagnostics)
    warnOfShortHold(checked, &diagnostics)
    refuseOutage(checked, &diagnostics)
    guard let use, let name = checked["name"]?.text, let hold = checked["hold"]?.duration,
      case .fields(let expected)? = checked["expect"]?.value
    else { return nil }
    let expectations = expected.sorted {
      ($0.value.span.line, $0.value.span.column) < ($1.value.span.line, $1.value.span.column)
    }
    return Trial(
      name: name, fault: use, target: Target(checked["target"]?.text ?? "holder"),
      phase: checked["phase"]?.text.flatMap { Phase($0) } ?? .any, hold: hold,
      settle: checked["settle"]?.duration ?? Self.standardSettle,
      recover: checked["recover"]?.duration ?? Self.standardRecover,
      repetitions: checked["repeat"]?.count ?? 1,
      expectations: expectations.flatMap { check, value in
        (value.list ?? [value]).compactMap { one in
          one.parameter.map { Expectation(check: check, value: $0) }
        }
      },
      tags: Self.words(checked["tags"]), line: checked.span.line,
      allowsOutage: checked["allow-outage"]?.flag ?? false)
  }

  /// The fault with the values that the trial gives and the standards of the others; asks the fault
  /// itself whether they go together.
  private func faultUse(
    _ kind: String, _ checked: Checked, _ diagnostics: inout Diagnostics
  ) -> FaultUse? {
    guard let type = faults.kinds.first(where: { $0.declaration.kind == kind }) else { return nil }
    var arguments = Arguments()
    for parameter in type.declaration.parameters {
      let given = checked[parameter.name]?.parameter
      if given == nil, parameter.required { return nil }
      arguments.values[parameter.name] = given ?? parameter.standard
    }
    do throws(Complaint) {
      _ = try type.init(arguments)
    } catch {
      diagnostics.report(
        .faultRefuses, at: checked["fault"]?.span ?? checked.span, error.problem,
        suggestion: error.remedy)
    }
    return FaultUse(kind: kind, arguments: arguments)
  }

  /// Whether each value means something to its check.
  private func checkPromises(
    _ trial: Checked, _ watches: [String], _ diagnostics: inout Diagnostics
  ) {
    for check in checks {
      guard let given = trial["expect"]?[check.name] else { continue }
      for one in given.list ?? [given] {
        guard let value = one.parameter, let complaint = check.refusal(value, watches) else {
          continue
        }
        diagnostics.report(
          .checkRefuses, at: one.span, complaint.problem, suggestion: complaint.remedy)
      }
    }
  }

  private func checkNames(_ named: [Checked], noun: String, _ diagnostics: inout Diagnostics) {
    var places: [String: Span] = [:]
    for name in named.compactMap({ $0["name"] }) {
      guard let text = name.text else { continue }
      if let first = places[text] {
        diagnostics.report(
          .sameName, at: name.span, "a \(noun) with the name \"\(text)\" exists already",
          suggestion: "at \(first.line):\(first.column)")
      } else {
        places[text] = name.span
      }
    }
  }

  private func warnOfShortHold(_ trial: Checked, _ diagnostics: inout Diagnostics) {
    guard let hold = trial["hold"], let length = hold.duration,
      let limit = trial["expect"]?["takeover-within"]?.duration, length < limit
    else { return }
    diagnostics.report(
      .shortHold, at: hold.span,
      "the fault is healed after \(TimeText.chosen(length)), before the takeover must have happened",
      suggestion: "hold at least \(TimeText.chosen(limit))", severity: .warning)
  }

  /// Whom nobody outlives is hit only where the plan says that it may be.
  private func refuseOutage(_ trial: Checked, _ diagnostics: inout Diagnostics) {
    guard let target = trial["target"], target.text.map({ Target($0) }) == .both,
      trial["allow-outage"]?.flag != true
    else { return }
    diagnostics.report(
      .noSurvivor, at: target.span, "target: both leaves no node that could take over",
      suggestion: "add allow-outage: true if that is meant")
  }

  private static func words(_ list: Checked?) -> [String] {
    list?.list?.compactMap(\.text) ?? []
  }
}
