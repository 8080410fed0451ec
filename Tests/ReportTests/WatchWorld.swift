// A watched pair for tests: what is seen is said by hand, and so is the time.

internal import TakeoverModel
internal import TakeoverReport

struct WatchWorld {
  static let virtual = IPAddress.v4(0xC000_0264)  // 192.0.2.100
  static let origin: Int64 = 1_795_370_013_000_000_000

  /// One shared segment; a has 192.0.2.11 and b 192.0.2.12.
  static func site(_ change: (inout Site) -> Void = { _ in }) -> Site {
    var site = Site(
      name: "pair", environment: .test,
      nodes: ["a", "b"].enumerated().map { index, name in
        Node(
          name: name, reach: Reach(host: name), interface: "eth0",
          addresses: [.v4(0xC000_020B + UInt32(index))], services: [:])
      },
      addresses: [VirtualAddress(virtual, prefix: 24)], vrid: 51,
      captures: [CapturePoint(name: "lan", interface: "eth0")])
    change(&site)
    return site
  }

  static func at(_ seconds: Double) -> Interval {
    Interval(at: Moment(nanoseconds: Int64((seconds * 1e9).rounded())))
  }

  static func mac(_ who: String) -> MACAddress {
    MACAddress(bits: 0x0200_0000_0000 + UInt64(who.utf8.first ?? 0))
  }

  private static func sight(_ who: String) -> FrameSight {
    FrameSight(
      port: "lan", frame: 1, outgoing: false, source: mac(who), destination: .broadcast)
  }

  var watch: PairWatch
  private(set) var notices: [PairNotice] = []

  init(_ site: Site = WatchWorld.site()) { watch = PairWatch(site: site) }

  mutating func see(_ seconds: Double, _ event: Event) {
    notices += watch.pass(Self.at(seconds).latest)
    notices += watch.take(Observation(when: Self.at(seconds), source: "wire/lan", event: event))
  }

  mutating func pass(_ seconds: Double) { notices += watch.pass(Self.at(seconds).latest) }

  static func advertisement(
    _ who: String, priority: Int = 100, interval: Double = 1,
    addresses: [IPAddress] = [virtual], vrid: Int = 51, defects: [String] = [], isV4: Bool = true
  ) -> Event {
    let last = UInt32(["a": 11, "b": 12][who] ?? 99)
    return .advertisement(
      AdvertisementSeen(
        sight: sight(who), version: isV4 ? 2 : 3, vrid: vrid, priority: priority,
        interval: Int64(interval * 1e9),
        from: isV4 ? .v4(0xC000_0200 + last) : .v6(high: 0xFE80 << 48, low: UInt64(last)),
        to: .v4(0xE000_0012), addresses: addresses, defects: defects))
  }

  mutating func advertise(_ who: String, _ seconds: Double, priority: Int = 100) {
    see(seconds, Self.advertisement(who, priority: priority))
  }

  /// Once a second, from `first` through `last`.
  mutating func advertise(_ who: String, from first: Double, through last: Double) {
    for seconds in stride(from: first, through: last, by: 1) { advertise(who, seconds) }
  }

  static func claim(_ who: String, _ form: AnnouncementSeen.Form = .announcement) -> Event {
    .announcement(
      AnnouncementSeen(sight: sight(who), form: form, address: virtual, claimant: mac(who)))
  }

  static func datagram(_ who: String) -> Event {
    .datagram(DatagramSeen(sight: sight(who), address: virtual, protocolNumber: 6))
  }

  var words: [PairNoticeWord] { notices.map(\.word) }

  func sentences(_ word: PairNoticeWord) -> [String] {
    notices.filter { $0.word == word }.map(\.sentence)
  }
}
