// The words that stand in every report, for `takeover explain`.

package enum ReportWord: String, CaseIterable, Hashable, Sendable {
  case pass = "PASS"
  case fail = "FAIL"
  case unknown = "UNKNOWN"
  case skipped = "skip"
  case unreached = "-"
  case t0, t1, t2, t3, t4, t5, t6, t7
  case phase = "phi"
  case masterDown = "M"
  case residual

  package var title: String { text.title }
  package var explanation: String { text.explanation }

  private var text: (title: String, explanation: String) {
    switch self {
    case .pass:
      ("what was expected has been shown", "Also at the far end of the measurement's uncertainty.")
    case .fail:
      (
        "an expectation was missed",
        "Also at the near end of the measurement's uncertainty. Exit status 1."
      )
    case .unknown:
      (
        "no verdict",
        "The limit lies inside the uncertainty, or something casts doubt: lost frames, an observer that "
          + "ended, a blow that is not proven to have been in force. The report says which. Exit status 2."
      )
    case .skipped:
      ("a trial was left out", "A node lacks what its fault needs; the report says what.")
    case .unreached: ("a trial was not begun", "The run ended before it.")
    case .t0:
      (
        "the blow",
        "Between the byte that fired it and its acknowledgement, or the first sign of its effect on the wire "
          + "where that came sooner: ± half of that."
      )
    case .t1:
      ("the old holder's last advertisement before the takeover", "The taker counts from it.")
    case .t2:
      ("the first advertisement of the taker", "t2 − t1 is what VRRP's arithmetic promises.")
    case .t3: ("the taker announces an address", "From there on clients can know.")
    case .t4: ("the old holder's last frame with the address", "After t3 it is one of two holders.")
    case .t5: ("the first good answer to a vantage point after the blow", "By ARP or ping.")
    case .t6:
      ("the first good connection from a vantage point after the blow", "The service itself.")
    case .t7:
      ("the last good answer to a vantage point", "Until when the trial was watched from there.")
    case .phase:
      (
        "φ, the phase of the blow",
        "Which part of the advertisement interval had passed at the blow: a crash just after an "
          + "advertisement is taken over one interval later than one just before it."
      )
    case .masterDown:
      (
        "M, the master-down interval",
        "How long the taker waits for the old holder: three intervals and its skew, (256 − priority)/256 "
          + "of a second in VRRPv2 and of the interval in VRRPv3 (RFC 9568, 6.1); after a goodbye the skew alone."
      )
    case .residual:
      (
        "(t2 − t1) − M",
        "What is left when VRRP's arithmetic is taken away: the daemon's lateness, the machine's pauses, or a "
          + "priority that is not the one you think."
      )
    }
  }
}
