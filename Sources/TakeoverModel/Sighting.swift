// What the wire and the probes show.

/// Where and how a frame was seen; its instant is the observation's (the kernel's stamp, exact).
package struct FrameSight: Hashable, Sendable, Codable {
  /// The capture point's name.
  package var port: String
  /// The frame's number in the point's capture file, from 1.
  package var frame: Int
  /// True when the bridge sent it out of this port; false when it came in from the port's node.
  package var outgoing: Bool
  package var source: MACAddress
  package var destination: MACAddress
  /// Nanoseconds since 1970 by the clock of the machine that made the capture, where that is not the
  /// coordinator's; nil: it is, or the journal is from before this was written.
  package var stamp: Int64?

  package init(
    port: String, frame: Int, outgoing: Bool, source: MACAddress, destination: MACAddress,
    stamp: Int64? = nil
  ) {
    self.stamp = stamp
    self.port = port
    self.frame = frame
    self.outgoing = outgoing
    self.source = source
    self.destination = destination
  }
}

/// A VRRP advertisement (RFC 3768, RFC 9568). Priority 0: the sender gives up its role.
package struct AdvertisementSeen: Hashable, Sendable, Codable {
  package var sight: FrameSight
  package var version: Int
  package var vrid: Int
  package var priority: Int
  /// The advertised interval, nanoseconds.
  package var interval: Int64
  package var from: IPAddress
  package var to: IPAddress
  package var addresses: [IPAddress]
  /// What a receiver would reject it for (TTL, checksum, length); empty when nothing.
  package var defects: [String]

  package init(
    sight: FrameSight, version: Int, vrid: Int, priority: Int, interval: Int64, from: IPAddress,
    to: IPAddress, addresses: [IPAddress], defects: [String] = []
  ) {
    self.sight = sight
    self.version = version
    self.vrid = vrid
    self.priority = priority
    self.interval = interval
    self.from = from
    self.to = to
    self.addresses = addresses
    self.defects = defects
  }
}

/// An ARP frame or a neighbour message that claims a virtual address (an announcement, RFC 5227 and
/// RFC 4861 7.2.6, or an answer to a question), or asks for one.
package struct AnnouncementSeen: Hashable, Sendable, Codable {
  package enum Form: String, Hashable, Sendable, Codable, CaseIterable {
    /// SPA = TPA, or an unsolicited neighbour advertisement: tells everybody.
    case announcement
    /// An answer to somebody's question.
    case answer
    /// SPA = the address, TPA another: the holder asks for somebody, and claims by doing so.
    case question
    /// A solicitation from nobody: whoever sends it is about to take the address and asks whether
    /// somebody has it (duplicate address detection, RFC 4862 5.4). It claims nothing yet.
    case probe
  }
  package var sight: FrameSight
  package var form: Form
  package var address: IPAddress
  /// The hardware address claimed in the payload (ARP: SHA; neighbour messages: the link-layer
  /// option, or the frame's source without one).
  package var claimant: MACAddress
  /// Whether it replaces what a neighbour knows (the O flag, RFC 4861 4.4); nil: ARP, or no
  /// neighbour advertisement.
  package var overrides: Bool?

  package init(
    sight: FrameSight, form: Form, address: IPAddress, claimant: MACAddress,
    overrides: Bool? = nil
  ) {
    self.sight = sight
    self.form = form
    self.address = address
    self.claimant = claimant
    self.overrides = overrides
  }
}

/// Any other frame whose source is a virtual address: somebody is answering with it.
package struct DatagramSeen: Hashable, Sendable, Codable {
  package var sight: FrameSight
  package var address: IPAddress
  /// IANA protocol number: 1 ICMP, 6 TCP, 58 ICMPv6.
  package var protocolNumber: Int

  package init(sight: FrameSight, address: IPAddress, protocolNumber: Int) {
    self.sight = sight
    self.address = address
    self.protocolNumber = protocolNumber
  }
}

/// The health of a capture: what it got, and what it lost (PACKET_STATISTICS, packet(7)), both since
/// it began. Trouble is what came since the last state.
package struct CaptureState: Hashable, Sendable, Codable {
  package var port: String
  package var received: Int
  package var dropped: Int
  /// Anything that makes the capture doubtful: interface down, truncated frames. Usually empty.
  package var trouble: [String]
  /// How often each trouble came since the last state; nil: it was not counted.
  package var counts: [String: Int]?

  package init(
    port: String, received: Int, dropped: Int, trouble: [String] = [],
    counts: [String: Int]? = nil
  ) {
    self.port = port
    self.received = received
    self.dropped = dropped
    self.trouble = trouble
    self.counts = counts
  }
}

/// One question asked on an open schedule, and every answer it got. Recorded when the answer is in
/// or the wait is over; the observation's interval is [sent, last answer or end of the wait].
package struct Probe: Hashable, Sendable, Codable {
  package enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    case arp, neighbour, echo, connect

    /// Whether it asks everybody who has the address, so that silence means nobody and two
    /// answers mean two.
    package var isWitness: Bool { self == .arp || self == .neighbour }
  }

  package struct Answer: Hashable, Sendable, Codable {
    package var at: Moment
    /// Who answered, when the method can tell.
    package var mac: MACAddress?

    package init(at: Moment, mac: MACAddress?) {
      self.at = at
      self.mac = mac
    }
  }

  package var vantage: String
  package var method: Method
  package var address: IPAddress
  package var sequence: Int
  /// Not before it. Of an answer, not after it: together they hold what is between them.
  package var sent: Moment
  /// By how much later it may have been sent, nanoseconds: how well the asking machine's clock is
  /// known. nil: it was sent then.
  package var slack: Int64?
  /// The schedule's period, nanoseconds.
  package var period: Int64
  /// Empty: nobody answered before the wait was over.
  package var answers: [Answer]
  /// Why it is not a good answer: `refused`, `unreachable`, `not sent: …`; empty when there is none.
  package var trouble: String

  package init(
    vantage: String, method: Method, address: IPAddress, sequence: Int, sent: Moment,
    slack: Int64? = nil, period: Int64, answers: [Answer], trouble: String = ""
  ) {
    self.vantage = vantage
    self.method = method
    self.address = address
    self.sequence = sequence
    self.sent = sent
    self.slack = slack
    self.period = period
    self.answers = answers
    self.trouble = trouble
  }

  /// When the question was sent.
  package var asked: Interval { Interval(sent, sent + .nanoseconds(max(slack ?? 0, 0))) }

  package var isGood: Bool { !answers.isEmpty && trouble.isEmpty }
}
