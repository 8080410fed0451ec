// Texts kept in Golden/ and compared byte for byte. A text that is not there yet is recorded, and
// recording fails the run: look at it, then run again. To record anew, remove the file.

internal import Foundation
internal import Testing

enum GoldenText {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  static func expect(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name)
    guard let kept = try? String(contentsOf: file, encoding: .utf8) else {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded Golden/\(name): read it", sourceLocation: sourceLocation)
      return
    }
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(new, old).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      new == old, "Golden/\(name) differs from line \(line.map { $0.offset + 1 } ?? old.count)",
      sourceLocation: sourceLocation)
  }
}
