// Waiting for captures that are made elsewhere, with a clock turned by hand.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `A capture that comes back` {
  /// The capture on a is lost at the beginning and back at `back`; when the waiting for it ended.
  private func waited(until back: Moment?) async throws -> Moment {
    var site = World.site
    site.captures.append(CapturePoint(name: "on-a", interface: "eth0", node: "a", through: "a"))
    func say(_ event: Event) -> Observation {
      Observation(when: Interval(at: .began), source: "remote/on-a", event: event)
    }
    let pair = LivePair(site: site)
    let began = say(.captureBegan(CaptureState(port: "on-a", received: 0, dropped: 0)))
    for observation in [began, say(.observerDied(Note("cut")))] { pair.take(observation) }
    // The machine is reached again before the capture is.
    let silent = say(
      .captureState(
        CaptureState(port: "on-a", received: 1, dropped: 0, trouble: [RemoteWatch.silence])))
    let clock = HandClock { moment in
      pair.take(back.map { moment >= $0 } == true ? began : silent)
    }
    let setting = RunSetting(
      name: "test", version: "0", plans: [], site: site, faults: Catalog([WordFault.self]),
      transports: [:], observers: [], clock: clock)
    let path = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let runner = Runner(
      setting, journal: MemoryJournal(), undo: try UndoLog(path: path), pair: pair)
    await runner.awaitCaptures(within: .seconds(10))
    return clock.now()
  }

  @Test func `is waited for before the next blow, but not for ever`() async throws {
    let back = Moment(nanoseconds: 2_000_000_000)
    #expect(try await waited(until: back) == back)
    #expect(try await waited(until: nil) == Moment(nanoseconds: 10_000_000_000))
  }
}
