// Paths on a node that a plan names.

internal import TakeoverModel

enum FilePath {
  /// Absolute, no folder, and the same however it is written: what heals must find what was broken.
  static func checked(_ path: String, of noun: String) throws(Complaint) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasPrefix("/"), parts.count > 1,
      parts.dropFirst().allSatisfy({ !["", ".", ".."].contains($0) })
    else {
      throw Complaint(
        "\"\(path)\" is not a path of \(noun)",
        remedy: "give it from / on, without . and .., and without / at the end")
    }
    return path
  }
}
