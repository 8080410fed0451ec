// The small text files that SSH keeps in a home: read whole, or not at all.

internal import FoundationEssentials
internal import Glibc

enum FileText {
  /// `~/` at the beginning is the home of whoever runs Takeover.
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/") else { return path }
    return FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst(1)
  }

  /// Thousands of hosts are a megabyte; what is larger is no such file (/dev/zero, for instance).
  private static let largest = 16 << 20

  /// nil when it cannot be read, or is too large to be meant.
  static func bytes(of path: String) -> [UInt8]? {
    // Of a pipe that nobody writes into there is nothing, at once.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= largest {
      let count = unsafe read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
    return nil
  }

  static func lines(of path: String) -> [String]? {
    guard let bytes = bytes(of: path) else { return nil }
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }
}
