// The one right that `sudo: true` needs on a node, as sudoers(5) spells it.

package import TakeoverModel

package struct SudoRight: Hashable, Sendable {
  /// Exactly what is run there: a shell without arguments. (What it then does is root's, of course.)
  static let command = "sudo -n sh"

  /// As sudoers(5) names the user: `admin`, or `#1001` where the name would need escapes.
  package let user: String
  /// The shell as sudo finds it there.
  package let shell: String

  /// Asks the node as the user who has not got the right: who that is, and where sudo would find the
  /// shell (its secure_path, sudoers(5), as Debian and most others set it). Exits with 3 where there
  /// is no sudo.
  package static let question = Command.script(
    """
    command -v sudo >/dev/null || exit 3
    id -u && id -un || exit 1
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    command -v sh
    """)

  /// From the answer to `question`; nil when it is none.
  package init?(_ answer: String) {
    let lines = answer.split(separator: "\n").map(String.init)
    guard lines.count == 3, let number = UInt32(lines[0]), lines[2].hasPrefix("/"),
      lines[2].utf8.allSatisfy(Self.isPlain)
    else { return nil }
    user = lines[1].utf8.allSatisfy(Self.isPlain) && !lines[1].isEmpty ? lines[1] : "#\(number)"
    shell = lines[2]
  }

  /// The line for sudoers; the empty quotes allow no arguments.
  package var line: String { "\(user) ALL=(root) NOPASSWD: \(shell) \"\"" }

  /// Letters, digits and what neither sudoers(5) nor a shell makes anything of.
  private static func isPlain(_ byte: UInt8) -> Bool {
    97...122 ~= byte || 65...90 ~= byte || 48...57 ~= byte || "/._-".utf8.contains(byte)
  }
}
