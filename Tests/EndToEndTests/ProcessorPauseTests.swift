// A pause of a processor, made by a process that lets nobody else run there, not even the watch.

import Foundation
import Synchronization
import TakeoverModel
import TakeoverRun
import Testing

@testable import TakeoverWire

@Suite(.alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A pause of a processor` {
  private final class Heard: Journal {
    private let all = Mutex<[Observation]>([])
    func record(_ observation: Observation) { all.withLock { $0.append(observation) } }
    func recordDurably(_ observation: Observation) { record(observation) }
    var observations: [Observation] { all.withLock { $0 } }

    func pauses(of processor: Int) -> [Interval] {
      observations.compactMap {
        $0.event == .processorPause(ProcessorPause(processor: processor)) ? $0.when : nil
      }
    }

    func isWatched(_ processor: Int) -> Bool {
      observations.contains {
        $0.event == .processorWatched(ProcessorWatched(processor: processor))
      }
    }
  }

  @Test func `is seen whole by the watch, and nothing is left of that`() async throws {
    let processors = try ProcessorWatch.processors()
    let chosen = try #require(processors.last)
    let heard = Heard()
    let clock = SystemClock()
    let watch = Task {
      try await ProcessorPauses().observe(Self.site, into: heard, clock: clock, ready: {})
    }
    while !processors.allSatisfy(heard.isWatched) { try await Task.sleep(for: .milliseconds(5)) }
    let times = try await Self.hog(chosen)
    let spun = Interval(
      Moment(nanoseconds: times[0] * 1000 - clock.origin),
      Moment(nanoseconds: times[1] * 1000 - clock.origin))
    try await Task.sleep(for: .milliseconds(50))
    watch.cancel()
    _ = await watch.result
    let pauses = heard.pauses(of: chosen)
    // It may have woken once more in the hog's first half of a millisecond at most.
    #expect(
      pauses.contains {
        $0.earliest <= spun.earliest + .milliseconds(1) && $0.latest >= spun.latest
      }, "\(spun) \(pauses)")
    let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
    for thread in threads {
      // The fields 40 and 41 of stat are the real-time priority and the policy; 1 is SCHED_FIFO.
      let stat = (try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8))
      let fields = stat?.split(separator: ")").last?.split(separator: " ") ?? []
      #expect(fields.count < 40 || fields[38] != "1", "thread \(thread) still goes first")
    }
  }

  /// What comes while the watch tells of a pause, and does not stand, is part of the next one.
  @Test func `that begins while the one before is told is seen as well`() async throws {
    let chosen = try #require(try ProcessorWatch.processors().last)
    let told = Mutex<[(began: Int64, ended: Int64)]>([])
    let (standing, stands) = AsyncStream.makeStream(of: Void.self)
    let watch = Task {
      try await OwnThread.run { stop in
        let watch = try ProcessorWatch(on: chosen)
        stands.finish()
        try watch.run(until: stop) { began, ended in
          let isFirst = told.withLock { all in
            all.append((began, ended))
            return all.count == 1
          }
          if isFirst { usleep(5_000) }
        }
      }
    }
    for await _ in standing {}
    _ = try await Self.hog(chosen)
    while told.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(5)) }
    watch.cancel()
    _ = await watch.result
    let (first, second) = told.withLock { ($0[0], $0[1]) }
    // Both are set back from another look at the wall's clock, which may have been slewed meanwhile.
    #expect(abs(second.began - first.ended) < 100_000, "\(first) \(second)")
    #expect(second.ended - second.began >= 5_000_000, "\(first) \(second)")
  }

  /// Keeps a processor from everybody, the watch as well, for some ten milliseconds.
  /// - Returns: when it began and ended, in microseconds since 1970.
  private static func hog(_ processor: Int) async throws -> [Int64] {
    let hog = try ChildProgram(
      "/usr/bin/env",
      [
        "taskset", "-c", "\(processor)", "chrt", "-f", "95", "bash", "-c",
        "from=${EPOCHREALTIME/./}; for ((i = 0; i < 20000; i++)); do :; done; "
          + "echo \"$from ${EPOCHREALTIME/./}\"",
      ])
    #expect(try await hog.ended() == 0)
    let times = String(decoding: hog.outputData, as: UTF8.self).split { !$0.isNumber }
      .compactMap { Int64($0) }
    try #require(times.count == 2)
    return times
  }

  private static let site = Site(name: "here", environment: .lab, nodes: [], addresses: [])
}
