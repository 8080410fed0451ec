// A trial with a matrix stands for several: one for each combination of the values that it lists. They
// are written out before anything is checked, so that each is checked like one that stands there.

internal import TakeoverModel

enum Matrix {
  static let key = "matrix"
  /// A night has so many trials.
  static let most = 1_000

  /// One combination: keys and the values that stand for the trial's own.
  typealias Combination = [YAMLValue.Entry]

  static let shape: Shape = {
    let value = Shape.either([
      .scalar(.form(.text)), .scalar(.form(.flag)), .scalar(.form(.count(0...1_000_000))),
    ])
    let combinations = Shape.list(of: .named(value, noun: "key", atLeast: 1), atLeast: 1)
    return .named(
      .either([.list(of: value, atLeast: 1), combinations]), noun: "key of the matrix", atLeast: 1)
  }()

  /// The document with all of its trials' combinations.
  static func expanded(_ root: YAMLValue, _ diagnostics: inout Diagnostics) -> YAMLValue {
    guard case .map(let entries) = root.content else { return root }
    let changed = entries.map { entry -> YAMLValue.Entry in
      guard entry.key == "trials", case .list(let trials) = entry.value.content else {
        return entry
      }
      var all: [YAMLValue] = []
      for trial in trials { all += self.trials(of: trial, &diagnostics) }
      if all.count > most, all.count > trials.count {
        diagnostics.report(
          .outOfBounds, at: entry.span, "the matrices of this plan make \(all.count) trials",
          suggestion: "at most \(most): exclude some, or part the plan")
        all = trials
      }
      return YAMLValue.Entry(
        key: entry.key, span: entry.span,
        value: YAMLValue(content: .list(all), span: entry.value.span))
    }
    return YAMLValue(content: .map(changed), span: root.span)
  }

  private static func trials(
    of trial: YAMLValue, _ diagnostics: inout Diagnostics
  ) -> [YAMLValue] {
    guard case .map(let entries) = trial.content,
      let matrix = entries.first(where: { $0.key == key })
    else { return [trial] }
    let rest = entries.filter { $0.key != key }
    let found = combinations(matrix.value, &diagnostics)
    return found.map { combination in
      var changed = rest.filter { own in !combination.contains { $0.key == own.key } }
      changed += combination
      let suffix = words(for: combination)
      changed = changed.map { entry in
        guard entry.key == "name", case .scalar(let name, _) = entry.value.content else {
          return entry
        }
        return YAMLValue.Entry(
          key: entry.key, span: entry.span,
          value: YAMLValue(
            content: .scalar("\(name) (\(suffix))", plain: false), span: entry.value.span))
      }
      return YAMLValue(content: .map(changed), span: trial.span)
    }
  }

  /// `fault=kill-process, target=holder`
  static func words(for combination: Combination) -> String {
    combination.map { "\($0.key)=\(text($0.value))" }.joined(separator: ", ")
  }

  static func text(_ value: YAMLValue) -> String {
    if case .scalar(let text, _) = value.content { text } else { value.described }
  }

  /// The product of all lists, without what `exclude` names, and with what `include` adds.
  static func combinations(
    _ matrix: YAMLValue, _ diagnostics: inout Diagnostics
  ) -> [Combination] {
    guard case .map(let entries) = matrix.content else {
      refuse(matrix, "a matrix lists values for keys, as `target: [holder, standby]`", &diagnostics)
      return []
    }
    var all: [Combination] = [[]]
    for entry in entries where !["include", "exclude"].contains(entry.key) {
      guard case .list(let values) = entry.value.content, !values.isEmpty else {
        refuse(entry.value, "a list of values belongs here", &diagnostics)
        continue
      }
      guard all.count * values.count <= most else {
        refuse(entry.value, "more than \(most) combinations", &diagnostics)
        return []
      }
      all = all.flatMap { combination in
        values.map {
          combination + [YAMLValue.Entry(key: entry.key, span: entry.span, value: $0)]
        }
      }
    }
    if all.count == 1, all[0].isEmpty { all = [] }
    let exclusions = partial("exclude", of: entries, &diagnostics)
    all.removeAll { combination in
      exclusions.contains { exclusion in
        exclusion.allSatisfy { wanted in
          combination.contains { $0.key == wanted.key && text($0.value) == text(wanted.value) }
        }
      }
    }
    all += partial("include", of: entries, &diagnostics)
    if all.isEmpty { refuse(matrix, "the matrix leaves no combination", &diagnostics) }
    return all
  }

  private static func partial(
    _ key: String, of entries: [YAMLValue.Entry], _ diagnostics: inout Diagnostics
  ) -> [Combination] {
    guard let entry = entries.first(where: { $0.key == key }) else { return [] }
    guard case .list(let values) = entry.value.content else {
      refuse(entry.value, "\(key) is a list of combinations", &diagnostics)
      return []
    }
    return values.compactMap { value in
      guard case .map(let own) = value.content, !own.isEmpty else {
        refuse(value, "a combination is a mapping, as `{target: holder}`", &diagnostics)
        return nil
      }
      return own
    }
  }

  private static func refuse(
    _ value: YAMLValue, _ message: String, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(.wrongForm, at: value.span, message)
  }
}
