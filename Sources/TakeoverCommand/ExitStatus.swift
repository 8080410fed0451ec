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
    Terminal.close()
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

extension ExitStatus {
  package var title: String { text.title }
  package var explanation: String { text.explanation }

  private var text: (title: String, explanation: String) {
    switch self {
    case .passed: ("passed", "Everything that was expected has been shown; nothing is left broken.")
    case .failed:
      (
        "an expectation was missed",
        "Or, for lint and watch, something was found. The report says what, with the numbers."
      )
    case .noVerdict:
      (
        "no verdict",
        "Nothing can be said for certain: a trial could not be struck or watched, a limit lies inside the "
          + "uncertainty of its measurement, or a run was refused (a stop file, a closed window). It is no pass."
      )
    case .notHealed:
      (
        "a node could not be healed",
        "A node is not what it was before the blow, or only other means made it whole. The report and the "
          + "last lines say which commands mend it; `takeover heal` does what the undo log says."
      )
    case .nothingSelected: ("nothing was selected", "--only matches no plan, trial or tag.")
    case .usage: ("the command line is wrong", "sysexits.h: EX_USAGE. --help leads with examples.")
    case .planInvalid:
      (
        "a plan, site, lab or configuration is invalid",
        "sysexits.h: EX_DATAERR. Every mistake was told with its place; `takeover explain` its code."
      )
    case .notFound: ("a file or a folder is not there", "sysexits.h: EX_NOINPUT.")
    case .bug:
      ("a mistake of Takeover itself", "sysexits.h: EX_SOFTWARE. What was broken is healed first.")
    case .missingPrivilege:
      (
        "something that a run needs is missing",
        "sysexits.h: EX_NOPERM. A right, a program, or the line in a node's /etc/takeover/allow: "
          + "`takeover doctor` says which command gets it."
      )
    case .interrupted:
      (
        "interrupted by Ctrl-C, and healed",
        "128 + SIGINT. The reports are there, for what was done."
      )
    case .terminated:
      (
        "ended by SIGTERM or SIGHUP, and healed",
        "128 + SIGTERM. The reports are there, for what was done."
      )
    }
  }
}
