// A region at the end of the terminal that is drawn again and again while a body runs, with whatever else
// is said put above it. Gone when the body ends, however it ends.

internal import Dispatch
internal import Foundation
internal import Synchronization
internal import TakeoverReport

final class LiveScreen: Sendable {
  struct Size: Hashable {
    var columns: Int
    var rows: Int
  }

  /// Five times a second shows an interval of a second pass, and costs next to nothing.
  private static let period = DispatchTimeInterval.milliseconds(200)

  private struct Drawing {
    var region = LiveRegion()
    var isOpen = false
  }

  private let descriptor: Int32
  private let lines: @Sendable (Size) -> [String]
  private let drawing = Mutex(Drawing())
  /// Apart from the drawing, which waits for a terminal that is slow or was stopped (Ctrl-S).
  private let waiting = Mutex<[String]>([])

  /// `lines`: what is to stand there now. It is asked from several threads, one at a time.
  init(on descriptor: Int32, lines: @escaping @Sendable (Size) -> [String]) {
    self.descriptor = descriptor
    self.lines = lines
  }

  /// What the terminal has; nil: it is none, or too dumb to be drawn on.
  static func size(of descriptor: Int32) -> Size? {
    let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
    guard isatty(descriptor) == 1, !kind.isEmpty, kind != "dumb" else { return nil }
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// Puts lines above the region, at once.
  func say(_ words: [String]) {
    queue(words)
    redraw()
  }

  /// Puts lines above the region soon. Never waits for the terminal: whoever writes the journal says it.
  func queue(_ words: [String]) {
    if !words.isEmpty { waiting.withLock { $0 += words } }
  }

  func redraw() {
    drawing.withLock { drawing in
      let size = Self.size(of: descriptor)
      let lines = drawing.isOpen ? size.map(lines) ?? [] : []
      write(drawing.region.draw(lines, above: taken(), columns: size?.columns ?? 80))
    }
  }

  /// Takes the region away; what was still to be said is said.
  func close() {
    drawing.withLock { drawing in
      guard drawing.isOpen else { return }
      drawing.isOpen = false
      let columns = Self.size(of: descriptor)?.columns ?? 80
      write(drawing.region.erase(columns: columns, saying: taken()))
    }
  }

  private func taken() -> [String] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  private func write(_ text: String) {
    if !text.isEmpty { Terminal.write(text, to: descriptor) }
  }

  /// Runs `body` with the region below everything that `Terminal` says; also while it heals after it was
  /// cancelled.
  func showing<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    drawing.withLock { $0.isOpen = true }
    Terminal.show(self)
    redraw()
    let queue = DispatchQueue(label: "takeover.screen")
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + Self.period, repeating: Self.period)
    timer.setEventHandler { self.redraw() }
    let resized = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: queue)
    resized.setEventHandler { self.redraw() }
    let woken = DispatchSource.makeSignalSource(signal: SIGCONT, queue: queue)
    woken.setEventHandler {
      // What the shell has said while we were stopped stays.
      self.drawing.withLock { $0.region.forget() }
      self.redraw()
    }
    timer.resume()
    resized.resume()
    woken.resume()
    defer {
      timer.cancel()
      resized.cancel()
      woken.cancel()
      Terminal.show(nil)
      close()
    }
    return try await body()
  }
}
