// From the text of a plan to a checked plan, or to everything that is wrong with it.

package import TakeoverModel

package struct PlanReader: Sendable {
  package static let standardSettle = Duration.seconds(2)
  package static let standardRecover = Duration.seconds(30)
  /// The check that judges a trial which expects nothing by name.
  static let standardExpectation = "as-configured"

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
      let checked = reader.read(
        Matrix.expanded(root, &reader.diagnostics), as: shape)
    else { return (nil, reader.diagnostics.sorted) }
    let labs = LabMatrix.variants(of: root, &reader.diagnostics)
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
    var plan = Plan(
      name: name, why: checked["why"]?.text ?? "", tags: Self.words(checked["tags"]),
      site: checked["site"]?.text, trials: read.compactMap { $0 }, source: path,
      lease: checked["lease"]?.duration ?? Plan.standardLease,
      stopIf: Self.stopLimits(checked["stop-if"]), watches: watches.compactMap(Self.watch))
    plan.labs = labs
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
    let further = checked["also"]?.list ?? []
    let also = further.compactMap { furtherBlow($0, within: checked["hold"], &diagnostics) }
    warnOfShortHold(checked, &diagnostics)
    refuseOutage(checked, further, &diagnostics)
    guard let use, let name = checked["name"]?.text, let hold = checked["hold"]?.duration
    else { return nil }
    return Trial(
      name: name, fault: use, target: target(of: checked, usual: kind),
      phase: checked["phase"]?.text.flatMap { Phase($0) } ?? .any, hold: hold,
      settle: checked["settle"]?.duration ?? Self.standardSettle,
      recover: checked["recover"]?.duration ?? Self.standardRecover,
      repetitions: checked["repeat"]?.count ?? 1,
      expectations: Self.expectations(checked["expect"]), tags: Self.words(checked["tags"]),
      line: checked.span.line,
      allowsOutage: checked["allow-outage"]?.flag ?? false, also: also)
  }

  /// In the file's order. Without a word, or by that word alone, what the configuration promises.
  private static func expectations(_ checked: Checked?) -> [Expectation] {
    guard case .fields(let expected)? = checked?.value else {
      return [Expectation(check: standardExpectation, value: .flag(true))]
    }
    let inOrder = expected.sorted {
      ($0.value.span.line, $0.value.span.column) < ($1.value.span.line, $1.value.span.column)
    }
    return inOrder.flatMap { check, value in
      (value.list ?? [value]).compactMap { one in
        one.parameter.map { Expectation(check: check, value: $0) }
      }
    }
  }

  private func target(of checked: Checked, usual kind: String) -> Target {
    if let word = checked["target"]?.text { return Target(word) }
    return faults.kinds.first { $0.declaration.kind == kind }?.declaration.target ?? .holder
  }

  private func furtherBlow(
    _ checked: Checked, within hold: Checked?, _ diagnostics: inout Diagnostics
  ) -> FurtherBlow? {
    guard let kind = checked["fault"]?.text,
      let use = faultUse(kind, checked, &diagnostics)
    else { return nil }
    let after = checked["after"]?.duration ?? .zero
    let own = checked["hold"]?.duration
    if let whole = hold?.duration, after + (own ?? .zero) > whole {
      diagnostics.report(
        .outOfBounds, at: (checked["after"] ?? checked).span,
        "a further blow lies within the trial's hold of \(TimeText.chosen(whole))",
        suggestion: "hold the trial longer, or begin the further blow sooner")
    }
    return FurtherBlow(
      fault: use, target: target(of: checked, usual: kind), after: after, hold: own)
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

  /// Whom nobody outlives is hit only where the plan says that it may be: both, or one after another.
  private func refuseOutage(
    _ trial: Checked, _ further: [Checked], _ diagnostics: inout Diagnostics
  ) {
    guard trial["allow-outage"]?.flag != true else { return }
    var struck: Set<Target> = []
    for blow in [trial] + further {
      guard let kind = blow["fault"]?.text else { continue }
      let target = target(of: blow, usual: kind)
      if target != .machine { struck.insert(target) }
      guard target == .both || Self.mayBeAll(struck) else { continue }
      diagnostics.report(
        .noSurvivor, at: (blow["target"] ?? blow).span,
        target == .both
          ? "target: both leaves no node that could take over"
          : "these blows together may leave no node that could take over",
        suggestion: "add allow-outage: true if that is meant")
      return
    }
  }

  /// A role may be any node's; whether a name is a node's or a machine's only the site knows, and the
  /// run looks for a survivor all the same.
  private static func mayBeAll(_ targets: Set<Target>) -> Bool {
    targets.contains(.holder) && targets.contains(.standby)
  }

  private static func words(_ list: Checked?) -> [String] {
    list?.list?.compactMap(\.text) ?? []
  }
}
