// Programs of this machine that answer one question: where they are, and what they say.

internal import FoundationEssentials
internal import Glibc
internal import TakeoverModel

enum Program {
  /// By the PATH, as execvp(3) finds it; nil: it is not there.
  static func path(of name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return (path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin"])
      .map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }

  struct Answer {
    /// nil: a signal ended it.
    var status: Int?
    var output: [UInt8]
    var errorText: String
  }

  /// Runs it to its end; nil when that did not come before the deadline.
  nonisolated(nonsending)
    static func answer(
      of path: String, _ words: [String], on loop: PollLoop, by deadline: Instant
    ) async throws(TransportError) -> Answer?
  {
    let hearing = Hearing(on: loop)
    let child = try ChildLine(path, words, on: loop, listener: hearing)
    let isWhole: Void? = try await hearing.heard.value(by: deadline)
    child.hangUp(forcibly: isWhole == nil)
    let status = await child.reaped()
    guard isWhole != nil else { return nil }
    return Answer(status: status, output: hearing.output, errorText: hearing.errorText)
  }
}
