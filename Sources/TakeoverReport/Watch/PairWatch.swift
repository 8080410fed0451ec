// What a pair does, whoever breaks it or nobody: fed with what is seen in the order in which it comes,
// and with the time, because silence shows itself by nothing else. A pure machine.

package import TakeoverModel

package struct PairWatch: Sendable {
  /// What is known of somebody who advertises.
  package struct Speaker: Hashable, Sendable {
    package var last: Interval
    package var interval: Duration
    package var priority: Int
    package var version: Int
    package var addresses: [IPAddress]
    /// IPv4 and IPv6 instances of one node say different things.
    package var isV4: Bool
    package var gaveUp = false

    /// Advertisements after a gap of so many intervals are a new beginning, as in a timeline.
    func goesOn(at when: Interval) -> Bool {
      !gaveUp && when.earliest.since(last.latest) <= interval * Mastership.patience
    }

    /// What every backup waits at most: three intervals and the whole skew (RFC 9568, 6.1).
    package var patience: Duration { interval * 3 + (version == 2 ? .seconds(1) : interval) }
  }

  package struct Change: Hashable, Sendable {
    package var at: Interval
    package var from: String?
    package var to: String
  }

  /// A frame that was under way when the other one was sent means nothing.
  static let transit = Duration.milliseconds(10)
  /// A kernel's list of addresses may lag behind the wire for so long.
  static let kernelLag = Duration.seconds(1)
  /// Where nobody has been heard yet.
  private static let firstPatience = Duration.seconds(4)
  static let claimPatience = Duration.seconds(2)
  private static let kernelPatience = Duration.seconds(3)
  private static let flapWindow = Duration.seconds(60)
  private static let flaps = 3
  private static let mostChanges = 10_000
  /// A flood of invented senders must not fill the memory.
  static let mostSenders = 256

  package let site: Site
  var owners: LiveOwners
  private let began: Moment
  package internal(set) var speakers: [String: Speaker] = [:]
  package private(set) var holder: String?
  package private(set) var holderSince: Interval?
  package private(set) var changes: [Change] = []
  package internal(set) var anomalies: [PairAnomaly] = []
  /// The last claim of somebody who does not hold, by name and address.
  var strayClaims: [String: Interval] = [:]
  var announced: Set<IPAddress> = []
  /// Who announced an address last, and when.
  package internal(set) var announcements: [IPAddress: (by: String, at: Interval)] = [:]
  package internal(set) var answers: [IPAddress: [String: Moment]] = [:]
  /// What each kernel said last, and when.
  var kernels: [String: (has: Set<IPAddress>, at: Moment)] = [:]
  var dropped: [String: Int] = [:]
  private var notices: [PairNotice] = []

  /// `site.nodes` may be empty: then whoever advertises is a member.
  package init(site: Site, from began: Moment = .began) {
    self.site = site
    self.began = began
    owners = LiveOwners(site)
  }

  /// What this observation is worth telling; usually nothing.
  package mutating func take(_ observation: Observation) -> [PairNotice] {
    let when = observation.when
    switch observation.event {
    case .nodeDescribed(let node): owners.learn(node)
    case .advertisement(let seen): take(seen, when)
    case .announcement(let seen) where isOwn(seen.sight) && seen.form != .probe:
      claim(seen.address, by: owners.sender(of: seen.sight), seen.sight, when, seen.form.claimWords)
    case .datagram(let seen) where isOwn(seen.sight):
      claim(seen.address, by: owners.sender(of: seen.sight), seen.sight, when, "sends from")
    case .probe(let probe): take(probe)
    case .addresses(let seen): take(seen, when)
    case .captureBegan(let state), .captureState(let state): take(state, when)
    case .observerDied(let note):
      open(.doubtfulCapture, of: observation.source, when, CleanText.line(note.text), for: nil)
    default: break
    }
    return told()
  }

  /// What the time alone shows.
  package mutating func pass(_ now: Moment) -> [PairNotice] {
    handBack(at: now)
    hearSilence(at: now)
    let recent = changes.reversed().prefix { now.since($0.at.latest) <= Self.flapWindow }
      .filter { $0.from != nil }
    let isFlapping = recent.count >= Self.flaps
    if isFlapping, let last = recent.first {
      open(
        .flapping, of: "", last.at, "\(recent.count) changes of the holder within a minute",
        for: nil)
    } else {
      close(.flapping, of: "", at: Interval(at: now))
    }
    for anomaly in anomalies {
      if let patience = anomaly.patience, now.since(anomaly.lastSeen.latest) > patience {
        close(anomaly.word, of: anomaly.subject, at: anomaly.lastSeen)
      }
    }
    return told()
  }

  /// The addresses in each kernel that has said so lately.
  package func held(at now: Moment) -> [String: Set<IPAddress>] {
    kernels.filter { now.since($0.value.at) <= Self.kernelPatience }.mapValues(\.has)
  }

  /// How often the holder changed, the first one not counted.
  package var flapCount: Int { changes.count { $0.from != nil } }

  /// How long ago the speaker advertised last, where it goes on; nil: it does not advertise.
  package func silence(of name: String, at now: Moment) -> Duration? {
    guard let speaker = speakers[name], !speaker.gaveUp else { return nil }
    let silence = now.since(speaker.last.latest)
    return silence <= speaker.patience ? silence : nil
  }

  private mutating func told() -> [PairNotice] {
    defer { notices = [] }
    return notices
  }

  mutating func tell(_ word: PairNoticeWord, _ when: Interval, _ sentence: String) {
    notices.append(PairNotice(when: when, word: word, sentence: sentence))
  }

  // MARK: Advertisements

  private mutating func take(_ seen: AdvertisementSeen, _ when: Interval) {
    guard isOwn(seen.sight), site.vrid == nil || seen.vrid == site.vrid else { return }
    owners.learn(seen)
    let who = owners.speaker(of: seen)
    guard speakers[who] != nil || makeRoom(at: when.latest) else { return }
    let old = speakers[who]
    judge(seen, of: who, when)
    guard seen.priority > 0 else {
      if old?.gaveUp == false { tell(.gaveUp, when, "\(who) gives up (priority 0)") }
      speakers[who]?.gaveUp = true
      speakers[who]?.last = when
      return
    }
    let interval = Duration.nanoseconds(max(seen.interval, 10_000_000))
    let heir = holder.flatMap { speakers[$0] }
    speakers[who] = Speaker(
      last: when, interval: interval, priority: seen.priority, version: seen.version,
      addresses: seen.addresses, isV4: seen.from.isV4)
    if old?.goesOn(at: when) != true {
      begin(who, when, after: heir)
    } else if let holder, holder != who, let since = holderSince,
      when.earliest.since(since.latest) > Self.transit, speakers[holder]?.goesOn(at: when) == true
    {
      open(
        .twoClaimants, of: [holder, who].sorted().joined(separator: " and "), when,
        "\([holder, who].sorted().joined(separator: " and ")) both advertise",
        for: max(interval, heir?.interval ?? interval) * Mastership.patience)
    }
    close(.silence, of: "", at: when)
    if let old, old.priority != seen.priority, site.node(named: who)?.priority == nil {
      tell(
        .priorityChanged, when,
        "\(who) advertises priority \(seen.priority), \(old.priority) before")
    }
  }

  /// Whether one more can be known; whoever has ended is forgotten first.
  private mutating func makeRoom(at now: Moment) -> Bool {
    guard speakers.count >= Self.mostSenders else { return true }
    speakers = speakers.filter { $0.key == holder || silence(of: $0.key, at: now) != nil }
    return speakers.count < Self.mostSenders
  }

  private mutating func begin(_ who: String, _ when: Interval, after heir: Speaker?) {
    guard holder != who else { return }
    var words = "\(who) holds"
    if let holder, let heir {
      let since = when.since(heir.last)
      words +=
        heir.gaveUp
        ? ": \(since) after \(holder) gave up"
        : ": \(since) after \(holder)'s last advertisement"
    } else if let holder {
      words += " instead of \(holder)"
    }
    change(to: who, when, words + (speakers[who].map { ", priority \($0.priority)" } ?? ""))
  }

  mutating func change(to who: String, _ when: Interval, _ words: String) {
    changes.append(Change(at: when, from: holder, to: who))
    if changes.count > Self.mostChanges { changes.removeFirst() }
    holder = who
    holderSince = when
    announced = []
    strayClaims = [:]
    tell(.holder, when, words)
  }

  /// Both advertised, and the one that came later has ended: the other one is left.
  private mutating func handBack(at now: Moment) {
    guard let holder, let speaker = speakers[holder], !speaker.goesOn(at: Interval(at: now)) else {
      return
    }
    let left = speakers.filter { $0.key != holder && $0.value.goesOn(at: Interval(at: now)) }
      .max { ($0.value.priority, $1.key) < ($1.value.priority, $0.key) }
    guard let left else { return }
    change(
      to: left.key, left.value.last,
      "\(left.key) holds: \(holder) has ended, priority \(left.value.priority)")
  }

  private mutating func hearSilence(at now: Moment) {
    guard site.vrid != nil else { return }
    guard let last = speakers.values.max(by: { $0.last.latest < $1.last.latest }) else {
      if now.since(began) > Self.firstPatience {
        open(
          .silence, of: "", Interval(at: began),
          "no advertisement of virtual router \(site.vrid ?? 0) is seen", for: nil)
      }
      return
    }
    let patience = speakers.values.map(\.patience).max() ?? Self.firstPatience
    guard now.since(last.last.latest) > patience else { return }
    let who = speakers.first { $0.value == last }?.key ?? "?"
    open(
      .silence, of: "", last.last,
      "nobody advertises virtual router \(site.vrid ?? 0); \(who) did last", for: nil)
  }

  // MARK: Anomalies

  mutating func open(
    _ word: PairNoticeWord, of subject: String, _ when: Interval, _ sentence: String,
    for patience: Duration?, lastSeen: Interval? = nil
  ) {
    if let index = anomalies.firstIndex(where: { $0.word == word && $0.subject == subject }) {
      anomalies[index].lastSeen = lastSeen ?? when
      anomalies[index].sentence = sentence
      return
    }
    anomalies.append(
      PairAnomaly(
        word: word, subject: subject, since: when, lastSeen: lastSeen ?? when,
        sentence: sentence, patience: patience))
    tell(word, when, sentence)
  }

  /// `when`: it was seen to be over, or seen last.
  mutating func close(_ word: PairNoticeWord, of subject: String, at when: Interval) {
    guard let index = anomalies.firstIndex(where: { $0.word == word && $0.subject == subject })
    else { return }
    let anomaly = anomalies.remove(at: index)
    let length = max(when.earliest.since(anomaly.since.latest), .zero)
    notices.append(
      PairNotice(
        when: when, word: word, isOver: true,
        sentence: (length > .zero ? "over after \(TimeText.least(length)): " : "over, seen once: ")
          + anomaly.sentence))
  }
}
