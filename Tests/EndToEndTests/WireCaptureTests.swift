// Captures against real kernels in namespaces: stamps, loss, and what the file holds.

import Foundation
import Glibc
import TakeoverModel
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: getuid() == 0, "needs root"))
struct `Captures on a segment` {
  private let vip = IPAddress.v4(0x0a4d_0064)
  private let mac = MACAddress(bits: 0x0200_0000_0001)

  private func announcement() -> [UInt8] {
    let packet = ARPPacket(
      operation: 1, senderHardware: mac, sender: vip, targetHardware: .broadcast, target: vip)
    return EthernetFrame(
      destination: .broadcast, source: mac, kind: EthernetFrame.Kind.arp,
      payload: packet.bytes[...]
    ).bytes
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
  }

  @Test
  func `an announcement is seen coming in at one port and going out at another`() async throws {
    try await WireSegment.with { segment in
      let path = temporaryPath()
      defer { try? FileManager.default.removeItem(atPath: path) }
      let journal = KeptJournal()
      let sender = try segment.sender(in: "a")
      let ending = try await WireObserver(capturePath: path).watch(
        segment.site(addresses: ["10.77.0.100"]), into: journal
      ) {
        for _ in 0..<5 { #expect(sender.send(announcement()) == 0) }
        try await Task.sleep(for: .milliseconds(1200))
      }
      #expect(
        ending < .seconds(5), "what must not happen is that it hangs; the machine may be busy")
      let seen = journal.announcements
      #expect(seen.filter { $0.sight.port == "a" && !$0.sight.outgoing }.count == 5)
      #expect(seen.filter { $0.sight.port == "b" && $0.sight.outgoing }.count == 5)
      #expect(seen.allSatisfy { $0.form == .announcement && $0.claimant == mac })
      #expect(Set(seen.map(\.sight.frame)) == Set(1...10))
      let last = Dictionary(journal.states.map { ($0.port, $0) }) { $1 }
      #expect(last["a"] == CaptureState(port: "a", received: 5, dropped: 0))
      #expect(last["b"] == CaptureState(port: "b", received: 5, dropped: 0))
      #expect(journal.states.count >= 4)
    }
  }

  @Test
  func `two captures of one port see the same nanosecond`() async throws {
    try await WireSegment.with { segment in
      let point = segment.port("a")
      let sockets = try (0..<2).map { _ in
        try PacketSocket(
          interface: point.interface, namespace: point.namespace, filter: .claims(on: [vip]))
      }
      let sender = try segment.sender(in: "a")
      try await stampsBegin(at: sockets[0], sender)
      _ = try sockets[1].receiveAll()
      for _ in 0..<50 { #expect(sender.send(announcement()) == 0) }
      try await Task.sleep(for: .milliseconds(50))
      let stamps = try sockets.map { try $0.receiveAll().map(\.stamp) }
      #expect(stamps[0].count == 50)
      #expect(stamps[0] == stamps[1])
    }
  }

  /// The kernel begins to stamp arrivals a moment after the machine's first socket has asked for it, when
  /// one of its workers had its turn (net/core/dev.c, net_enable_timestamp). What comes before is
  /// stamped when it is read, by each reader for himself.
  private func stampsBegin(
    at socket: PacketSocket, _ sender: PacketSocket
  ) async throws {
    while true {
      #expect(sender.send(announcement()) == 0)
      var sent = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &sent)
      try await Task.sleep(for: .milliseconds(2))
      let last = try socket.receiveAll().last?.stamp
      if let last, last <= Int64(sent.tv_sec) * 1_000_000_000 + Int64(sent.tv_nsec) { return }
    }
  }

  @Test(.enabled(if: tcpdump != nil, "needs tcpdump"))
  func `stamps are tcpdump's to the nanosecond`() async throws {
    let tcpdump = try #require(tcpdump)
    try await WireSegment.with { segment in
      let paths = (temporaryPath(), temporaryPath())
      defer {
        try? FileManager.default.removeItem(atPath: paths.0)
        try? FileManager.default.removeItem(atPath: paths.1)
      }
      let dump = try ChildProgram(
        "/usr/sbin/ip",
        [
          "netns", "exec", segment.fabric, tcpdump, "-i", "port-a", "--time-stamp-precision=nano",
          "--immediate-mode", "-U", "-Z", "root", "-w", paths.1, "arp",
        ])
      defer { dump.signal(SIGKILL) }
      let isListening = { dump.messagesData.range(of: Data("listening".utf8)) != nil }
      while dump.isRunning, !isListening() {
        try await Task.sleep(for: .milliseconds(5))
      }
      let sender = try segment.sender(in: "a")
      var site = segment.site(addresses: ["10.77.0.100"])
      site.captures = [segment.port("a")]
      try await WireObserver(capturePath: paths.0).watch(site, into: KeptJournal()) {
        for _ in 0..<20 { #expect(sender.send(announcement()) == 0) }
        try await Task.sleep(for: .milliseconds(300))
      }
      dump.signal(SIGINT)
      _ = try await dump.ended()
      let ours = try stamps(in: paths.0, reader: tcpdump)
      let theirs = try stamps(in: paths.1, reader: tcpdump)
      #expect(ours.count == 20)
      #expect(ours == theirs)
    }
  }

  private func stamps(in path: String, reader: String) throws -> [String] {
    let words = ["-r", path, "--time-stamp-precision=nano", "-tt", "-n", "arp"]
    let text = String(decoding: try ChildProgram.run(reader, words).output, as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      line.contains("10.77.0.100") ? line.split(separator: " ").first.map(String.init) : nil
    }
  }

  @Test
  func `frames that found no room are counted as dropped`() async throws {
    try await WireSegment.with { segment in
      let capture = try PacketCapture(
        [segment.port("a")], filter: .claims(on: [vip]), receiveBuffer: 8_192)
      let sender = try segment.sender(in: "a")
      for _ in 0..<500 { #expect(sender.send(announcement()) == 0) }
      try await Task.sleep(for: .milliseconds(50))
      let state = try #require(try capture.states().first)
      #expect(state.dropped > 0)
      #expect(state.received + state.dropped == 500)
    }
  }

  @Test
  func `a port that is removed and made anew is captured again`() async throws {
    try await WireSegment.with { segment in
      let path = temporaryPath()
      defer { try? FileManager.default.removeItem(atPath: path) }
      let journal = KeptJournal()
      try await WireObserver(capturePath: path).watch(
        segment.site(addresses: ["10.77.0.100"]), into: journal
      ) {
        try WireSegment.ip("-n", segment.fabric, "link", "del", "port-a")
        try await Task.sleep(for: .milliseconds(300))
        try segment.plug("a", address: "10.77.0.1/24")
        try await Task.sleep(for: .milliseconds(300))
        #expect(try segment.sender(in: "a").send(announcement()) == 0)
        try await Task.sleep(for: .milliseconds(100))
      }
      let trouble = Set(journal.states.filter { $0.port == "a" }.flatMap(\.trouble))
      #expect(trouble.isSuperset(of: ["interface gone", "interface made anew"]))
      #expect(journal.states.filter { $0.port == "b" }.allSatisfy { $0.trouble.isEmpty })
      #expect(journal.announcements.contains { $0.sight.port == "a" })
    }
  }
}

/// Where tcpdump is; nil when this machine has none.
private let tcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}
