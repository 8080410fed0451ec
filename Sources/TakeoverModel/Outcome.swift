// Three outcomes: what could not be shown is `unknown`, never `pass`.

package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
  case pass, fail, unknown

  /// The worst of several: a failure outweighs a doubt, a doubt outweighs a pass. Of none: unknown.
  package static func worst(_ outcomes: some Sequence<Outcome>) -> Outcome {
    var worst: Outcome?
    for outcome in outcomes {
      switch (worst, outcome) {
      case (.fail, _), (_, .fail): worst = .fail
      case (.unknown, _), (_, .unknown): worst = .unknown
      default: worst = .pass
      }
    }
    return worst ?? .unknown
  }
}

/// An error that a person will read: what is wrong, and the way out.
package protocol Explained: Error, CustomStringConvertible {
  var problem: String { get }
  var remedy: String { get }
}

extension Explained {
  package var description: String { remedy.isEmpty ? problem : "\(problem)\n  → \(remedy)" }
}

/// An explained error that needs no type of its own.
package struct Complaint: Explained, Hashable {
  package let problem: String
  package let remedy: String

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}
