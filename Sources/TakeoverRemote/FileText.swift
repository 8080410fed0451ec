// The small text files that SSH keeps in a home: read whole, or not at all.

internal import FoundationEssentials

enum FileText {
  /// `~/` at the beginning is the home of whoever runs Takeover.
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/") else { return path }
    return FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst(1)
  }

  static func bytes(of path: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return Array(data)
  }

  static func lines(of path: String) -> [String]? {
    guard let bytes = bytes(of: path) else { return nil }
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }
}
