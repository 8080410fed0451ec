// A lab's fabric seen from the tests: tcpdump in it, keys of it, stamps of what tcpdump wrote.

import Foundation
import Testing

struct Fabric {
  let lab: String
  private var folder: String { "/run/takeover/labs/\(lab)" }
  var site: String { folder + "/site.yaml" }
  var knownHosts: String { folder + "/keys/known_hosts" }

  /// The lab image's tcpdump, in the fabric's network but with node a's files.
  func tcpdump(interface: String, to path: String) async throws -> Running {
    let status = try String(contentsOfFile: "\(folder)/machines/a/pid", encoding: .utf8)
    let pid = status.trimmingCharacters(in: .whitespacesAndNewlines)
    let words = [
      "--mount=/proc/\(pid)/ns/mnt", "--net=\(folder)/fabric", "tcpdump", "-U", "-w", "-",
      "--time-stamp-precision=nano", "-i", interface, "arp",
    ]
    let quoted = (["nsenter"] + words).map { "'\($0)'" }.joined(separator: " ")
    let running = try Running("/bin/sh", ["-c", "exec \(quoted) > '\(path)'"], in: "/")
    // Only what tcpdump sees counts: it must listen before anything happens.
    let deadline = ContinuousClock().now + .seconds(10)
    while !running.messages.contains("listening on"), ContinuousClock().now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(running.messages.contains("listening on"), "\(running.messages)")
    return running
  }

  /// The same hosts, each with the key of the other.
  func swappingKeys(of known: String) -> String {
    let lines = known.split(separator: "\n").map { $0.split(separator: " ") }
    let keys = lines.map { $0.dropFirst() }
    return zip(lines, keys.reversed()).map { line, key in
      ([line[0]] + key).joined(separator: " ")
    }.joined(separator: "\n") + "\n"
  }
}

/// The time stamps of a pcap file with nanoseconds (magic a1b23c4d), since 1970.
struct PcapStamps {
  let all: Set<Int64>

  init(path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let word = { (at: Int) in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
    }
    try #require(bytes.count >= 24)
    try #require(word(0) == 0xa1b2_3c4d, "not a nanosecond pcap file")
    var stamps: Set<Int64> = []
    var at = 24
    while at + 16 <= bytes.count {
      stamps.insert(Int64(word(at)) * 1_000_000_000 + Int64(word(at + 4)))
      at += 16 + Int(word(at + 8))
    }
    all = stamps
  }
}
