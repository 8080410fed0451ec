// The stop file: what stops, what it says, and which runs go on.

internal import Foundation
internal import TakeoverCommand
internal import Testing

@Suite struct `The stop file` {
  private static func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "takeover-stop-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func `who, when and why are told to the runs, and cleared`() async throws {
    try await Self.inFolder { folder in
      let file = StopFile(in: folder)
      #expect(file.reason == nil)
      #expect(try !file.clear())
      try file.write(because: "b is being replaced", at: Date(timeIntervalSince1970: 0))
      let reason = try #require(file.reason)
      #expect(reason.hasPrefix("stopped by \(folder)/STOP: "))
      #expect(reason.hasSuffix(", 1970-01-01T00:00:00Z: b is being replaced"))
      #expect(reason.contains("@"))
      #expect(try file.clear())
      #expect(file.reason == nil)
    }
  }

  @Test func `any file of that name stops; what it says cannot harm a terminal`() async throws {
    try await Self.inFolder { folder in
      let file = StopFile(in: folder)
      #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
      #expect(file.reason == "stopped by \(file.path)")
      let hostile = "\u{1B}[2J\u{1B}]0;x\u{7}one\ntwo\u{0}" + String(repeating: "x", count: 1 << 20)
      try hostile.write(toFile: file.path, atomically: true, encoding: .utf8)
      let reason = try #require(file.reason)
      #expect(reason.hasPrefix("stopped by \(file.path): one two#x00xxx"))
      #expect(reason.count < 500)
      #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 })
      try Data([0xFF, 0xFE]).write(to: URL(filePath: file.path))
      #expect(file.reason == "stopped by \(file.path): \u{FFFD}\u{FFFD}")
    }
  }

  @Test func `a link to nowhere, a folder and a pipe stop, too, and nobody waits for them`()
    async throws
  {
    try await Self.inFolder { folder in
      let file = StopFile(in: folder)
      let files = FileManager.default
      try files.createSymbolicLink(atPath: file.path, withDestinationPath: "nowhere")
      #expect(file.reason == "stopped by \(file.path)")
      #expect(try file.clear())
      #expect(unsafe mkfifo(file.path, 0o600) == 0)
      #expect(file.reason == "stopped by \(file.path)")
      #expect(try file.clear())
      try files.createDirectory(atPath: file.path, withIntermediateDirectories: false)
      #expect(file.reason == "stopped by \(file.path)")
    }
  }

  @Test func `a folder that is not there stops nobody`() {
    #expect(StopFile(in: "/nowhere/at/all").reason == nil)
  }

  @Test func `whoever watches hears of it, and ends when he is cancelled`() async throws {
    try await Self.inFolder { folder in
      let file = StopFile(in: folder)
      let watch = Task { await file.watch() }
      try file.write(because: "enough")
      #expect(await watch.value?.hasSuffix(": enough") == true)
      #expect(try file.clear())
      let idle = Task { await file.watch() }
      idle.cancel()
      #expect(await idle.value == nil)
    }
  }

  @Test func `a run goes on for as long as it holds its folder`() async throws {
    try await Self.inFolder { folder in
      let names = ["one", "two"]
      for name in names {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      }
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/latest", withDestinationPath: "two")
      #expect(RunMark.running(in: folder).isEmpty)
      await RunMark.holding("\(folder)/two") {
        #expect(RunMark.running(in: folder) == ["\(folder)/two"])
        // Who has asked has left the lock as it was.
        #expect(RunMark.running(in: folder) == ["\(folder)/two"])
      }
      #expect(RunMark.running(in: folder).isEmpty)
    }
  }
}
