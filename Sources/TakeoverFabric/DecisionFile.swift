// The subnet's decisions on disk: a line each, whole or not at all, as they are made.

internal import Glibc
internal import TakeoverModel
internal import TakeoverSubnet

struct DecisionFile: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws(Complaint) {
    descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Complaint("\(path) cannot be written (error \(errno))", remedy: "is /run full?")
    }
  }

  func append(_ decisions: [Decision]) throws(Complaint) {
    guard !decisions.isEmpty else { return }
    let lines = Array(decisions.map { $0.line + "\n" }.joined().utf8)
    guard unsafe write(descriptor, lines, lines.count) == lines.count else {
      throw Complaint("a decision cannot be written (error \(errno))", remedy: "is /run full?")
    }
  }
}
