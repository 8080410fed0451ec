// The healing of clients' caches from end to end: an address that really moves between two kernels, a
// client's real neighbour table, and the verdict of caches-healed.

import Foundation
import Glibc
import TakeoverModel
import TakeoverRemote
import TakeoverReport
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Caches after a takeover` {
  private let vip = IPAddress.v4(0x0a4d_0064)

  private func shell(_ segment: WireSegment, _ host: String, _ line: String) throws {
    try WireSegment.ip("netns", "exec", segment.host(host), "sh", "-c", line)
  }

  /// Whose eyes see the client's table: the coordinator's own, or those of a program on the client.
  private enum Place { case here, elsewhere }

  /// The address moves from a to b; `isTold`: b announces it. `isUsed`: the client goes on sending
  /// to it, so that its kernel notices when nobody is there.
  private func judged(
    isTold: Bool, isUsed: Bool, from place: Place = .here
  ) async throws -> TrialResult {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var result: TrialResult?
    try await WireSegment.with { segment in
      // Half a minute of trust and five seconds of patience are shortened, for the test's sake.
      let knobs = "/proc/sys/net/ipv4/neigh/eth0"
      let shortened =
        "echo 300 >\(knobs)/base_reachable_time_ms; echo 1 >\(knobs)/delay_first_probe_time; "
        + "echo 100 >\(knobs)/retrans_time_ms"
      if isUsed { try shell(segment, "client", shortened) }
      try shell(segment, "a", "ip addr add 10.77.0.100/24 dev eth0")
      var site = segment.site(addresses: ["10.77.0.100"])
      site.probing = Probing(arp: .milliseconds(20), echo: nil)
      let (journal, clock) = (KeptJournal(), WallClock())
      let fault = FaultUse(kind: "none", arguments: Arguments())
      let trial = Trial(
        name: "t", fault: fault, target: .holder, hold: .zero, settle: .zero, recover: .zero,
        expectations: [Expectation(check: "caches-healed", value: .duration(.milliseconds(500)))])
      let which = TrialHeader(plan: 0, trial: 0, repetition: 1)
      let step = Step(node: "a", outcome: .pass)
      func say(_ event: Event) {
        journal.record(Observation(when: Interval(at: clock.now()), source: "run", event: event))
      }
      func move() async throws {
        try await Task.sleep(for: .milliseconds(300))
        say(.trialBegan(which))
        say(.gatePassed(Roles(holder: "a", standby: ["b"])))
        say(.blow(BlowStruck(node: "a", fault: fault, command: "", status: 0)))
        say(.confirmed(step))
        try shell(segment, "a", "ip addr del 10.77.0.100/24 dev eth0")
        try shell(segment, "b", "ip addr add 10.77.0.100/24 dev eth0")
        if isTold { try announce(in: segment) }
        try await Task.sleep(for: .seconds(4))
        for event in [Event.healing(step), .healed(step)] { say(event) }
        say(.restored(Roles(holder: "b", standby: ["a"])))
        say(.trialEnded(which))
      }
      say(
        .runBegan(
          RunHeader(
            run: "r", version: "0", origin: clock.origin, plans: [Plan(name: "p", trials: [trial])],
            site: site)))
      let vantage = segment.vantage
      let clients: [any Observer] =
        switch place {
        case .here: [NeighbourTableObserver(from: vantage), ARPProbe(from: vantage)]
        case .elsewhere: [RemoteProbe(from: vantage, over: LocalTransport())]
        }
      try await watch(
        [WireObserver(capturePath: path)] + clients, site, into: journal, clock: clock
      ) {
        var pinging = site
        pinging.probing.echo = .milliseconds(20)
        try await EchoProbe(from: vantage).watch(pinging, into: KeptJournal(), clock: clock) {
          try await isUsed ? move() : Task.sleep(for: .milliseconds(200))
        }
        if !isUsed { try await move() }
      }
      say(.runEnded(RunEnd(reason: .completed)))
      result = try Judge().judge(journal.observations).trials.first
    }
    return try #require(result)
  }

  /// All of them, while `body` runs.
  private func watch(
    _ observers: [any Observer], _ site: Site, into journal: any Journal, clock: any RunClock,
    while body: () async throws -> Void
  ) async throws {
    guard let first = observers.first else { return try await body() }
    try await first.watch(site, into: journal, clock: clock) {
      try await watch(
        Array(observers.dropFirst()), site, into: journal, clock: clock, while: body)
    }
  }

  private func announce(in segment: WireSegment) throws {
    let sender = try segment.sender(in: "b")
    let mac = try sender.hardwareAddress()
    let packet = ARPPacket(
      operation: 1, senderHardware: mac, sender: vip, targetHardware: .broadcast, target: vip)
    let frame = EthernetFrame(
      destination: .broadcast, source: mac, kind: EthernetFrame.Kind.arp,
      payload: packet.bytes[...])
    #expect(sender.send(frame.bytes) == 0)
  }

  @Test(arguments: [true, false])
  func `an announcement heals at once, whether the client sends or not`(isUsed: Bool) async throws {
    let result = try await judged(isTold: true, isUsed: isUsed)
    let repair = try #require(result.timeline.repairs.first)
    #expect(repair.way == .announced, "\(repair)")
    #expect(repair.length?.atMost ?? .seconds(9) < .milliseconds(100), "\(repair)")
    #expect(result.timeline.doubts == [])
    #expect(result.outcome == .pass, "\(result.findings)")
  }

  @Test func `without one, a client that sends finds out by itself, too late`() async throws {
    let result = try await judged(isTold: false, isUsed: true)
    let repair = try #require(result.timeline.repairs.first)
    #expect(repair.way == .detected, "\(repair)")
    #expect(repair.length?.atLeast ?? .zero > .milliseconds(500), "\(repair)")
    #expect(result.timeline.doubts == [])
    #expect(result.outcome == .fail, "\(result.findings)")
  }

  @Test func `without one, a client that does not send never finds out`() async throws {
    let result = try await judged(isTold: false, isUsed: false)
    let repair = try #require(result.timeline.repairs.first)
    #expect(repair.way == .never, "\(repair)")
    #expect(repair.last == "a")
    #expect(result.timeline.doubts == [])
    #expect(result.outcome == .fail, "\(result.findings)")
  }

  @Test(.enabled(if: Programs.has("perl"), "needs perl"), arguments: [true, false])
  func `a client's table is watched through its own shell, too`(isTold: Bool) async throws {
    let result = try await judged(isTold: isTold, isUsed: false, from: .elsewhere)
    let repair = try #require(result.timeline.repairs.first)
    #expect(repair.way == (isTold ? .announced : .never), "\(repair)")
    if isTold { #expect(repair.length?.atMost ?? .seconds(9) < .milliseconds(100), "\(repair)") }
    #expect(result.timeline.doubts == [])
    #expect(result.outcome == (isTold ? .pass : .fail), "\(result.findings)")
  }
}
