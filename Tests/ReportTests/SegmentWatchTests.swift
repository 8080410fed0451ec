// Every virtual router of a segment, the lines that tell of them, and what a watch comes to.

internal import TakeoverModel
internal import TakeoverReport
internal import TestSupport
internal import Testing

@Suite struct `A watched segment` {
  private static let segment = Site(
    name: "eth0", environment: .test, nodes: [], addresses: [],
    captures: [CapturePoint(name: "lan", interface: "eth0")])

  private func see(
    _ segment: inout SegmentWatch, _ seconds: Double, _ event: Event
  ) -> [PairNotice] {
    segment.pass(WatchWorld.at(seconds).latest)
      + segment.take(
        Observation(when: WatchWorld.at(seconds), source: "wire/lan", event: event))
  }

  @Test func `of which nothing is known tells each virtual router by its number`() {
    var segment = SegmentWatch(site: Self.segment)
    var notices: [PairNotice] = []
    for second in 0..<10 {
      let time = Double(second)
      notices += see(&segment, time, WatchWorld.advertisement("a"))
      notices += see(&segment, time + 0.1, WatchWorld.advertisement("b", vrid: 52))
      notices += see(&segment, time + 0.2, WatchWorld.advertisement("b", isV4: false))
    }
    #expect(
      notices.map(\.sentence) == [
        "virtual router 51: 192.0.2.11 holds, priority 100",
        "virtual router 52: 192.0.2.12 holds, priority 100",
        "virtual router 51 (IPv6): fe80::c holds, priority 100",
      ])
    #expect(segment.pairs.map(\.name).count == 3)
    notices = see(&segment, 10.5, WatchWorld.claim("a"))
    #expect(notices.map(\.word) == [.announced], "the addresses are those that are advertised")
  }

  @Test func `that cannot be captured says why before anybody is heard`() {
    var segment = SegmentWatch(site: Self.segment)
    var count = WatchCount()
    #expect(see(&segment, 0, WatchWorld.claim("a")).isEmpty)
    #expect(
      see(&segment, 1, .captureBegan(CaptureState(port: "lan", received: 0, dropped: 0))) == [])
    let notices = see(&segment, 2, .observerDied(Note("wire: cannot find the interface eth0")))
    #expect(notices.map(\.word) == [.doubtfulCapture])
    #expect(notices.first?.sentence.contains("cannot find the interface eth0") == true)
    count.add(notices)
    #expect(count.outcome(of: segment) == .unknown)
    #expect(
      count.lines(of: segment, lasting: .seconds(60))
        == ["UNKNOWN: in 1 min of watching: doubtful-capture 1 ×"])
  }

  @Test func `of a site says which other routers are beside it`() {
    var segment = SegmentWatch(site: WatchWorld.site())
    _ = see(&segment, 0, WatchWorld.advertisement("a"))
    let notices = see(&segment, 1, WatchWorld.advertisement("x", vrid: 7))
    #expect(notices.isEmpty)
    #expect(segment.others.map(\.vrid) == [7])
  }

  @Test func `comes to a pass, a failure or no verdict`() {
    func outcome(_ events: [(Double, Event)]) -> (Outcome, [String]) {
      var segment = SegmentWatch(site: WatchWorld.site())
      var count = WatchCount()
      for (seconds, event) in events { count.add(see(&segment, seconds, event)) }
      return (count.outcome(of: segment), count.lines(of: segment, lasting: .seconds(60)))
    }
    let well = outcome((0..<60).map { (Double($0), WatchWorld.advertisement("a")) })
    #expect(well.0 == .pass)
    #expect(
      well.1 == ["pair: a held last, 0 changes of the holder", "PASS: well in 1 min of watching"])
    let missed = outcome([
      (0, WatchWorld.advertisement("a")),
      (1, .captureState(CaptureState(port: "lan", received: 1, dropped: 1))),
    ])
    #expect(missed.0 == .unknown)
    let silent = outcome([(9, .note(Note("nothing")))])
    #expect(silent.0 == .fail)
    #expect(silent.1.last == "FAIL: in 1 min of watching: silence 1 ×")
    #expect(WatchCount().outcome(of: SegmentWatch(site: Self.segment)) == .unknown)
  }

  @Test func `is told in lines that begin with the world's time`() {
    let line = NoticeLine(origin: WatchWorld.origin)
    let notice = PairNotice(
      when: WatchWorld.at(1.5), word: .twoClaimants, sentence: "a and b\u{1B}[2J both advertise")
    #expect(
      line.line(notice)
        == "2026-11-22T17:53:34.500000000Z ± 0 ns  ! two-claimants      a and b both advertise")
    let over = PairNotice(
      when: Interval(WatchWorld.at(1).latest, WatchWorld.at(1.001).latest), word: .silence,
      isOver: true, sentence: "over")
    #expect(
      line.line(over)
        == "2026-11-22T17:53:34.000500000Z ± 500 µs  . silence            over")
    let news = PairNotice(when: WatchWorld.at(0), word: .holder, sentence: "a holds")
    #expect(
      line.line(news) == "2026-11-22T17:53:33.000000000Z ± 0 ns    holder             a holds")
    let before = NoticeLine(origin: -1).line(news)
    #expect(before.hasPrefix("1969-12-31T23:59:59.999999999Z"))
    #expect(NoticeLine(origin: 0, colour: true).line(notice).hasPrefix("\u{1B}[33m"))
  }

  /// Whatever is seen, in whatever order: nothing traps, and every panel fits.
  @Test func `fits its terminal whatever is seen`() {
    var chance = SplitMix(state: Fuzz.seed)
    let names = ["a", "b", "x", "ö"]
    for site in [WatchWorld.site(), Self.segment, WatchWorld.site { $0.vrid = nil }] {
      var segment = SegmentWatch(site: site)
      var time = 0.0
      for _ in 0..<2_000 {
        time += Double.random(in: -0.5...2, using: &chance)
        let who = names.randomElement(using: &chance) ?? "a"
        let event: Event =
          switch Int.random(in: 0..<6, using: &chance) {
          case 0:
            WatchWorld.claim(
              who, AnnouncementSeen.Form.allCases.randomElement(using: &chance) ?? .answer)
          case 1: WatchWorld.datagram(who)
          case 2: .addresses(AddressesHeld(node: who, addresses: [WatchWorld.virtual]))
          case 3:
            .captureState(
              CaptureState(port: who, received: 1, dropped: Int.random(in: 0...3, using: &chance)))
          default:
            WatchWorld.advertisement(
              who, priority: Int.random(in: 0...255, using: &chance),
              interval: Double.random(in: 0...3, using: &chance),
              vrid: Int.random(in: 51...53, using: &chance),
              isV4: Bool.random(using: &chance))
          }
        _ = see(&segment, time, event)
        let (columns, rows) = (
          Int.random(in: 1...200, using: &chance), Int.random(in: 1...50, using: &chance)
        )
        let lines = WatchPanel().lines(
          of: segment, from: .began, at: WatchWorld.at(time).latest, columns: columns, rows: rows)
        #expect(lines.isEmpty || lines.count < rows)
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) < columns })
      }
    }
  }
}
