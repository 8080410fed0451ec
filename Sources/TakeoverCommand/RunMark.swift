// Which runs go on: each holds a lock on its folder for as long as its process lives, so that
// nothing is left behind by one that was killed.

internal import Foundation

package enum RunMark {
  /// Runs `body` while the folder is marked; a file system that knows no locks (flock(2)) has none.
  package static func holding<Value>(
    _ folder: String, _ body: () async throws -> Value
  ) async rethrows -> Value {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Shared: whoever asks takes the lock for a moment, and must not be in the way.
    if descriptor >= 0 { flock(descriptor, LOCK_SH) }
    defer { if descriptor >= 0 { close(descriptor) } }
    return try await body()
  }

  package static func isHeld(_ folder: String) -> Bool {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// The folders below `output` in which a run goes on, by name; not the links to them.
  package static func running(in output: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
    return names.sorted().map { "\(output)/\($0)" }.filter { path in
      let type =
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      return type == .typeDirectory && isHeld(path)
    }
  }
}
