// The kinds of things that are worth a line while a pair is watched, for the line and for
// `takeover explain`.

package import TakeoverModel

package enum PairNoticeWord: String, CaseIterable, Hashable, Sendable {
  case holder
  case gaveUp = "gave-up"
  case priorityChanged = "priority-changed"
  case announced
  case twoClaimants = "two-claimants"
  case unknownSpeaker = "unknown-speaker"
  case wrongPriority = "wrong-priority"
  case silence
  case badAdvertisement = "bad-advertisement"
  case otherAddresses = "other-addresses"
  case otherInterval = "other-interval"
  case flapping
  case doubtfulCapture = "doubtful-capture"

  /// Whether a pair that is well never shows it; else it is news.
  package var isAnomaly: Bool {
    switch self {
    case .holder, .gaveUp, .priorityChanged, .announced: false
    default: true
    }
  }

  package var title: String { text.title }

  /// A paragraph for somebody who has just met it.
  package var explanation: String { text.explanation }

  private var text: (title: String, explanation: String) {
    switch self {
    case .holder:
      (
        "another node holds the addresses",
        "A node has begun to advertise, or, where there is no VRRP, to announce an address. The time "
          + "is from the last advertisement of the node that held before: at a crash three intervals "
          + "and the skew of the taker, after a goodbye the skew alone."
      )
    case .gaveUp:
      (
        "a node gives up its role",
        "It has sent an advertisement with priority 0 (RFC 9568, 7.2.1): its daemon was stopped in "
          + "order, or a check failed. The other node takes over after its skew."
      )
    case .priorityChanged:
      (
        "a node advertises another priority than before",
        "A tracked script, interface or process with a weight has failed or come back, or the "
          + "configuration was edited and read again."
      )
    case .announced:
      (
        "a node announces an address",
        "A gratuitous ARP or an unsolicited neighbour advertisement: from then on clients send to this "
          + "node. It is told once for each address and change of the holder."
      )
    case .twoClaimants:
      (
        "two nodes claim one address",
        "Both advertise, or a node that does not hold announces the address, answers for it, sends from "
          + "it, or has it in its kernel. Clients reach now one, now the other. Usual causes: the nodes "
          + "do not hear each other (a firewall, a switch that filters multicast, other authentication), "
          + "or a daemon died without taking its addresses away."
      )
    case .unknownSpeaker:
      (
        "somebody else speaks for this virtual router",
        "Advertisements with the pair's virtual router id come from an address that is no node's of the "
          + "site: another pair in the same segment with the same id, a third node, or a rogue. With a "
          + "higher priority it takes the addresses over."
      )
    case .wrongPriority:
      (
        "a node advertises another priority than the site says",
        "The site's `priority:` is what the node's configuration gives it. Another one means that a "
          + "check with a weight has failed there, or that the configuration was changed."
      )
    case .silence:
      (
        "nobody advertises the virtual router",
        "For longer than any backup waits (three intervals and the skew, RFC 9568, 6.1) no advertisement "
          + "was seen: no node is the master, or the capture does not hear it. Unicast advertisements "
          + "are only seen at the nodes' own ports."
      )
    case .badAdvertisement:
      (
        "an advertisement that its receivers throw away",
        "Its TTL is not 255, its checksum is wrong, or its length does not fit (RFC 9568, 7.1): for the "
          + "backup it was never sent, and after three of them it takes over."
      )
    case .otherAddresses:
      (
        "the nodes advertise different addresses",
        "The members' lists of virtual addresses are not the same: keepalived logs it, and after a "
          + "takeover some addresses are nowhere. takeover lint says which lines differ."
      )
    case .otherInterval:
      (
        "the nodes advertise different intervals",
        "A backup of VRRPv2 throws away what does not have its own interval and becomes the master, too; "
          + "one of VRRPv3 adopts the master's, and its patience changes with the holder."
      )
    case .flapping:
      (
        "the addresses go to and fro",
        "Three changes of the holder or more within a minute: every client loses its connections each "
          + "time. Usual causes: a check at its limit, lost advertisements, preemption without a delay."
      )
    case .doubtfulCapture:
      (
        "frames may have been missed",
        "The kernel dropped frames, an interface went down, or whoever captured has ended. What was not "
          + "seen meanwhile may have happened all the same."
      )
    }
  }
}

/// One line's worth of what a pair did.
package struct PairNotice: Hashable, Sendable {
  package var when: Interval
  package var word: PairNoticeWord
  /// An anomaly that has ended.
  package var isOver: Bool
  /// One sentence, without a full stop.
  package var sentence: String

  package init(
    when: Interval, word: PairNoticeWord, isOver: Bool = false, sentence: String
  ) {
    self.when = when
    self.word = word
    self.isOver = isOver
    self.sentence = sentence
  }
}

/// Something that is not as it should be, for as long as it is seen.
package struct PairAnomaly: Hashable, Sendable {
  package var word: PairNoticeWord
  /// Whom it concerns: anomalies of one word are told apart by it.
  package var subject: String
  package var since: Interval
  package var lastSeen: Interval
  package var sentence: String
  /// Not seen for so long, it is over; nil: only what shows the opposite ends it.
  var patience: Duration?
}
