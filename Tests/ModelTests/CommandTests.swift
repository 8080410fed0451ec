// Commands are words; how they look in a shell is exact.

internal import TakeoverModel
internal import Testing

@Suite struct `Commands` {
  @Test func `plain words stay plain, others are quoted`() {
    #expect(Command("ip", "link", "set", "eth0").shellText == "ip link set eth0")
    #expect(Command("echo", "").shellText == "echo ''")
    #expect(Command("echo", "a b", "$HOME", "it's").shellText == "echo 'a b' '$HOME' 'it'\\''s'")
    #expect(Command("echo", "*", "~", "a\nb").shellText == "echo '*' '~' 'a\nb'")
  }

  @Test func `a script keeps data out of its text`() {
    let script = Command.script("echo \"$1\"", ["$(reboot)"])
    #expect(script.asScript?.body == "echo \"$1\"")
    #expect(script.asScript.map { Array($0.parameters) } == ["$(reboot)"])
    #expect(Command("sh", "-c", "true").asScript == nil)
  }

  @Test func `output that is no text is repaired, not lost`() {
    let result = CommandResult(status: 0, output: [0x61, 0xff, 0x00, 0x62])
    #expect(result.text == "a\u{FFFD}\u{0}b")
  }
}
