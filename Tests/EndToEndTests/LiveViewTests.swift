// The live view on a terminal of its own: drawn while it goes on, gone when it ends, however it ends.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The live view` {
  /// Runs the program on a terminal of 80 × 24 (script(1) of util-linux makes one).
  private static func start(
    _ words: String, in place: Workplace, environment: [String: String] = ["TERM": "xterm"]
  ) throws -> Running {
    try Running(
      "script",
      [
        "-qec", "stty cols 80 rows 24; echo $$ >pid; exec \(Workplace.binary) \(words)",
        "/dev/null",
      ],
      in: place.folder, environment: environment)
  }

  private static func screen(_ output: String) -> ScreenModel {
    var screen = ScreenModel(columns: 80, rows: 24)
    screen.feed(output)
    return screen
  }

  private static func isDrawn(_ line: String) -> Bool {
    line.hasPrefix("-- ") || line.hasPrefix("now  ") || line.hasPrefix("trials  ")
      || line.hasPrefix("watch  ")
  }

  @Test func `of a run stands below its marks, and leaves nothing behind`() async throws {
    try await Workplace.with { place in
      let ended = try await Self.start("run Plans/keepalived/graceful-stop.yaml", in: place).wait()
      #expect(ended.output.contains("\u{1B}[?25l"), "it was drawn")
      for words in ["now     ", "in force: stop-service on ", "trials  ", " holds "] {
        #expect(ended.output.contains(words), "\(words)")
      }
      let screen = Self.screen(ended.output)
      #expect(screen.unknown.isEmpty, "\(screen.unknown)")
      #expect(screen.isCursorShown)
      #expect(!screen.text.contains(where: Self.isDrawn), "\(screen.text)")
      let marks = ["  t0  ", "  t2  ", "  t3  ", "  healed ", "  redundant again"]
      for mark in marks {
        #expect(screen.text.count { $0.hasPrefix(mark) } == 1, "\(mark): \(screen.text)")
      }
    }
  }

  @Test func `is gone before the last words of a run that is interrupted`() async throws {
    try await Workplace.with { place in
      let run = try Self.start("run Plans/keepalived/crash.yaml", in: place)
      try #require(try await run.tells("in force: "), "\(run.output)")
      let pid = String(decoding: try place.bytes("pid"), as: UTF8.self)
      kill(try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines))), SIGINT)
      let ended = try await run.wait()
      let screen = Self.screen(ended.output)
      #expect(ended.status == 130, "\(screen.text)")
      #expect(!screen.text.contains(where: Self.isDrawn), "\(screen.text)")
      #expect(screen.text.contains { $0.hasPrefix("takeover: interrupted: healing") })
      #expect(screen.isCursorShown && screen.unknown.isEmpty)
    }
  }

  @Test func `is lines where the terminal is dumb, without colours where nobody wants them`()
    async throws
  {
    try await Workplace.with { place in
      let dumb = try await Self.start(
        "watch --interface lo --for 1s", in: place, environment: ["TERM": "dumb"]
      ).wait()
      #expect(!dumb.output.contains("\u{1B}"), "\(dumb.output.debugDescription)")
      #expect(dumb.output.contains("UNKNOWN: in 1."), "\(dumb.output)")
      let plain = try await Self.start(
        "watch --interface lo --for 1s", in: place,
        environment: ["TERM": "xterm", "NO_COLOR": "1"]
      ).wait()
      #expect(plain.output.contains("\u{1B}[?25l"), "drawn all the same")
      #expect(!plain.output.contains(/\u{1B}\[\d+m/), "\(plain.output.debugDescription)")
      #expect(!Self.screen(plain.output).text.contains(where: Self.isDrawn))
    }
  }
}
