// What goes to which stream: the result to stdout, everything else to stderr.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverReport

enum Terminal {
  private static let isColourless = Atomic(false)
  /// What is drawn at the end of the terminal this moment: everything else stands above it.
  private static let screen = Mutex<LiveScreen?>(nil)

  /// Colour is for terminals, and for whoever asks for it (no-color.org).
  static func colours(_ descriptor: Int32) -> Bool {
    if isColourless.load(ordering: .relaxed) { return false }
    let environment = ProcessInfo.processInfo.environment
    if let force = environment["FORCE_COLOR"], !force.isEmpty, force != "0" { return true }
    if let no = environment["NO_COLOR"], !no.isEmpty { return false }
    return environment["TERM"] != "dumb" && isatty(descriptor) == 1
  }

  /// Takes `--no-color` out of the words: every command has it. What stands behind `--` is another's.
  static func heeding(_ words: [String]) -> [String] {
    let own = words.prefix { $0 != "--" }
    guard own.contains("--no-color") else { return words }
    isColourless.store(true, ordering: .relaxed)
    return own.filter { $0 != "--no-color" } + words.dropFirst(own.count)
  }

  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// A line of result.
  static func tell(_ line: String) {
    close()
    write(line + "\n", to: STDOUT_FILENO)
  }

  /// A line of progress or a message.
  static func note(_ line: String) {
    if let screen = screen.withLock({ $0 }) {
      screen.say(line.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    } else {
      write(line + "\n", to: STDERR_FILENO)
    }
  }

  static func show(_ screen: LiveScreen?) { self.screen.withLock { $0 = screen } }

  /// Takes away what is drawn, for good: a result or the program's end comes next.
  static func close() {
    let drawn = screen.withLock { screen in
      defer { screen = nil }
      return screen
    }
    drawn?.close()
  }

  /// A node may have had its say in an error. An ending is our own, and may have several lines.
  static func complain(_ error: any Error) {
    let clean = error is Ending ? CleanText.legible : CleanText.line
    if let explained = error as? any Explained {
      note("takeover: \(clean(explained.problem))")
      if !explained.remedy.isEmpty { note("  → \(clean(explained.remedy))") }
    } else {
      note("takeover: \(clean("\(error)"))")
    }
  }

  /// Asks a yes-or-no question on stderr; anything but y or yes is no.
  static func confirm(_ question: String) -> Bool {
    close()
    write("\(question) [y/N] ", to: STDERR_FILENO)
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }

  static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno != EINTR { return }  // nobody reads any more: not worth dying for
      rest = rest.dropFirst(max(count, 0))
    }
  }
}
