// What a node, or a file beside it, may say to the way there: anything. Nothing traps, nothing grows
// without bound, and what is right among it is still found.

import Foundation
import TakeoverModel
import TestSupport
import Testing

@testable import TakeoverRemote

@Suite struct `A hostile node` {
  private static let marker: [UInt8] = [1] + Array("0123abc.7:".utf8)

  /// What MarkedStream finds, by looking at everything at once.
  private static func whole(_ bytes: [UInt8]) -> (kept: [UInt8], status: Int?) {
    for start in bytes.indices where bytes[start...].starts(with: marker) {
      let rest = bytes[(start + marker.count)...].prefix(25)
      if let end = rest.firstIndex(of: 10) {
        return (Array(bytes[..<start]), Int(String(decoding: rest[..<end], as: UTF8.self)) ?? -1)
      }
    }
    return (bytes, nil)
  }

  @Test func `imitated markers, in any pieces, are output; the real one is found`() {
    var random = SplitMix(state: 9)
    let pieces: [[UInt8]] = [
      Self.marker, Array(Self.marker.dropLast()), [1], [1, 1], [10], [0], [0xFF, 0xC3, 0x28],
      Array("0\n".utf8), Array("-1\n".utf8), Array("7".utf8), Array("+9x\n".utf8),
      Array(Self.marker.dropFirst()), [UInt8](repeating: 57, count: 30), Array("text ".utf8),
    ]
    var found = 0
    for _ in 0..<5_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        bytes += pieces.randomElement(using: &random) ?? []
      }
      var stream = MarkedStream(marker: Self.marker, cap: 10_000)
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...min(9, rest.count), using: &random)
        stream.feed(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      let expected = Self.whole(bytes)
      #expect(stream.status == expected.status, "\(bytes)")
      if expected.status != nil {
        found += 1
        #expect(stream.kept == expected.kept, "\(bytes)")
      } else {
        // What may still become a marker is held back: the real one's length and its digits.
        #expect(bytes.starts(with: stream.kept))
        #expect(bytes.count - stream.kept.count <= Self.marker.count + 25)
      }
    }
    #expect(found > 500)
  }

  @Test func `a marker without end is not waited for, and ten megabytes cost what is kept`() {
    var stream = MarkedStream(marker: Self.marker, cap: 1 << 20)
    stream.feed(Self.marker)
    for _ in 0..<160 { stream.feed([UInt8](repeating: 120, count: 1 << 16)) }
    #expect(stream.status == nil)
    #expect(stream.truncated)
    #expect(stream.kept.count == 1 << 20)
    stream.feed(Self.marker + Array("3\n".utf8))
    #expect(stream.status == 3)
  }

  // MARK: known_hosts

  private static let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICBX70ASd4DkoE00GnoS5kj7ohyugn64gZyFQBr96Kkz"
  /// `ssh-keygen -H` of the line for 192.0.2.1 and of one for another host.
  private static let lines = [
    "192.0.2.7 \(key)", "[192.0.2.1]:2222,h.example \(key) a comment", "@revoked * \(key)",
    "@cert-authority *.example \(key)", "# nothing", "",
    "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= \(key)",
    "|1||= \(key)", "|1|x|y \(key)", "h \(key.dropLast(20))", "h ssh-ed25519", "h 1024 35 123456",
    String(repeating: "x", count: 400) + " \(key)",
  ]

  @Test func `broken lines in known_hosts neither harm nor hide the good one`() throws {
    let path = NSTemporaryDirectory() + "takeover-known-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let hosts = KnownHosts(reach: Reach(host: "192.0.2.1", knownHosts: path))
    var random = SplitMix(state: 11)
    for number in 0..<1_500 {
      var bytes = Array(
        (0..<6).map { _ in Self.lines.randomElement(using: &random) ?? "" }
          .joined(separator: "\n").utf8)
      for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(place + 9, bytes.count))
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(300), at: place)
        default:
          bytes.insert(
            contentsOf: [[0], [0xFF, 0xFE], [124, 49, 124], [44]].randomElement(using: &random)
              ?? [],
            at: place)
        }
      }
      // A line that revokes everything hides nothing: it is another list.
      try Data(bytes + Array("\n192.0.2.1 \(Self.key)\n".utf8)).write(to: URL(filePath: path))
      let outlook = try #require(hosts.outlook())
      #expect(
        outlook.types.contains(.ed25519), "\(number): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func `a file that is none, or does not end, is no known_hosts and no key`() throws {
    let errors = SSHError(reach: Reach(host: "h"))
    for path in ["/dev/zero", "/dev/null", "/", "/no/such/file"] {
      let hosts = KnownHosts(reach: Reach(host: "h", knownHosts: path))
      #expect(hosts.outlook()?.types == [])
      #expect(throws: TransportError.self) { try IdentityFile(path, errors: errors) }
    }
  }

  @Test func `lines of megabytes are read and found wanting`() throws {
    let path = NSTemporaryDirectory() + "takeover-known-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let long = String(repeating: "a,", count: 500_000)
    let hosts = KnownHosts(reach: Reach(host: "far", knownHosts: path))
    for line in [
      "\(long) \(Self.key)", "|1|\(long)|\(long) \(Self.key)", "far ssh-ed25519 \(long)",
    ] {
      let text = "\(line)\nfar \(Self.key)\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(hosts.outlook()?.types == [.ed25519], "\(line.prefix(20))")
    }
  }

  // MARK: What ssh prints

  @Test func `whatever ssh says before it gives up, one line of it is told`() {
    var random = SplitMix(state: 13)
    let words = [
      "Permission denied", "nsenter: setns", "REMOTE HOST IDENTIFICATION HAS CHANGED", "SHA256:",
      "\u{1B}[2J", "\r", "\n", "\0", "\u{2028}", "::error::", "Host key verification failed", "x",
      String(repeating: "y", count: 100_000),
    ]
    let client = OpenSSHClient(reach: Reach(host: "h"), user: "root", port: 22)
    for _ in 0..<500 {
      let said = (0..<Int.random(in: 0...8, using: &random))
        .map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
      let error = OpenSSHError(client: client).meaning(of: said)
      #expect(!error.problem.contains { $0.isNewline } && !error.remedy.isEmpty)
    }
  }

  @Test func `no broken answer of ssh -G does harm`() {
    var random = SplitMix(state: 17)
    let sample = Array(ResolvedHostTests.text.utf8)
    var (read, refused) = (0, 0)
    for _ in 0..<5_000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(place + 30, bytes.count))
        default: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
        }
        if bytes.isEmpty { bytes = [10] }
      }
      if let host = ResolvedHost(String(decoding: bytes, as: UTF8.self)) {
        read += 1
        #expect((1...65535).contains(host.port))
        _ = host.applied(to: Reach(host: "h"), localUser: "me")
      } else {
        refused += 1
      }
    }
    #expect(read > 500 && refused > 100)
  }
}
