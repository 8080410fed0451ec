// Captures in a storm: a foreign one costs nothing and hides nothing, one about the address is
// counted as far as it was lost. TAKEOVER_STORM says for how many seconds; without it they are left
// out, because they take both cores of a small machine.

import Foundation
import Glibc
import TakeoverModel
import TakeoverRun
import TakeoverWire
import Testing

private let seconds = ProcessInfo.processInfo.environment["TAKEOVER_STORM"].flatMap(Int.init)

@Suite(
  .serialized, .alone, .enabled(if: getuid() == 0, "needs root"),
  .enabled(if: seconds != nil, "needs TAKEOVER_STORM=SECONDS"))
struct `Captures in a storm` {
  private let vip = IPAddress.v4(0x0a4d_0064)

  private func announcement(of address: IPAddress, by mac: UInt64) -> [UInt8] {
    let mac = MACAddress(bits: mac)
    let packet = ARPPacket(
      operation: 1, senderHardware: mac, sender: address, targetHardware: .broadcast,
      target: address)
    return EthernetFrame(
      destination: .broadcast, source: mac, kind: EthernetFrame.Kind.arp,
      payload: packet.bytes[...]
    ).bytes
  }

  private struct Captured: Sendable {
    var frames: Int
    var state: PacketCapture.State
    var processor: Duration
  }

  /// Captures at a's port while `body` runs; what it got, and the thread's processor time.
  private func captured(
    _ segment: WireSegment, while body: @escaping @Sendable () async throws -> Void
  ) async throws -> Captured {
    let vip = vip
    return try await withThrowingTaskGroup(of: Captured.self) { group in
      let point = segment.port("a")
      let (isReady, ready) = AsyncStream<Void>.makeStream()
      group.addTask {
        try await OwnThread.run { stop in
          defer { ready.finish() }
          let capture = try PacketCapture([point], filter: .claims(on: [vip]))
          ready.finish()
          var frames = 0
          try capture.run(until: stop, every: 100_000_000) {
            frames += $0.count
          } onTick: {
          }
          var time = timespec()
          unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
          let states = try capture.states()
          let processor = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
          return Captured(frames: frames, state: states[0], processor: .nanoseconds(processor))
        }
      }
      for await _ in isReady {}
      try await body()
      group.cancelAll()
      return try #require(try await group.next())
    }
  }

  @Test
  func `of a foreign storm nothing is captured, and no frame about the address is lost`()
    async throws
  {
    let length = Duration.seconds(try #require(seconds))
    try await WireSegment.with { segment in
      let storm = WireStorm(path: segment.path("a"))
      let foreign = announcement(of: .v4(0x0a4d_0063), by: 0x0200_0000_0063)
      let ours = announcement(of: vip, by: 0x0200_0000_0001)
      let announced = 20 * Int(length.components.seconds)
      let seen = try await captured(segment) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            let (sent, took) = try await storm.blow(foreign, rate: 200_000, for: length)
            print("storm: \(sent) foreign frames in \(took)")
          }
          group.addTask {
            // One thread does not make the whole of it; the bridge sends these out at a's port.
            let other = WireStorm(path: segment.path("b"))
            let (sent, took) = try await other.blow(foreign, rate: 200_000, for: length)
            print("storm: \(sent) more in \(took)")
          }
          group.addTask {
            let sender = try segment.sender(in: "a")
            for _ in 0..<announced {
              #expect(sender.send(ours) == 0)
              try await Task.sleep(for: .milliseconds(45))
            }
          }
          try await group.waitForAll()
        }
      }
      print("storm: \(seen.frames) captured, \(seen.state), processor \(seen.processor)")
      #expect(seen.frames == announced)
      #expect(seen.state.dropped == 0)
      #expect(seen.processor < length / 10)
    }
  }

  @Test
  func `of a storm about the address every frame is captured or counted as lost`() async throws {
    try await WireSegment.with { segment in
      let storm = WireStorm(path: segment.path("a"))
      let ours = announcement(of: vip, by: 0x0200_0000_0001)
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      var place = segment.site(addresses: ["10.77.0.100"])
      place.captures = [segment.port("a")]
      let journal = KeptJournal()
      let counted = CountedFrames()
      // The whole way, file and journal: a capture that only counts keeps up with this.
      try await WireObserver(capturePath: path).watch(place, into: journal) {
        let (sent, took) = try await storm.blow(ours, rate: 1_000_000, for: .seconds(3))
        print("storm: \(sent) frames about the address in \(took)")
        counted.set(sent)
      }
      let state = try #require(journal.states.last)
      print("storm: \(state)")
      #expect(state.dropped > 0)
      #expect(journal.announcements.count == state.received)
      #expect(state.received + state.dropped == counted.value)
    }
  }
}
