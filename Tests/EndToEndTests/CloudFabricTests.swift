// A lab whose switch is a cloud subnet, as `takeover lab up` builds it from Plans/labs/havip-pair.yaml:
// real keepalived, real forwarding, the control plane, and nothing left of it.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A cloud subnet in the lab` {
  private static let name = "keepalived-pair"

  /// Plans/labs/havip-pair.yaml under the workplace's own name.
  private static func havipPair(_ text: String) -> String {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.path() + "Plans/labs/havip-pair.yaml"
    let own = text.split(separator: "\n").first { $0.hasPrefix("lab: ") } ?? ""
    let pair = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return pair.replacing("lab: havip-pair", with: own)
  }

  private static func inLab(
    _ change: @escaping (String) -> String = { $0 },
    _ body: (Workplace) async throws -> Void
  ) async throws {
    try await Workplace.with(lab: { change(havipPair($0)) }) { place in
      // The image may have to be made first; what counts is the lab.
      _ = try await place.run("lab", "image", name)
      let start = ContinuousClock.now
      let up = try await place.run("lab", "up", name)
      let elapsed = ContinuousClock.now - start
      try #require(up.status == 0, "\(up.messages)")
      #expect(elapsed < .seconds(15))
      #expect(up.output.contains("endpoint   https://192.168.77.1/"), "\(up.output)")
      try await body(place)
      let down = try await place.run("lab", "down", name)
      #expect(down.status == 0, "\(down.messages)")
      #expect(try left(of: place) == "")
    }
  }

  private static func left(of place: Workplace) throws -> String {
    let script = """
      ls -d "/run/takeover/labs/$1" 2>/dev/null
      find /sys/fs/cgroup -name "takeover-$1" 2>/dev/null
      for file in $(grep -lF "takeover-$1/" /proc/[0-9]*/cgroup 2>/dev/null); do
        # The dead wait for the host's first process.
        grep -q '^State:.Z' "${file%/*}/status" || tr '\\0' ' ' <"${file%/*}/cmdline"
      done 2>/dev/null
      :
      """
    return String(
      decoding: try ChildProgram.run("/bin/sh", ["-c", script, "sh", place.lab]).output,
      as: UTF8.self)
  }

  // MARK: Decisions

  private struct Decided: Decodable {
    var at: Int64
    var event: String
    var node: String
    var address: String
    var reason: String
  }

  private static func decisions(of place: Workplace) throws -> [Decided] {
    let path = "/run/takeover/labs/\(place.lab)/fabric.jsonl"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Decided.self, from: Data($0.utf8))
    }
  }

  /// Waits for a decision, half a minute at most.
  private static func decision(
    in place: Workplace, _ wanted: (Decided) -> Bool
  ) async throws -> Decided? {
    for _ in 0..<600 {
      if let found = try decisions(of: place).last(where: wanted) { return found }
      try await Task.sleep(for: .milliseconds(50))
    }
    return nil
  }

  private static func inside(
    _ place: Workplace, _ node: String, _ words: String...
  ) async throws -> Workplace.Ended {
    try await place.start(["lab", "exec", name, node, "--"] + words).wait()
  }

  @Test func `the address goes where it was announced, the lag later`() async throws {
    try await Self.inLab { place in
      let first = try #require(try await Self.decision(in: place) { $0.event == "bound" })
      #expect(first.address == "172.17.16.3")
      let other = first.node == "a" ? "b" : "a"
      let asks = ["ping", "-n", "-c", "1", "-W", "1", "172.17.16.3"]
      let reached = try await place.start(["lab", "exec", Self.name, other, "--"] + asks).wait()
      #expect(reached.status == 0, "\(reached.output)\(reached.messages)")
      let stopped = try await Self.inside(place, first.node, "systemctl", "stop", "keepalived")
      #expect(stopped.status == 0, "\(stopped.messages)")
      let second = try #require(
        try await Self.decision(in: place) { $0.event == "bound" && $0.node == other })
      let believed = try #require(
        try Self.decisions(of: place).last { $0.event == "believed" && $0.node == other })
      let lag = second.at - believed.at
      #expect((500_000_000...550_000_000).contains(lag), "\(lag) ns")
      let again = try await place.start(["lab", "exec", Self.name, first.node, "--"] + asks).wait()
      #expect(again.status == 0, "\(again.output)\(again.messages)")
    }
  }

  @Test func `what is spoofed is refused, and reaches nobody`() async throws {
    try await Self.inLab { place in
      _ = try #require(try await Self.decision(in: place) { $0.event == "bound" })
      let script = """
        ip address add 172.17.16.20/32 dev eth0
        arping -q -U -c 2 -w 3 -I eth0 172.17.16.20
        ping -q -n -c 1 -W 1 -I 172.17.16.20 172.17.16.7
        """
      let spoofed = try await Self.inside(place, "b", "sh", "-c", script)
      #expect(spoofed.status != 0, "a packet from another's address was answered")
      let refused = try #require(
        try await Self.decision(in: place) { $0.event == "refused" && $0.node == "b" })
      #expect(refused.reason == "anti-spoofing: it is client's own address")
      // The owner's own packets pass.
      let known = try await Self.inside(place, "a", "ip", "-4", "neighbour", "show", "172.17.16.20")
      #expect(!known.output.contains("REACHABLE"), "\(known.output)")
    }
  }

  @Test func `the control plane answers the nodes, also by TLS`() async throws {
    try await Self.inLab { place in
      let script = """
        exec 3<>/dev/tcp/192.168.77.1/80
        printf 'POST / HTTP/1.1\\r\\nHost: 192.168.77.1\\r\\nConnection: close\\r\\n' >&3
        printf 'Content-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n{}' >&3
        timeout 5 cat <&3
        """
      let answer = try await Self.inside(place, "a", "bash", "-c", script)
      #expect(answer.output.contains("\"Code\":\"MissingParameter\""), "\(answer.output)")
      #expect(answer.output.contains("\"RequestId\":\""), "\(answer.output)")
      let tls = try await Self.inside(
        place, "a", "sh", "-c", "openssl s_client -connect 192.168.77.1:443 </dev/null")
      #expect(tls.output.contains("CN = lab \(place.lab)"), "\(tls.output)")
    }
  }

  @Test func `a lab whose subnet's process died is built anew`() async throws {
    try await Self.inLab { place in
      let path = "/run/takeover/labs/\(place.lab)/fabric.pid"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let process = try #require(Int32(text.split(separator: "\n").first ?? ""))
      #expect(kill(process, SIGKILL) == 0)
      var status = try await place.run("lab", "status", Self.name)
      for _ in 0..<50 where status.status == 0 {
        try await Task.sleep(for: .milliseconds(20))
        status = try await place.run("lab", "status", Self.name)
      }
      #expect(status.status == 2, "\(status.output)")
      let up = try await place.run("lab", "up", Self.name)
      #expect(up.messages.contains("building lab"), "\(up.messages)")
      #expect(try await place.run("lab", "status", Self.name).status == 0)
    }
  }

  @Test func `what a killed lab up left is replaced, and a killed run's lab goes with it`()
    async throws
  {
    try await Self.inLab { place in
      _ = try await place.run("lab", "down", Self.name)
      for milliseconds in [100, 200, 300] {
        let up = try place.start(["lab", "up", Self.name])
        #expect(try await up.says("building lab"), "\(up.messages)")
        try await Task.sleep(for: .milliseconds(milliseconds))
        up.signal(SIGKILL)
        _ = try await up.wait()
        let next = try await place.run("lab", "up", Self.name)
        #expect(next.status == 0, "\(next.messages)")
        _ = try await place.run("lab", "down", Self.name)
      }
      let run = try place.start([
        "run", "Plans/keepalived/crash.yaml", "--site", "Plans/labs/\(Self.name).yaml",
      ])
      #expect(try await run.says("building lab"), "\(run.messages)")
      try await Task.sleep(for: .milliseconds(1_000))
      run.signal(SIGKILL)
      _ = try await run.wait()
      for _ in 0..<100 where try !Self.left(of: place).isEmpty {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try Self.left(of: place).isEmpty)
    }
  }

  @Test func `a node's own files and its sysctl are in force`() async throws {
    let change = { (text: String) in
      text.replacing("priority: 80}", with: "priority: 80, files: own}")
    }
    try await Workplace.with(lab: { change(Self.havipPair($0)) }) { place in
      let own = place.folder + "/Plans/labs/own/etc"
      let files = FileManager.default
      try files.createDirectory(atPath: own + "/sysctl.d", withIntermediateDirectories: true)
      try "net.ipv4.ip_nonlocal_bind = 1\n".write(
        toFile: own + "/sysctl.d/lab.conf", atomically: false, encoding: .utf8)
      try "hello\n".write(toFile: own + "/greeting", atomically: false, encoding: .utf8)
      let up = try await place.run("lab", "up", Self.name)
      try #require(up.status == 0, "\(up.messages)")
      let seen = try await Self.inside(
        place, "b", "cat", "/etc/greeting", "/proc/sys/net/ipv4/ip_nonlocal_bind")
      #expect(seen.output == "hello\n1\n", "\(seen.messages)")
      let others = try await Self.inside(place, "a", "cat", "/proc/sys/net/ipv4/ip_nonlocal_bind")
      #expect(others.output == "0\n")
    }
  }
}
