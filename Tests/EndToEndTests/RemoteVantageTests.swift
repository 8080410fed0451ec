// Captures that the nodes' own tcpdump makes, beside the fabric's: the same takeover, and the same
// numbers within what is said of the nodes' clocks.

import Foundation
import TakeoverModel
import TakeoverPlan
import TakeoverReport
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Vantage points elsewhere` {
  /// The lab's own site with a capture on each node; `here`: and the fabric's ports.
  private func site(_ place: Workplace, here: Bool, probes: Bool = true) throws -> String {
    let text = try String(contentsOfFile: Fabric(lab: place.lab).site, encoding: .utf8)
    var site = try #require(SiteReader().read(text: text, path: "site").0)
    site.captures = (here ? site.captures : []) + Self.captures(on: site)
    if !probes { site.vantages = [] }
    let path = place.folder + "/site.yaml"
    try SiteWriter.text(of: site).write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private static func captures(on site: Site) -> [CapturePoint] {
    site.nodes.map {
      CapturePoint(name: "on-\($0.name)", interface: "eth0", node: $0.name, through: $0.name)
    }
  }

  private func journal(_ place: Workplace) throws -> [Observation] {
    try JournalReader.read(Array(try place.bytes("Reports/latest/journal.jsonl")))
  }

  /// The same run judged by the captures that `keeps` names alone.
  private func judged(
    _ observations: [Observation], keeping keeps: (CapturePoint) -> Bool
  ) throws -> Report {
    guard case .runBegan(var header)? = observations.first?.event else {
      throw Complaint("no header", remedy: "")
    }
    let gone = Set(header.site.captures.filter { !keeps($0) }.map(\.name))
    header.site.captures.removeAll { gone.contains($0.name) }
    var kept = observations.filter { observation in
      let name = observation.source.split(separator: "/").last.map(String.init) ?? ""
      let isCapture = ["wire", "remote"].contains(observation.source.prefix { $0 != "/" })
      return !isCapture || !gone.contains(name)
    }
    kept[0].event = .runBegan(header)
    return try Judge().judge(kept)
  }

  /// The marks by the fabric's exact stamps lie within those by the nodes' own tcpdumps.
  private func compare(_ observations: [Observation]) throws {
    let here = try judged(observations) { $0.through == nil }
    let there = try judged(observations) { $0.through != nil }
    #expect(here.trials.count == there.trials.count && !here.trials.isEmpty)
    for (one, other) in zip(here.trials, there.trials) {
      #expect(one.timeline.doubts == [] && other.timeline.doubts == [])
      #expect(one.timeline.takeover?.to == other.timeline.takeover?.to)
      #expect(one.findings.map(\.outcome) == other.findings.map(\.outcome))
      let (exact, wide) = (one.timeline.marks, other.timeline.marks)
      let pairs =
        [
          ("t1", exact.lastAdvertisement, wide.lastAdvertisement),
          ("t2", exact.firstAdvertisement, wide.firstAdvertisement),
        ] + exact.announcements.map { ("t3", $1, wide.announcements[$0]) }
      for (name, exact, wide) in pairs {
        let (exact, wide) = (try #require(exact), try #require(wide))
        #expect(
          wide.contains(exact.earliest),
          "\(name): \(exact.earliest.since(wide.earliest)) of \(wide.width)")
        #expect(wide.width < .milliseconds(5), "\(name) is known to \(wide.width)")
      }
    }
  }

  @Test func `the nodes' own tcpdumps see the takeover that the fabric sees`() async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let ended = try await place.run(
        "run", "Plans/keepalived/graceful-stop.yaml", "--site", try site(place, here: true))
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      try compare(try journal(place))

      let results = try place.bytes("Reports/latest/results.json")
      let byFrames = try await place.run("judge", "Reports/latest", "--from-captures")
      #expect(byFrames.status == 0)
      #expect(
        byFrames.messages.components(separatedBy: "all as in the journal").count == 4,
        "\(byFrames.messages)")
      #expect(try place.bytes("Reports/latest/results.json") == results)
      for name in ["evidence.pcapng", "evidence-on-a.pcapng", "evidence-on-b.pcapng"] {
        #expect(try place.bytes("Reports/latest/\(name)").count > 1_000)
      }
    }
  }

  @Test func `a coordinator that is not on the segment judges by what the nodes capture`()
    async throws
  {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let path = try site(place, here: false, probes: false)
      let plan = """
        version: 1
        name: far
        trials:
          - name: stop
            fault: stop-service
            target: holder
            hold: 3s
            expect: {takeover-within: 2s, announced-within: 50ms, transitions: 1}
        """
      try plan.write(toFile: place.folder + "/far.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("run", "far.yaml", "--site", path)
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      let doctor = try await place.run("doctor", "--site", path)
      #expect(doctor.output.contains(/tcpdump  +- +ok/), "\(doctor.output)")
    }
  }

  @Test func `nodes whose clocks are off by 7.3 s and by 2 h change no verdict`() async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try await WrongClock(ahead: 7_300_000_000).put(on: "a", in: place)
      try await WrongClock(ahead: -7_200_000_000_000, drift: 200).put(on: "b", in: place)
      let ended = try await place.run(
        "run", "Plans/keepalived/graceful-stop.yaml", "--site", try site(place, here: true))
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      let observations = try journal(place)
      try compare(observations)
      let clocks = try Judge().judge(observations).clocks
      #expect(clocks.map(\.clock) == ["a", "b"])
      for (clock, ahead) in zip(clocks, [7_300_000_000, -7_200_000_000_000] as [Int64]) {
        #expect(clock.means == "bash")
        // b's drifts away from there by 12 ms a minute.
        let error = abs(clock.ahead.middle.nanoseconds - ahead)
        #expect(error < (clock.clock == "b" ? 20_000_000 : 5_000_000), "\(clock.ahead)")
        #expect(clock.ahead.uncertainty < .milliseconds(5), "\(clock.ahead)")
      }
      #expect(ended.output.contains("a's clock: +7."), "\(ended.output)")
      #expect(ended.output.contains("b's clock: -7"), "\(ended.output)")
    }
  }

  /// A third machine of the lab: it has sshd, and a keepalived that is stopped.
  private func withThirdMachine(_ body: (Workplace, Site) async throws -> Void) async throws {
    let edit = { (text: String) in
      text.replacing(
        "clients:", with: "  desk: {address: 172.17.16.30/24, priority: 10}\nclients:")
    }
    try await Workplace.with(lab: edit) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let stopped = try await place.run(
        "lab", "exec", "keepalived-pair", "desk", "--", "systemctl", "stop", "keepalived")
      try #require(stopped.status == 0, "\(stopped.messages)")
      let text = try String(contentsOfFile: Fabric(lab: place.lab).site, encoding: .utf8)
      var site = try #require(SiteReader().read(text: text, path: "site").0)
      let desk = try #require(site.nodes.last)
      site.nodes.removeLast()
      site.machines = [Machine(name: "desk", reach: desk.reach)]
      site.captures.removeAll { $0.node == "desk" }
      try await body(place, site)
    }
  }

  private func run(_ plan: String, at site: Site, in place: Workplace) async throws
    -> Workplace.Ended
  {
    let path = place.folder + "/third.yaml"
    try SiteWriter.text(of: site).write(toFile: path, atomically: true, encoding: .utf8)
    return try await place.run("run", plan, "--site", path)
  }

  @Test(arguments: [0, 7_300_000_000] as [Int64])
  func `a third machine's probes tell the outage that the client's tell`(
    ahead: Int64
  ) async throws {
    try await withThirdMachine { place, original in
      var site = original
      site.vantages.append(VantagePoint(name: "far", interface: "eth0", through: "desk"))
      if ahead != 0 { try await WrongClock(ahead: ahead).put(on: "desk", in: place) }
      let ended = try await run("Plans/keepalived/graceful-stop.yaml", at: site, in: place)
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      let report = try Judge().judge(try journal(place))
      let timeline = try #require(report.trials.first).timeline
      #expect(timeline.doubts == [])
      for method in [Probe.Method.arp, .echo, .connect] {
        // A machine under load skips questions, which is an outage of its own.
        let longest = { (vantage: String) in
          timeline.outages.filter { $0.method == method && $0.vantage == vantage }
            .max { $0.length.atLeast < $1.length.atLeast }
        }
        let (here, there) = (try #require(longest("client")), try #require(longest("far")))
        #expect(there.length.atLeast <= here.length.atMost, "\(method): \(there) \(here)")
        #expect(here.length.atLeast <= there.length.atMost, "\(method): \(there) \(here)")
        #expect(there.length.uncertainty < .milliseconds(60), "\(method): \(there.length)")
      }
      // Both clients' entries follow the announcement, and their intervals are about one event.
      #expect(Set(timeline.repairs.map(\.vantage)) == ["client", "far"])
      #expect(timeline.repairs.allSatisfy { $0.way == .announced }, "\(timeline.repairs)")
      let healed = timeline.repairs.compactMap(\.at)
      #expect(healed.allSatisfy { $0.width < .milliseconds(250) }, "\(healed)")
      #expect(abs((report.clocks.first?.ahead.middle.nanoseconds ?? 0) - ahead) < 5_000_000)
    }
  }

  @Test func `captured and probed by a third machine alone, a crash is found out`() async throws {
    try await withThirdMachine { place, original in
      var site = original
      site.captures = [CapturePoint(name: "lan", interface: "eth0", through: "desk")]
      site.vantages = [VantagePoint(name: "far", interface: "eth0", through: "desk")]
      let ended = try await run("Plans/keepalived/crash.yaml", at: site, in: place)
      #expect(ended.status == 1, "\(ended.messages)\(ended.output)")
      #expect(ended.output.contains("both held 172.17.16.3 for "), "\(ended.output)")
      #expect(ended.output.contains("desk's clock: "), "\(ended.output)")
    }
  }
}
