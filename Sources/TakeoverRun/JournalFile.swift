// The journal on disk: append-only JSON Lines, written as things happen, never rewritten.

internal import Foundation
internal import Synchronization
package import TakeoverModel

/// Writes observations to a file from any thread; tells listeners of each line in the same order.
///
/// A line that cannot be written (disk full) is not thrown at the observer that saw it: `failure`
/// says so, and the run ends with what stands in the file.
package final class JournalFile: Journal {
  private struct State: Sendable {
    var failure: Complaint?
    var listeners: [@Sendable (Observation) -> Void] = []
  }

  private let descriptor: Int32
  private let path: String
  private let state = Mutex(State())

  package init(path: String) throws(Complaint) {
    descriptor = try AppendOnly.open(path)
    self.path = path
  }

  deinit { close(descriptor) }

  /// The first thing that could not be written; nil while all is well.
  package var failure: Complaint? { state.withLock { $0.failure } }

  /// `listener` is called for each later line, in order, on the recording thread: it must be quick.
  package func listen(_ listener: @escaping @Sendable (Observation) -> Void) {
    state.withLock { $0.listeners.append(listener) }
  }

  package func record(_ observation: Observation) {
    let line = Result { try JSONLine.encode(observation) }
    state.withLock { state in
      do {
        try AppendOnly.append(try line.get(), to: descriptor, path: path)
      } catch {
        if state.failure == nil { state.failure = complaint(for: error) }
      }
      for listener in state.listeners { listener(observation) }
    }
  }

  package func recordDurably(_ observation: Observation) throws {
    record(observation)
    if let failure { throw failure }
    try AppendOnly.synchronize(descriptor, path: path)
  }

  private func complaint(for error: any Error) -> Complaint {
    (error as? Complaint)
      ?? Complaint("\(path): an observation cannot be written: \(error)", remedy: "report this")
  }
}

/// One JSON object on one line, keys sorted, so that equal values are equal bytes.
enum JSONLine {
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}

/// Files that only grow.
enum AppendOnly {
  static func open(_ path: String) throws(Complaint) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failed("open", path) }
    return descriptor
  }

  static func append(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(Complaint) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw failed("write", path)
      }
      rest = rest.dropFirst(written)
    }
  }

  static func synchronize(_ descriptor: Int32, path: String) throws(Complaint) {
    guard fsync(descriptor) == 0 else { throw failed("sync", path) }
  }

  private static func failed(_ what: String, _ path: String) -> Complaint {
    let reason = unsafe String(cString: strerror(errno))
    return Complaint(
      "\(path): cannot \(what): \(reason)",
      remedy: "free space or choose another folder with --output")
  }
}
