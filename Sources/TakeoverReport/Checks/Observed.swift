// observed: what the plan promises of the commands that it has run. Between two results nothing is
// known, so a stretch of bad ones is known to the results around it.

package import TakeoverModel

package struct Observed: Check {
  package static let declaration = CheckDeclaration(
    name: "observed", forms: [.text], summary: WatchPromise.summary, takesSeveral: true,
    refusal: WatchPromise.refusal(of:among:))

  private let text: String
  private let promise: WatchPromise?

  package init(_ value: ParameterValue) {
    text = value.description
    promise = WatchPromise(text)
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(text)")
    guard let promise, let window = trial.window, let blow = trial.marks.blow else {
      finding.sentence = "\"\(text)\" is no promise that this version knows."
      return finding
    }
    let results = trial.told[promise.watch, default: []]
    guard results.contains(where: { $0.when.latest >= window.from }) else {
      finding.sentence = "\(promise.watch) told nothing after the blow."
      return finding
    }
    let course = WatchCourse(
      name: promise.watch, results: results, blow: blow, window: window)
    switch promise.promise {
    case .goodWithin(let limit): course.goodWithin(limit, &finding)
    case .badAtMost(let limit): course.badAtMost(limit, &finding)
    case .neverBad: course.neverBad(&finding)
    case .goodAtEnd: course.goodAtEnd(&finding)
    case .outputStays: course.outputStays(&finding)
    case .outputIs(let output): course.outputIs(output, &finding)
    }
    return finding
  }
}
