// Commands for PowerShell: what stands in the text is what was put into it, whatever that is.

import TakeoverModel
import TestSupport
import Testing

@Suite struct `Words for PowerShell` {
  /// What ends a string there, what has a meaning in other strings, and what joins with its neighbour.
  private static let pieces = [
    "'", "''", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}", "\"", "\u{201c}", "`", "$x", "$(1)",
    "}", "{", ")", ";", "\n", "\r", "\t", " ", "-Force", "--%", "#", "\u{301}", "e\u{301}",
    "\u{1f511}",
    "\u{feff}", "a", "", "\\", "\\\"", "@'", "*",
  ]

  private static func word(_ random: inout SplitMix) -> String {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      pieces.randomElement(using: &random) ?? ""
    }.joined()
  }

  @Test func `are taken literally, whatever they hold`() {
    var random = SplitMix(state: 3)
    for _ in 0..<5_000 {
      let words = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.word(&random) }
      let read = PowerShellText.literals(PowerShell.list(words))
      // By bytes: to a String, e and its accent are one with é.
      #expect(read?.map { Array($0.utf8) } == words.map { Array($0.utf8) }, "\(words)")
    }
  }

  @Test func `stand behind their script, and a script stays whole inside another one`() {
    var random = SplitMix(state: 4)
    for _ in 0..<2_000 {
      let body = Self.word(&random)
      let words = (0..<Int.random(in: 0...3, using: &random)).map { _ in Self.word(&random) }
      let step = PowerShell.step(.powerShell(body, words))
      #expect(
        PowerShellText.literals(step)?.map { Array($0.utf8) }
          == ([body] + words).map { Array($0.utf8) })
      #expect(PowerShellText.trouble(step) == nil, "\(step)")
    }
  }

  @Test func `read as one would type them`() {
    #expect(
      Command.powerShell("param($name) Stop-Service -Name $name", ["it's"]).shellText
        == "& { param($name) Stop-Service -Name $name } 'it''s'")
    #expect(Command.powerShell("a\nb").shellText == "& {\na\nb\n}")
    #expect(PowerShell.list([String]()) == "@()")
  }

  @Test func `belong to a system, and so does a line that a site or a plan gives`() {
    let line = Command.script("Get-Service")
    #expect(line.system == .posix)
    #expect(NodeSystem.windows.taking(line) == .powerShell("Get-Service"))
    #expect(NodeSystem.posix.taking(line) == line)
    #expect(NodeSystem.windows.taking(.script("a", ["b"])) == nil)
    #expect(NodeSystem.windows.taking(Command("systemctl", "stop", "x")) == nil)
    #expect(NodeSystem.windows.taking(.powerShell("a", ["b"])) == .powerShell("a", ["b"]))
    #expect(NodeSystem.posix.taking(.powerShell("a")) == nil)
    #expect(Command.powerShell("a", ["b"]).asScript == nil)
  }

  @Test func `a step of a script for another shell fails instead of doing something else`() {
    #expect(PowerShell.step(Command("rm", "x")).hasPrefix("throw "))
  }

  @Test(arguments: [
    ("{ 'a' }", true), ("{ 'a }", false), ("(a", false), ("a)", false), ("\"$(\"b\")\"", true),
    ("\"$(\"", false), ("# it's", true), ("`'", true), ("@{ A = '}' }", true), ("[a}", false),
  ])
  func `what is not closed is found`(_ text: String, _ isWell: Bool) {
    #expect((PowerShellText.trouble(text) == nil) == isWell)
  }

  @Test func `what mends a node is for its own shell, or is not told`() {
    let windows = Node(
      name: "a", reach: Reach(host: "a", user: "Administrator", system: .windows),
      interface: "Cluster", addresses: [], services: ["cluster": .windows("ClusSvc")])
    func state(_ address: String, _ runs: String) -> NodeState {
      NodeState(lines: [
        .addresses: ["Cluster\t\(address)"],
        .services: ["cluster\truns\t\(runs)", "cluster node\tstate\t\(runs)"],
      ])
    }
    let found = state("10.0.0.1/24", "no").differences(
      from: state("10.0.0.2/24", "yes"), on: windows)
    #expect(found.count == 4)
    #expect(found.filter { $0.section == .addresses }.allSatisfy { $0.mend == nil })
    #expect(
      found.first { $0.words == "cluster does not run" }?.mend?.shellText
        == "& { param($name) Start-Service -Name $name } 'ClusSvc'")
    #expect(found.contains { $0.words == "cluster node is no, it was yes" })
  }
}
