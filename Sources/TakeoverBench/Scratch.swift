// A folder for what a measurement needs on a disk, and its end.

internal import Foundation
internal import TakeoverModel

struct Scratch: Sendable {
  let path: String

  init() throws(Complaint) {
    path =
      FileManager.default.temporaryDirectory.path
      + "/takeover-bench-\(UUID().uuidString.prefix(8))"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Complaint("cannot make \(path): \(error)", remedy: "set TMPDIR to another folder")
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
