// A check judges one thing about one trial: pure and total.

package protocol Check: Sendable {
  static var declaration: CheckDeclaration { get }
  /// `value` has been checked against the declaration's form.
  init(_ value: ParameterValue)
  func judge(_ trial: TrialTimeline) -> Finding
}

/// What plan validation, schema and help need to know of a check.
package struct CheckDeclaration: Sendable {
  /// The YAML word below `expect:`: `takeover-within`.
  package let name: String
  /// The forms its value may have; the first that fits is taken.
  package let forms: [Parameter.Form]
  package let summary: String
  /// Whether a list of such values may stand there: each is judged by itself.
  package let takesSeveral: Bool
  /// Why a value of the right form is none, in a plan that runs commands of these names; nil: it is.
  package let refusal: @Sendable (ParameterValue, _ watches: [String]) -> Complaint?

  package init(
    name: String, forms: [Parameter.Form], summary: String, takesSeveral: Bool = false,
    refusal: @escaping @Sendable (ParameterValue, [String]) -> Complaint? = { _, _ in nil }
  ) {
    self.takesSeveral = takesSeveral
    self.refusal = refusal
    self.name = name
    self.forms = forms
    self.summary = summary
  }
}

/// What a check found, with the sentence a person reads.
package struct Finding: Hashable, Sendable {
  package var check: String
  package var outcome: Outcome
  /// One sentence with the number and its uncertainty in it.
  package var sentence: String
  /// What was expected, in words: `takeover-within 1s`.
  package var expected: String
  package var measured: Elapsed?
  /// What the evidence says about the cause, in one sentence; usually empty.
  package var hint: String

  package init(
    check: String, outcome: Outcome, sentence: String, expected: String, measured: Elapsed? = nil,
    hint: String = ""
  ) {
    self.check = check
    self.outcome = outcome
    self.sentence = sentence
    self.expected = expected
    self.measured = measured
    self.hint = hint
  }
}
