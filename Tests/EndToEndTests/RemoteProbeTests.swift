// The program that asks from another machine, on real kernels in namespaces, and the programs that
// read a clock; both run by this machine's own shell.

import Foundation
import TakeoverModel
import TakeoverRemote
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Asking from another machine` {
  private func site(_ segment: WireSegment, _ addresses: String...) -> Site {
    var site = segment.site(
      addresses: addresses, probing: Probing(connect: .milliseconds(20), port: 8080))
    site.vantages = [
      VantagePoint(
        name: "far", interface: "eth0", namespace: segment.path("client"), through: "here")
    ]
    return site
  }

  private func probes(_ site: Site) async throws -> [Probe] {
    let journal = KeptJournal()
    try await RemoteProbe(from: site.vantages[0], over: LocalTransport()).watch(site, into: journal)
    {
      try await Task.sleep(for: .milliseconds(1_700))
    }
    return journal.probes
  }

  @Test(.enabled(if: Programs.has("perl"), "needs perl"))
  func `both holders answer, IPv4 and IPv6, and the asker's own tables stay as they are`()
    async throws
  {
    try await WireSegment.with { segment in
      let (four, six) = ("10.77.0.100", "fd00:77::64")
      for host in ["a", "b"] {
        try WireSegment.ip("-n", segment.host(host), "addr", "add", "\(four)/24", "dev", "eth0")
        try WireSegment.ip(
          "-n", segment.host(host), "addr", "add", "\(six)/64", "dev", "eth0", "nodad")
      }
      try WireSegment.ip(
        "-n", segment.host("client"), "addr", "add", "fd00:77::3/64", "dev", "eth0", "nodad")
      var quiet = site(segment, four, six)
      (quiet.probing.echo, quiet.probing.connect) = (nil, nil)
      for address in [four, six] {
        try WireSegment.ip(
          "-n", segment.host("client"), "neigh", "replace", address, "lladdr", "02:00:00:00:0b:ad",
          "dev", "eth0", "nud", "stale")
      }
      let both = Set(try ["a", "b"].map { try segment.sender(in: $0).hardwareAddress() })
      let asked = try await probes(quiet)
      for method in [Probe.Method.arp, .neighbour] {
        let own = asked.filter { $0.method == method }
        #expect(own.count >= 15, "\(method): \(own.count)")
        let whole = own.count { Set($0.answers.compactMap(\.mac)) == both && $0.isGood }
        #expect(whole * 10 >= own.count * 9, "\(method): \(whole) of \(own.count)")
        #expect(own.allSatisfy { $0.asked.width < .milliseconds(20) })
      }
      let tables = try WireSegment.answer(of: "-n", segment.host("client"), "neigh", "show")
      #expect(tables.components(separatedBy: "0b:ad").count == 3, "\(tables)")
    }
  }

  @Test(.enabled(if: Programs.has("perl"), "needs perl"))
  func `pings are answered, connections accepted, refused, or not possible`() async throws {
    try await WireSegment.with { segment in
      let (four, six) = ("10.77.0.1", "fd00:77::1")
      try WireSegment.ip(
        "-n", segment.host("a"), "addr", "add", "\(six)/64", "dev", "eth0", "nodad")
      try WireSegment.ip(
        "-n", segment.host("client"), "addr", "add", "fd00:77::3/64", "dev", "eth0", "nodad")
      let listening = try segment.listen(in: "a", port: 8080)
      defer { close(listening) }
      let asked = try await probes(site(segment, four, six, "192.0.2.1"))
      let seen = { (method: Probe.Method, address: String) in
        asked.filter { $0.method == method && $0.address == IPAddress(address) }
      }
      #expect(seen(.echo, four).count { $0.isGood } >= 50)
      #expect(seen(.echo, six).count { $0.isGood } >= 50)
      #expect(seen(.connect, four).count { $0.isGood } >= 25)
      #expect(seen(.connect, six).count { $0.trouble == "refused" } >= 25)
      let nowhere = seen(.echo, "192.0.2.1") + seen(.connect, "192.0.2.1")
      #expect(!nowhere.isEmpty && nowhere.allSatisfy { !$0.isGood && $0.answers.isEmpty })
    }
  }

  @Test(.enabled(if: Programs.has("perl"), "needs perl"))
  func `what becomes of the asker's neighbour entries is told, and when`() async throws {
    try await WireSegment.with { segment in
      var site = site(segment, "10.77.0.100", "fd00:77::64")
      (site.probing.echo, site.probing.connect) = (nil, nil)
      let (journal, clock) = (KeptJournal(), WallClock())
      let mac = try segment.sender(in: "a").hardwareAddress()
      var changed: [Interval] = []
      func change(_ words: String...) async throws {
        let before = clock.now()
        let line = "ip neigh " + words.joined(separator: " ") + " dev eth0"
        try WireSegment.ip("netns", "exec", segment.host("client"), "sh", "-c", line)
        changed.append(Interval(before, clock.now()))
        try await Task.sleep(for: .milliseconds(50))
      }
      try await RemoteProbe(from: site.vantages[0], over: LocalTransport()).watch(
        site, into: journal, clock: clock
      ) {
        // Somebody else's entry is none of ours.
        try await change("replace", "10.77.0.9", "lladdr \(mac) nud stale")
        changed = []
        try await change("replace", "10.77.0.100", "lladdr \(mac) nud stale")
        try await change("replace", "fd00:77::64", "lladdr \(mac) nud permanent")
        try await change("del", "10.77.0.100")
        try await Task.sleep(for: .milliseconds(500))
      }
      let seen = journal.observations.compactMap { observation -> (Interval, NeighbourEntry)? in
        guard case .neighbour(let entry) = observation.event else { return nil }
        #expect(observation.source == "far/neighbour-table")
        // On its way out the kernel calls an entry failed.
        return entry.state == .failed ? nil : (observation.when, entry)
      }
      #expect(
        seen.map(\.1.state) == [.none, .none, .stale, .permanent, .none], "\(seen)")
      #expect(seen.map(\.1.mac) == [nil, nil, mac, mac, nil], "\(seen)")
      for ((when, entry), change) in zip(seen.dropFirst(2), changed) {
        #expect(when.earliest <= change.latest && change.earliest <= when.latest, "\(entry)")
        #expect(when.width < .milliseconds(60), "\(entry): \(when.width)")
      }
    }
  }

  @Test(.enabled(if: Programs.has("perl"), "needs perl"))
  func `an interface that is not there is refused with its name`() async throws {
    try await WireSegment.with { segment in
      var site = site(segment, "10.77.0.1")
      site.vantages[0].interface = "eth9"
      let error = await #expect(throws: Complaint.self) { try await probes(site) }
      #expect(
        error?.problem.contains("there is no interface eth9") == true)
    }
  }

  @Test(arguments: NodeClock.means.indices)
  func `every program that reads a clock reads this one's`(index: Int) async throws {
    let means = NodeClock.means[index]
    guard Programs.has(means.name) else { return }
    let (transport, clock) = (LocalTransport(), WallClock())
    try await transport.open(within: .seconds(5))
    let node = NodeClock(transport: transport, clock: clock, means: means)
    let samples = try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await node.keepServing() }
      var samples: [ClockBracket.Sample] = []
      for _ in 0..<10 {
        try await Task.sleep(for: .milliseconds(50))
        samples.append(try #require(await node.read()))
      }
      group.cancelAll()
      return samples
    }
    await transport.close()
    try await Task.sleep(for: .milliseconds(500))
    for sample in samples {
      // It was read between sending and receiving, by the very clock of the axis.
      #expect(sample.sent.nanoseconds + clock.origin <= sample.node + sample.resolution)
      #expect(sample.node <= sample.received.nanoseconds + clock.origin)
    }
    let best = try #require(samples.map(\.width).min())
    print("clock read by \(means.name): within \(best)")
    #expect(best < .milliseconds(50))
    #expect(!FileManager.default.fileExists(atPath: node.folder))
  }
}

enum Programs {
  static func has(_ name: String) -> Bool {
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + name)
    }
  }
}
