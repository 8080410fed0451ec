// What a stream brings, piece by piece, until its observer looks.

internal import Synchronization

/// The stream's pieces, between the transport's thread and the observer's task.
final class Pieces: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

  func take() -> [UInt8] {
    bytes.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }
}
