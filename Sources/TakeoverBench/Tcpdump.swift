// tcpdump(8) beside our own capture: the machine's, or the one in a laboratory's image.

internal import Foundation
internal import Glibc
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverWire

struct Tcpdump: Sendable {
  /// What stands before its name: chroot(8) and an image, or nothing.
  private let prefix: [String]
  /// Whose it is, for the notes.
  let origin: String

  /// Without one, its rows say so.
  static let lack = "tcpdump, or a laboratory's image (takeover lab image)"

  static func found() -> Tcpdump? {
    if Child.isThere("tcpdump") { return Tcpdump(prefix: [], origin: "this machine's tcpdump") }
    let cache = BenchLab.folders.cache
    let images = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
    for image in images.sorted()
    where unsafe !image.hasPrefix(".") && access("\(cache)/\(image)/usr/bin/tcpdump", X_OK) == 0 {
      return Tcpdump(
        prefix: ["chroot", "\(cache)/\(image)"],
        origin: "tcpdump of the image \(image.split(separator: "-").first ?? "")")
    }
    return nil
  }

  /// Reads a capture from `file`, which is its standard input, and throws away what it says.
  func reading(
    _ file: String, _ options: [String]
  ) throws -> (cost: Child.Cost, peak: Double) {
    let input = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw Complaint("cannot open \(file)", remedy: "") }
    defer { close(input) }
    let words = prefix + ["tcpdump", "-Z", "root", "-r", "-"] + options
    let read = try Child(words, input: input).watched()
    guard read.cost.status == 0 else {
      throw Complaint("tcpdump failed (exit \(read.cost.status))", remedy: "run it by hand")
    }
    return read
  }

  struct Heard: Sendable {
    var frames = 0
    var dropped = 0
    var cost: Child.Cost
  }

  /// Captures at `point` while `body` runs, its output going to the descriptor `output`.
  func listening<Value>(
    at point: CapturePoint, _ options: [String], output: CInt,
    _ body: () async throws -> Value
  ) async throws -> (heard: Heard, value: Value) {
    let folder = try Scratch()
    defer { folder.remove() }
    let words = folder.path + "/said"
    let errors = unsafe open(words, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard errors >= 0 else { throw Complaint("cannot make \(words)", remedy: "") }
    defer { close(errors) }
    let said = { (try? String(contentsOfFile: words, encoding: .utf8)) ?? "" }
    let child = try Child(
      ["nsenter", "--net=\(point.namespace ?? "/proc/self/ns/net")"] + prefix
        + [
          "tcpdump", "-Z", "root", "-i", point.interface, "--time-stamp-precision=nano", "-w", "-",
        ] + options, output: output, errors: errors)
    let outcome: Result<Value, any Error>
    do {
      var turns = 0
      while !said().contains("listening on") {
        turns += 1
        guard turns < 500 else { throw Complaint("tcpdump does not listen: \(said())", remedy: "") }
        try await Task.sleep(for: .milliseconds(10))
      }
      outcome = .success(try await body())
    } catch {
      outcome = .failure(error)
    }
    let cost = child.end(SIGTERM)
    let heard = Heard(
      frames: Self.number(before: "packets captured", in: said()),
      dropped: Self.number(before: "packets dropped by kernel", in: said()), cost: cost)
    return (heard, try outcome.get())
  }

  private static func number(before words: String, in text: String) -> Int {
    let line = text.split(separator: "\n").first { $0.contains(words) }
    return line.flatMap { $0.split(separator: " ").first.flatMap { Int($0) } } ?? 0
  }
}
