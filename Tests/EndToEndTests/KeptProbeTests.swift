// Held connections and pooled requests against a real server in a namespace: it dies, it stands still,
// its address goes to another. Asked from here, and by the program that asks elsewhere.

import Foundation
import TakeoverModel
import TakeoverRemote
import TakeoverRun
import TakeoverWire
import Testing

@Suite(
  .serialized, .alone, .enabled(if: geteuid() == 0, "needs root"),
  .enabled(if: Programs.has("perl"), "needs perl"))
struct `Kept connections on a segment` {
  private static let vip = "10.77.0.100"

  /// Answers every request with its name, and keeps the connection.
  private static let server = #"""
    use strict; use Socket; my ($name, $port) = @ARGV; $| = 1;
    socket(my $s, AF_INET, SOCK_STREAM, 0); setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1;
    bind $s, pack_sockaddr_in($port, INADDR_ANY) or die; listen $s, 64; print "ready\n";
    my %clients;
    while (1) {
      my $in = ''; vec($in, fileno $_, 1) = 1 for $s, values %clients;
      select $in, undef, undef, undef;
      if (vec $in, fileno $s, 1) { accept my $c, $s or next; $clients{fileno $c} = $c }
      for my $file (grep { vec $in, $_, 1 } keys %clients) {
        if (sysread $clients{$file}, my $asked, 65536) {
          syswrite $clients{$file}, "HTTP/1.1 200 OK\r\nVia: 1.1 $name\r\nContent-Length: 4\r\n\r\nweb1";
        } else { delete $clients{$file} }
      }
    }
    """#

  private func serve(_ segment: WireSegment, on host: String) async throws -> ChildProgram {
    let program = try ChildProgram(
      "/usr/sbin/ip",
      ["netns", "exec", segment.host(host), "/usr/bin/perl", "-e", Self.server, host, "8080"])
    for _ in 0..<400 where program.outputData.isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    try #require(
      !program.outputData.isEmpty,
      "the server does not start: \(String(decoding: program.messagesData, as: UTF8.self))")
    return program
  }

  private func move(_ segment: WireSegment, _ word: String, on host: String) throws {
    try WireSegment.ip("-n", segment.host(host), "addr", word, "\(Self.vip)/32", "dev", "eth0")
  }

  private struct Story {
    var connections: [(when: Interval, seen: ConnectionSeen)] = []
    var requests: [RequestSeen] = []
    /// Where the acts that were told began.
    var marks: [Moment] = []
  }

  enum Place: CaseIterable { case here, elsewhere }

  /// Watches while `acts` are carried out one after the other, with 0.7 s after each.
  private func story(
    _ keeping: Keeping, from place: Place, on segment: WireSegment,
    _ acts: [() async throws -> Void]
  ) async throws -> Story {
    let (journal, clock) = (KeptJournal(), WallClock())
    var story = Story()
    var vantage = segment.vantage
    var probing = Probing(arp: nil, echo: .milliseconds(100), port: 8080)
    probing.held = keeping == .held ? .milliseconds(50) : nil
    probing.requests = keeping == .pooled ? .milliseconds(10) : nil
    let observer: any Observer
    switch (place, keeping) {
    case (.here, .held): observer = HeldProbe(from: vantage, every: .milliseconds(50))
    case (.here, .pooled): observer = PooledProbe(from: vantage, every: .milliseconds(10))
    case (.elsewhere, _):
      vantage.through = "here"
      observer = RemoteProbe(from: vantage, over: LocalTransport())
    }
    let site = segment.site(addresses: [Self.vip], probing: probing)
    try await observer.watch(site, into: journal, clock: clock) {
      try await Task.sleep(for: .milliseconds(400))
      for act in acts {
        story.marks.append(clock.now())
        try await act()
        try await Task.sleep(for: .milliseconds(700))
      }
    }
    for observation in journal.observations {
      switch observation.event {
      case .connection(let seen): story.connections.append((observation.when, seen))
      case .request(let seen): story.requests.append(seen)
      default: break
      }
    }
    return story
  }

  @Test(arguments: Place.allCases)
  func `one connection carries all requests, and the answers tell who gave them`(
    place: Place
  ) async throws {
    try await WireSegment.with { segment in
      try move(segment, "add", on: "a")
      let server = try await serve(segment, on: "a")
      defer { server.signal(SIGKILL) }
      for keeping in Keeping.allCases {
        let story = try await story(keeping, from: place, on: segment, [])
        #expect(story.connections.count == 1)
        #expect(story.requests.count >= 5)
        #expect(story.requests.allSatisfy { $0.isGood && $0.by == "a/web1" && $0.connection == 1 })
        for request in story.requests {
          let until = try #require(request.until)
          // Here the kernel stamps what comes; elsewhere it came between two looks.
          #expect(until.width <= (place == .here ? .zero : .milliseconds(30)))
          #expect(until.latest > request.sent && request.asked.width < .milliseconds(50))
        }
      }
    }
  }

  @Test(arguments: Place.allCases)
  func `a server that dies ends its connections, and a new one is used when it is back`(
    place: Place
  ) async throws {
    try await WireSegment.with { segment in
      try move(segment, "add", on: "a")
      var server = try await serve(segment, on: "a")
      defer { server.signal(SIGKILL) }
      let story = try await story(
        .held, from: place, on: segment,
        [
          { server.signal(SIGKILL) },
          { server = try await serve(segment, on: "a") },
        ])
      let ends = story.connections.filter { $0.seen.end != nil }
      let first = try #require(ends.first)
      #expect([.closed, .reset].contains(first.seen.end) && first.seen.connection == 1)
      #expect(first.when.latest >= story.marks[0] && first.when.width < .milliseconds(150))
      #expect(ends.dropFirst().allSatisfy { $0.seen.end == .refused })
      #expect(ends.count >= 5)
      let last = try #require(story.requests.last)
      #expect(last.isGood && last.connection > 1)
    }
  }

  @Test(arguments: Place.allCases)
  func `a server that stands still leaves its clients waiting, and they see it recover`(
    place: Place
  ) async throws {
    try await WireSegment.with { segment in
      try move(segment, "add", on: "a")
      let server = try await serve(segment, on: "a")
      defer { server.signal(SIGKILL) }
      let story = try await story(
        .held, from: place, on: segment, [{ server.signal(SIGSTOP) }, { server.signal(SIGCONT) }])
      let pending = story.requests.filter { $0.fate == .pending }
      #expect(pending.count >= 1)
      #expect(pending.allSatisfy { $0.isAcknowledged == true })
      let recovered = try #require(
        story.requests.first { $0.fate == .answered && $0.sequence == pending.first?.sequence })
      // Elsewhere it came between two looks, the first of which may have been before.
      let until = try #require(recovered.until)
      #expect(until.latest >= story.marks[1])
      #expect(until.earliest >= story.marks[1] - (place == .here ? .zero : .milliseconds(30)))
      #expect(recovered.connection == 1)
      #expect(story.connections.allSatisfy { $0.seen.end == nil })
    }
  }

  @Test(arguments: Place.allCases)
  func `an address that goes away leaves requests on the way, and its next owner resets them`(
    place: Place
  ) async throws {
    try await WireSegment.with { segment in
      try move(segment, "add", on: "a")
      let (one, other) = (try await serve(segment, on: "a"), try await serve(segment, on: "b"))
      defer { for server in [one, other] { server.signal(SIGKILL) } }
      let story = try await story(
        .held, from: place, on: segment,
        [
          { try move(segment, "del", on: "a") },
          {
            try move(segment, "add", on: "b")
            try WireSegment.ip("-n", segment.host("client"), "neigh", "flush", "all")
            try await Task.sleep(for: .milliseconds(1_500))
          },
        ])
      let pending = story.requests.filter { $0.fate == .pending }
      #expect(!pending.isEmpty && pending.allSatisfy { $0.isAcknowledged == false })
      let end = try #require(story.connections.first { $0.seen.end != nil })
      #expect(end.seen.end == .reset)
      #expect(end.when.earliest >= story.marks[0] && end.when.width < .milliseconds(30))
      #expect(story.requests.contains { $0.fate == .reset && $0.connection == 1 })
      let last = try #require(story.requests.last)
      #expect(last.by == "b/web1")
    }
  }

  @Test(arguments: Place.allCases)
  func `requests of a pool fail while nobody serves, and are sent again where they may`(
    place: Place
  ) async throws {
    try await WireSegment.with { segment in
      try move(segment, "add", on: "a")
      var server = try await serve(segment, on: "a")
      defer { server.signal(SIGKILL) }
      let story = try await story(
        .pooled, from: place, on: segment,
        [{ server.signal(SIGKILL) }, { server = try await serve(segment, on: "a") }])
      #expect(story.requests.count { $0.fate == .refused } >= 20)
      let good = story.requests.filter(\.isGood)
      #expect(good.count >= 60)
      #expect(story.requests.allSatisfy { $0.isGood || $0.fate == .refused || $0.fate == .reset })
    }
  }
}
