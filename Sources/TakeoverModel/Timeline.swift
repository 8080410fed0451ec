// What a trial's observations amount to: marks, claims, outages. Computed by the report room,
// judged by checks.

/// Everything known about one trial, on one axis.
package struct TrialTimeline: Hashable, Sendable {
  package var header: TrialHeader
  package var trial: Trial
  /// The site's virtual addresses, in its order.
  package var addresses: [IPAddress]
  /// What the pair's configuration promises, for each node that may have been the holder.
  package var forecasts: [Forecast]
  package var rolesBefore: Roles?
  /// The nodes that were hit.
  package var targets: [String]
  /// Those of them whose ports in the switch went down with it: nothing was sent there to be seen.
  package var portsCut: [String] = []
  /// From the trial's beginning to its end, or to the end of what is known of it.
  package var span: Window?
  /// What is judged: from the earliest instant of the blow to the end. nil: there was no blow.
  package var window: Window?
  package var marks: Marks
  /// Who held the addresses when the blow fell.
  package var holderBefore: String?
  /// The first change of the holder after the blow, which the marks describe.
  package var takeover: Transition?
  /// Changes of the holder since the blow, in order, as the wire shows them.
  package var transitions: [Transition]
  /// Who claimed which address, from when to when, by any evidence.
  package var claims: [Claim]
  /// Two nodes' claims on one address at one time, within the window.
  package var overlaps: [Overlap]
  /// The time in the window in which nobody held an address; only where ARP probes asked for it.
  package var unowned: [Absence]
  package var outages: [Outage]
  /// How each client's neighbour entry came to lead to the new holder; only where it was watched.
  package var repairs: [CacheRepair]
  /// What the plan's commands told, by their names, in the order of time: from the last before the
  /// blow on.
  package var told: [String: [WatchResult]]
  /// Which questions were asked within the window.
  package var probed: [Probed]
  /// How the pair behaved beside moving its addresses.
  package var conduct: Conduct
  /// What the daemons said of themselves, before the blow and at the end; empty: nobody asked.
  package var daemonReadings: [DaemonReading] = []
  package var refusedAdvertisements: [RefusedAdvertisements] = []
  /// Whether the blow was shown to be in force.
  /// VRRP's arithmetic beside what was measured; nil where the wire did not show both sides.
  package var election: Election?
  package var blowConfirmed: Outcome
  /// When the healing began.
  package var healing: Interval?
  /// Whether the healing was shown.
  package var healingConfirmed: Outcome
  package var holderAfter: String?
  /// What went wrong with the healing or with the return to redundancy, in words.
  package var aftermath: [String]
  /// What a node lacks for the fault; nil: it was not left out.
  package var skipped: String?
  /// Why the evidence is not whole (a dead observer, lost frames). Not empty: nothing passes.
  package var doubts: [String]

  package init(header: TrialHeader, trial: Trial) {
    self.header = header
    self.trial = trial
    addresses = []
    forecasts = []
    rolesBefore = nil
    targets = []
    span = nil
    window = nil
    marks = Marks()
    holderBefore = nil
    takeover = nil
    transitions = []
    claims = []
    overlaps = []
    unowned = []
    outages = []
    repairs = []
    told = [:]
    probed = []
    conduct = Conduct()
    blowConfirmed = .unknown
    healing = nil
    healingConfirmed = .unknown
    holderAfter = nil
    aftermath = []
    doubts = []
  }
}

/// What a command told that the plan has run again and again.
package struct WatchResult: Hashable, Sendable {
  /// From asking to hearing.
  package var when: Interval
  package var seen: CommandSeen

  package init(when: Interval, seen: CommandSeen) {
    self.when = when
    self.seen = seen
  }
}

/// A stretch of the axis, both ends included.
package struct Window: Hashable, Sendable {
  package let from: Moment
  package let to: Moment

  /// `to` is moved up to `from` when it lies before it.
  package init(from: Moment, to: Moment) {
    self.from = from
    self.to = max(from, to)
  }

  package var length: Duration { to.since(from) }
  package func contains(_ moment: Moment) -> Bool { from <= moment && moment <= to }
}

/// The marks of a takeover (FIELD: t0…t7); nil where it was not seen.
package struct Marks: Hashable, Sendable {
  /// t0: the fault is in force.
  package var blow: Interval?
  /// t1: the last advertisement of the old holder before the new one's first.
  package var lastAdvertisement: Interval?
  /// Those of the old holder's advertisements of which the blow may have been the next thing to come, in
  /// their order: one, or as many as were sent while it fell.
  package var lastBeforeBlow: [Interval] = []
  /// t2: the first advertisement of the new holder.
  package var firstAdvertisement: Interval?
  /// t3: the new holder's first announcement, per address.
  package var announcements: [IPAddress: Interval]
  /// t4: the last frame from the old holder that used a virtual address.
  package var lastFrameOfOld: Interval?
  /// t5: the first good answer after the takeover, per vantage point and method (`client/echo`);
  /// with several addresses that of the last of them.
  package var firstAnswers: [String: Interval]
  /// t6: the first good answer of the application (a TCP connection), per vantage point.
  package var firstService: [String: Interval]
  /// t7: the last good answer in the window, per vantage point and method; with several addresses
  /// that of the first of them to fall silent.
  package var lastAnswers: [String: Interval]

  /// The stamps of t1, t2 and t3 where one and the same clock that is not the coordinator's may have
  /// made them.
  package var lastAdvertisementStamp: ClockStamp?
  package var firstAdvertisementStamp: ClockStamp?
  package var announcementStamps: [IPAddress: ClockStamp]

  package init() {
    announcements = [:]
    announcementStamps = [:]
    firstAnswers = [:]
    firstService = [:]
    lastAnswers = [:]
  }
}

extension Marks {
  /// t2 − t1: detection and election.
  package var detection: Elapsed? {
    guard let t1 = lastAdvertisement, let t2 = firstAdvertisement else { return nil }
    return between((t1, lastAdvertisementStamp), (t2, firstAdvertisementStamp))
  }

  /// t3 − t2 of one address.
  package func announcing(_ address: IPAddress) -> Elapsed? {
    guard let t2 = firstAdvertisement, let t3 = announcements[address] else { return nil }
    return between((t2, firstAdvertisementStamp), (t3, announcementStamps[address]))
  }

  private func between(
    _ one: (when: Interval, stamp: ClockStamp?), _ other: (when: Interval, stamp: ClockStamp?)
  ) -> Elapsed {
    let placed = other.when.since(one.when)
    guard let from = one.stamp, let to = other.stamp else { return placed }
    return to.since(from, within: placed)
  }
}

package struct Transition: Hashable, Sendable {
  package var from: String?
  package var to: String
  package var at: Interval

  package init(from: String?, to: String, at: Interval) {
    self.from = from
    self.to = to
    self.at = at
  }
}

/// A node's hold on an address: it began within `from` and ended within `until` (nil: not seen to).
package struct Claim: Hashable, Sendable {
  package var address: IPAddress
  /// The node's name, or the MAC address of a stranger.
  package var node: String
  package var from: Interval
  package var until: Interval?

  package init(address: IPAddress, node: String, from: Interval, until: Interval?) {
    self.address = address
    self.node = node
    self.from = from
    self.until = until
  }
}

/// Two nodes held one address at one time, for this long altogether.
package struct Overlap: Hashable, Sendable {
  package var address: IPAddress
  /// Two names, sorted.
  package var nodes: [String]
  package var length: Elapsed

  package init(address: IPAddress, nodes: [String], length: Elapsed) {
    self.address = address
    self.nodes = nodes
    self.length = length
  }
}

/// Nobody held an address, for this long altogether, and for this long at a stretch.
package struct Absence: Hashable, Sendable {
  package var address: IPAddress
  package var length: Elapsed
  package var longest: Elapsed

  package init(address: IPAddress, length: Elapsed, longest: Elapsed) {
    self.address = address
    self.length = length
    self.longest = longest
  }
}

/// A stretch in which a vantage point got no good answer.
package struct Outage: Hashable, Sendable {
  package var vantage: String
  package var method: Probe.Method
  package var address: IPAddress
  /// The last good answer before; when there was none, the first question.
  package var from: Interval
  /// The first good answer after; nil: it was not seen to end.
  package var until: Interval?
  package var length: Elapsed

  package init(
    vantage: String, method: Probe.Method, address: IPAddress, from: Interval, until: Interval?,
    length: Elapsed
  ) {
    self.vantage = vantage
    self.method = method
    self.address = address
    self.from = from
    self.until = until
    self.length = length
  }
}

/// One question's schedule within the window, and how it fared.
package struct Probed: Hashable, Sendable {
  package var vantage: String
  package var method: Probe.Method
  package var address: IPAddress
  package var period: Duration
  package var asked: Int
  package var good: Int

  package init(
    vantage: String, method: Probe.Method, address: IPAddress, period: Duration, asked: Int,
    good: Int
  ) {
    self.vantage = vantage
    self.method = method
    self.address = address
    self.period = period
    self.asked = asked
    self.good = good
  }
}
