// The line that doctor prints for sudoers: no wider than what is run, and nothing but a line.

import TakeoverRemote
import Testing

@Suite struct `The right to be root` {
  @Test func `it allows a shell without arguments, by the path that sudo finds`() {
    #expect(
      SudoRight("1001\nadmin\n/usr/bin/sh\n")?.line
        == "admin ALL=(root) NOPASSWD: /usr/bin/sh \"\"")
  }

  @Test func `a name that sudoers would read otherwise is told by its number`() {
    for name in ["DOM\\admin", "a b", "%wheel", "ALL,root", "x=(ALL)", "#0", "ä", "!root"] {
      #expect(
        SudoRight("1001\n\(name)\n/usr/bin/sh\n")?.line
          == "#1001 ALL=(root) NOPASSWD: /usr/bin/sh \"\"", "\(name)")
    }
  }

  @Test func `an answer that is none gives no line`() {
    for answer in [
      "", "x\nadmin\n/bin/sh\n", "1\nadmin\nsh\n",
      "1\nadmin\n/bin/sh\nALL ALL=(ALL) NOPASSWD: ALL\n",
      "1\nadmin\n/bin/sh, ALL\n", "-1\nadmin\n/bin/sh\n", "1\nadmin\n",
    ] { #expect(SudoRight(answer) == nil, "\(answer)") }
  }
}
