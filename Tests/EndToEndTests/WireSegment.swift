// A small network of namespaces for the wire's tests: hosts on one bridge, nothing outside.

import CLinux
import Foundation
import Glibc
import Synchronization
import TakeoverModel
import TakeoverWire
import Testing

struct WireSegment {
  let prefix: String
  var fabric: String { prefix + "-fabric" }

  /// Makes a bridge and hosts `a`, `b` and `client` with 10.77.0.1, .2 and .3, and removes all of it
  /// whatever happens. Nothing leaves these namespaces.
  static func with(
    _ body: @escaping (WireSegment) async throws -> Void
  ) async throws {
    let segment = WireSegment(
      prefix: "tkw\(getpid())-\(String(UInt16.random(in: .min ... .max), radix: 36))")
    let names = [segment.fabric] + ["a", "b", "client"].map(segment.host)
    defer { for name in names { try? Self.ip("netns", "del", name) } }
    for name in names { try ip("netns", "add", name) }
    let fabric = segment.fabric
    try ip("-n", fabric, "link", "add", "br0", "type", "bridge")
    try ip("-n", fabric, "link", "set", "br0", "up")
    for (number, host) in ["a", "b", "client"].enumerated() {
      try segment.plug(host, address: "10.77.0.\(number + 1)/24")
    }
    try await body(segment)
  }

  func host(_ name: String) -> String { "\(prefix)-\(name)" }
  func path(_ name: String) -> String { "/run/netns/\(host(name))" }

  /// A link from the host to the bridge: `eth0` there, `port-HOST` here.
  func plug(_ name: String, address: String) throws {
    try Self.ip(
      "-n", fabric, "link", "add", "port-\(name)", "type", "veth", "peer", "name", "eth0",
      "netns", host(name))
    try Self.ip("-n", fabric, "link", "set", "port-\(name)", "master", "br0", "up")
    try Self.ip("-n", host(name), "addr", "add", address, "dev", "eth0")
    try Self.ip("-n", host(name), "link", "set", "eth0", "up")
  }

  func site(addresses: [String], probing: Probing = Probing()) -> Site {
    Site(
      name: "segment", environment: .lab, nodes: [],
      addresses: addresses.compactMap(IPAddress.init).map { VirtualAddress($0, prefix: 24) },
      captures: ["a", "b"].map(port),
      vantages: [vantage], probing: probing)
  }

  func port(_ name: String) -> CapturePoint {
    CapturePoint(
      name: name, interface: "port-\(name)", namespace: "/run/netns/\(fabric)", node: name)
  }

  var vantage: VantagePoint {
    VantagePoint(name: "client", interface: "eth0", namespace: path("client"))
  }

  /// A socket to send made-up frames with, out of a host.
  func sender(in name: String) throws -> PacketSocket {
    try PacketSocket(interface: "eth0", namespace: path(name), filter: .nothing)
  }

  /// A listening TCP socket in a host; the caller closes it.
  func listen(in name: String, port: UInt16) throws -> Int32 {
    let number = unsafe clinux_socket_in_namespace(
      path(name), AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(number >= 0)
    var here = sockaddr_in()
    here.sin_family = sa_family_t(AF_INET)
    here.sin_port = port.bigEndian
    let status = unsafe withUnsafePointer(to: here) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    try #require(Glibc.listen(number, 128) == 0)
    return number
  }

  static func answer(of arguments: String...) throws -> String {
    let (status, output) = try ChildProgram.run("/usr/sbin/ip", arguments)
    guard status == 0 else {
      throw Complaint("ip \(arguments.joined(separator: " ")) failed", remedy: "")
    }
    return String(decoding: output, as: UTF8.self)
  }

  static func ip(_ arguments: String...) throws {
    let status = try ChildProgram.run("/usr/sbin/ip", arguments).status
    guard status == 0 else {
      throw Complaint("ip \(arguments.joined(separator: " ")) failed", remedy: "")
    }
  }
}

/// Keeps observations, for tests.
final class KeptJournal: Journal {
  private let kept = Mutex<[Observation]>([])
  func record(_ observation: Observation) { kept.withLock { $0.append(observation) } }
  func recordDurably(_ observation: Observation) { record(observation) }
  var observations: [Observation] { kept.withLock { $0 } }

  var probes: [Probe] {
    observations.compactMap { if case .probe(let probe) = $0.event { probe } else { nil } }
  }
  var announcements: [AnnouncementSeen] {
    observations.compactMap {
      if case .announcement(let seen) = $0.event { seen } else { nil }
    }
  }
  var states: [CaptureState] {
    observations.compactMap {
      if case .captureState(let state) = $0.event { state } else { nil }
    }
  }
}

/// The real clock with a fixed origin.
struct WallClock: RunClock {
  let origin: Int64 = Realtime.nanoseconds()
  func now() -> Moment { Moment(nanoseconds: Realtime.nanoseconds() - origin) }
  func wait(until moment: Moment) async throws {
    try await Task.sleep(for: moment.since(now()))
  }
}

extension Observer {
  /// Observes while `body` runs, then cancels; returns how long ending took.
  @discardableResult
  func watch(
    _ site: Site, into journal: any Journal, clock: any RunClock = WallClock(),
    while body: () async throws -> Void
  ) async throws -> Duration {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (isReady, ready) = AsyncStream<Void>.makeStream()
      group.addTask {
        defer { ready.finish() }
        try await observe(site, into: journal, clock: clock) { ready.finish() }
      }
      for await _ in isReady {}
      try await body()
      let began = ContinuousClock.now
      group.cancelAll()
      try await group.waitForAll()
      return ContinuousClock.now - began
    }
  }
}
