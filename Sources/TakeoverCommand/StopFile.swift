// The stop file: while it lies in an output folder, no run there begins, and every run there halts.

package import Foundation
internal import TakeoverReport

package struct StopFile: Sendable {
  package static let name = "STOP"
  /// What a file can say at most; the rest is not read.
  private static let most = 4_096
  private static let period = Duration.milliseconds(200)

  /// As the user would type it.
  package let path: String

  package init(in output: String) { path = "\(output)/\(Self.name)" }

  /// Why the runs must halt, fit to be shown; nil: there is no such file.
  package var reason: String? {
    var about = stat()
    guard unsafe lstat(path, &about) == 0 else {
      // What cannot be looked at may be there.
      return errno == ENOENT || errno == ENOTDIR ? nil : "\(path) cannot be looked at"
    }
    let text = CleanText.cut(CleanText.line(content), to: 300)
    return text.isEmpty ? "stopped by \(path)" : "stopped by \(path): \(text)"
  }

  /// The file's text; empty for what is no plain file, so that a pipe without a writer halts, too.
  private var content: String {
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var about = stat()
    guard unsafe fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
      return ""
    }
    var buffer = [UInt8](repeating: 0, count: Self.most)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  /// Says who stops the runs, when and why.
  package func write(because words: String, at date: Date = Date()) throws {
    let time = date.formatted(.iso8601)
    let why = CleanText.line(words)
    let text = "\(Self.author), \(time)" + (why.isEmpty ? "" : ": \(why)") + "\n"
    try RunFolder.write(Array(text.utf8), to: path)
  }

  /// Returns false when there was none.
  package func clear() throws -> Bool {
    if unsafe unlink(path) == 0 { return true }
    guard errno != ENOENT else { return false }
    let reason = unsafe String(cString: strerror(errno))
    throw Ending(.noVerdict, "\(path) cannot be removed: \(reason)", remedy: "remove it by hand")
  }

  /// Returns the reason as soon as the file is there; nil when cancelled before.
  package func watch() async -> String? {
    while !Task.isCancelled {
      if let reason { return reason }
      try? await Task.sleep(for: Self.period)
    }
    return nil
  }

  /// `alice@host`, also when she is root for the moment.
  private static var author: String {
    var name = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    let user = ProcessInfo.processInfo.environment["SUDO_USER"] ?? NSUserName()
    return "\(user)@\(host)"
  }
}
