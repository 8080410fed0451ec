// Where a lab keeps its things on the machine it runs on.

import TakeoverModel

package struct LabFolders: Hashable, Sendable {
  /// Running labs, one folder each: `/run/takeover/labs`.
  package var state: String
  /// Images, made once and kept: `~/.cache/takeover/images`, spelled out.
  package var cache: String

  package init(state: String = "/run/takeover/labs", cache: String) {
    self.state = state
    self.cache = cache
  }

  /// The paths become mount options and lines of /proc/mounts, where some characters mean more.
  func check() throws(Complaint) {
    for path in [state, cache] {
      let plain = path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "/-_.+@".utf8.contains(byte)
        }
      }
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      guard plain, path.hasPrefix("/"), path.utf8.count > 1, !path.hasSuffix("/"),
        !parts.contains("..")
      else {
        throw Complaint(
          "a lab cannot live in “\(path)”",
          remedy: "use an absolute path of letters, digits and / - _ . + @")
      }
    }
  }
}
