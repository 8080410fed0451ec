// How the program ends, in one number.

internal import Foundation
package import TakeoverModel

/// The exit statuses, in order of precedence: what stands first outweighs what comes later.
package enum ExitStatus: Int32, CaseIterable {
  case notHealed = 3
  case bug = 70
  case interrupted = 130
  case terminated = 143
  case noVerdict = 2
  case failed = 1
  case nothingSelected = 5
  case usage = 64
  case planInvalid = 65
  case notFound = 66
  case missingPrivilege = 77
  case passed = 0

  /// The one that outweighs the others; of none, `passed`.
  package static func worst(_ statuses: some Sequence<ExitStatus>) -> ExitStatus {
    let present = Set(statuses)
    return allCases.first(where: present.contains) ?? .passed
  }

  package init(_ outcome: Outcome) {
    switch outcome {
    case .pass: self = .passed
    case .fail: self = .failed
    case .unknown: self = .noVerdict
    }
  }
}

extension ExitStatus {
  /// Ends the program at once, without exit(3)'s cleaning up: that takes libcrypto's tables away
  /// below the threads which still close a connection (a second Ctrl-C died of SIGSEGV that way).
  /// Everything that is told goes by write(2), and the kernel takes back the rest.
  func leave() -> Never {
    fflush(nil)
    _exit(rawValue)
  }
}

/// Ends the command with a status and a message for the person in front of it.
struct Ending: Explained {
  let status: ExitStatus
  let problem: String
  let remedy: String

  init(_ status: ExitStatus, _ problem: String, remedy: String) {
    self.status = status
    self.problem = problem
    self.remedy = remedy
  }
}
