// The printed instant of a blow against the kernel's own: lab and tests share one kernel, whose
// tracepoint (tracefs, signal:signal_generate) says when each SIGKILL was given.

import Foundation
import Glibc
import TakeoverModel
import TakeoverPlan
import TakeoverWire
import Testing

/// TAKEOVER_BLOWS says how many; a sample without it.
private let count =
  ProcessInfo.processInfo.environment["TAKEOVER_BLOWS"].flatMap(Int.init) ?? 40

@Suite(
  .serialized, .alone, .enabled(if: geteuid() == 0, "needs root"),
  .enabled(if: KernelTrace.isPossible, "needs a kernel with tracefs"))
struct `The instant of a blow` {
  @Test(arguments: [Reach.Client.libssh2, .openssh])
  func `lies inside the printed interval, every time`(client: Reach.Client) async throws {
    let count = client == .libssh2 ? count : count / 4
    try await RemoteGround.standing("e2e-truth", by: client) { ground in
      let trace = try await KernelTrace()
      var blows: [Blow] = []
      do {
        try await ground.open { (node) async throws in
          for number in 0..<count { blows.append(try await strike(number, on: node)) }
        }
      } catch {
        _ = try await trace.ended()
        throw error
      }
      let kills = try await trace.ended()
      var widths: [Int64] = []
      for (number, blow) in blows.enumerated() {
        let acknowledged = try #require(blow.acknowledged)
        let instants = kills[Self.victim(number), default: []]
        #expect(instants.count == 2, "both processes of the group are killed")
        for instant in instants {
          #expect(blow.sent <= instant.latest && instant.earliest <= acknowledged)
        }
        widths.append(acknowledged - blow.sent)
      }
      widths.sort()
      print(
        "\(client): \(count) blows, width p50 \(widths[count / 2]) ns, max \(widths[count - 1]) ns")
    }
  }

  private static func victim(_ number: Int) -> String { "tk\(number)" }

  /// A service of two processes that bear a name of their own is started and killed by the plan's
  /// own fault.
  private func strike(_ number: Int, on node: any Transport) async throws -> Blow {
    let name = Self.victim(number)
    let service = ServiceCommands(
      start: .script(
        """
        ln -sf "$(command -v sleep)" "/tmp/$1"
        setsid -f sh -c 'echo $$ >"/tmp/$1.pid"; "/tmp/$1" 600 & exec "/tmp/$1" 600' sh "$1"
        until [ "$(pgrep -c -x "$1")" = 2 ]; do :; done
        """, [name]),
      stop: Command("pkill", "-x", name), isActive: Command("pgrep", "-x", name),
      mainProcess: Command("cat", "/tmp/\(name).pid"))
    let site = Site(
      name: "truth", environment: .lab,
      nodes: [
        Node(
          name: "a", reach: Reach(host: "a"), interface: "eth0", addresses: [],
          services: ["keepalived": .commands(service)])
      ], addresses: [])
    let fault = try FaultCatalog.faults.fault(
      FaultUse(kind: "kill-process", arguments: Arguments()))
    let procedure = try fault.procedure(on: site.nodes[0], in: site)
    let first = [service.start] + procedure.prepare + procedure.inject.dropLast()
    for command in first {
      let result = try await node.run(command, within: TransportContract.limit)
      #expect(result.succeeded, "\(result.errorText)")
    }
    let armed = try await node.arm(
      try #require(procedure.inject.last), within: TransportContract.limit)
    let blow = try await armed.fire(within: TransportContract.limit)
    // A dying process takes its memory apart first.
    let deadline = ContinuousClock.now + TransportContract.limit
    for command in procedure.confirm {
      while try await !node.run(command, within: TransportContract.limit).succeeded {
        try #require(ContinuousClock.now < deadline, "the blow is not in force")
      }
    }
    _ = try await node.run(
      .script("rm -f \"/tmp/$1\" \"/tmp/$1.pid\"", [name]), within: .seconds(5))
    return blow
  }
}

/// Every SIGKILL that a process of this machine gives, by the victim's name, as the kernel stamps it.
private struct KernelTrace {
  static var isPossible: Bool {
    (try? String(contentsOfFile: "/proc/filesystems", encoding: .utf8))?.contains("tracefs")
      ?? false
  }

  private let program: ChildProgram
  private let began: (least: Int64, most: Int64)

  /// In a mount namespace and a trace instance of its own, which go with it.
  init() async throws {
    let script = """
      set -e
      mount -t tracefs none /mnt
      instance=/mnt/instances/takeover-$$
      mkdir "$instance"
      trap 'kill $reader; wait $reader; echo 0 >"$event/enable"; rmdir "$instance"; exit 0' TERM
      event=$instance/events/signal/signal_generate
      echo mono >"$instance/trace_clock"
      echo 'sig == 9 && code == 0' >"$event/filter"
      cat "$instance/trace_pipe" & reader=$!
      echo 1 >"$event/enable"
      echo ready >&2
      while :; do wait; done
      """
    began = Self.offset()
    program = try ChildProgram("/usr/bin/unshare", ["--mount", "sh", "-c", script])
    while program.isRunning, program.messagesData.isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// CLOCK_REALTIME − CLOCK_MONOTONIC, nanoseconds: between these two.
  private static func offset() -> (least: Int64, most: Int64) {
    let before = Realtime.nanoseconds()
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let mono = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    return (before - mono, Realtime.nanoseconds() - mono)
  }

  /// The instants since 1970, known to the microsecond that the trace prints and to the reading of
  /// the two clocks; neither may have been stepped meanwhile.
  func ended() async throws -> [String: [(earliest: Int64, latest: Int64)]] {
    try await Task.sleep(for: .milliseconds(300))
    let now = Self.offset()
    let (least, most) = (min(began.least, now.least), max(began.most, now.most))
    #expect(most - least < 1_000_000, "a clock was stepped")
    program.signal(SIGTERM)
    _ = try await program.ended()
    var kills: [String: [(earliest: Int64, latest: Int64)]] = [:]
    // sh-123 [000] d..2. 2647.665885: signal_generate: sig=9 errno=0 code=0 comm=tk1 pid=5 …
    for line in String(decoding: program.outputData, as: UTF8.self).split(separator: "\n") {
      let parts = line.components(separatedBy: ": signal_generate: ")
      guard parts.count == 2, let stamp = parts[0].split(separator: " ").last,
        let name = parts[1].split(separator: " ").first(where: { $0.hasPrefix("comm=") })
      else { continue }
      let digits = stamp.split(separator: ".")
      guard digits.count == 2, let seconds = Int64(digits[0]), let micros = Int64(digits[1]) else {
        continue
      }
      let mono = (seconds * 1_000_000 + micros) * 1_000
      kills[String(name.dropFirst(5)), default: []].append(
        (mono - 1_000 + least, mono + 1_000 + most))
    }
    return kills
  }
}
