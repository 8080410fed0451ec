// Edits of a keepalived.conf as a node's sh and awk make them: text in, text out, on files as people
// write them.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct KeepalivedTextTests {
  /// Two instances; comments, quotes, one-line blocks, a head without its brace, a line for one machine.
  static let nasty = #"""
    ! Configuration File { for keepalived
    global_defs {
      router_id a # }
    }
    $PEER=10.0.0.13
    $MANY= \
      priority 7 \
      }
    vrrp_script good { script "/bin/sh -c 'exit } 0'"
      interval 1 }
    vrrp_instance VI_1 {
      state BACKUP
      priority 100   # was 90
      authentication { auth_type PASS
        auth_pass "secret12" ! priority 5
      }
      unicast_peer { ${PEER} }
      notify_master "/bin/echo { # no comment"
      virtual_ipaddress { 10.0.0.1/24 dev eth0 }
    }
    vrrp_instance "VI 2"
    {
      @a priority 101
      @b priority 90
      unicast_peer
      {
        10.0.0.14
      }
      virtual_ipaddress {
        10.0.0.2
        10.0.0.20 # not 10.0.0.2
        FD00::2
      }
    }

    """#

  /// How the fault's own command edits the text; nil: it found nothing to edit.
  static func edited(
    _ text: String, _ kind: String, _ given: [String: ParameterValue] = [:]
  ) throws -> String? {
    let procedure = try FaultTests.procedure(kind, given)
    // What the node is asked before the blow has the file and the edit as its parameters.
    let edit = try #require(
      procedure.requirements.first?.command.asScript?.parameters.dropFirst().first)
    let place = NSTemporaryDirectory() + "takeover-edit-\(UInt32.random(in: 0 ... .max))"
    defer {
      for end in ["in", "out"] { try? FileManager.default.removeItem(atPath: "\(place).\(end)") }
    }
    try text.write(toFile: place + ".in", atomically: true, encoding: .utf8)
    let line = "PATH=/usr/bin:/bin; eval \"$1\" <\"$2.in\" >\"$2.out\""
    let status = FaultTests.status(of: ["sh", "-c", line, "takeover", edit, place])
    guard status == 0 else {
      #expect(status == 3, "\(kind) ended with \(status ?? -1)")
      return nil
    }
    return try String(contentsOfFile: place + ".out", encoding: .utf8)
  }

  /// The lines that only the one, and only the other has.
  static func difference(_ old: String, _ new: String?) -> [String] {
    let lines = { (text: String) in
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let changes = lines(new ?? "").difference(from: lines(old))
    return changes.removals.map { "- \($0.line)" } + changes.insertions.map { "+ \($0.line)" }
  }

  @Test func `a keyword is set in every instance, whatever machine it was for`() throws {
    let new = try Self.edited(Self.nasty, "change-priority", ["to": .count(50)])
    #expect(
      new?.components(separatedBy: "\n").filter { $0.contains("priority") } == [
        "  priority 7 \\", "priority 50", "    auth_pass \"secret12\" ! priority 5", "priority 50",
      ])
  }

  @Test func `one instance is edited where one is named, by its name with a space`() throws {
    let new = try Self.edited(
      Self.nasty, "change-priority", ["to": .count(50), "instance": .text("VI 2")])
    #expect(
      Self.difference(Self.nasty, new).filter { $0.contains("priority") } == [
        "- @a priority 101", "- @b priority 90", "+ priority 50",
      ])
  }

  @Test func `an address is added to the first instance, and taken out by its whole text`() throws {
    let new = try Self.edited(Self.nasty, "add-address", ["address": .text("172.17.16.99")])
    #expect(
      new?.contains("virtual_ipaddress {\n172.17.16.99\n10.0.0.1/24 dev eth0\n}\n") == true)
    #expect(new?.components(separatedBy: "172.17.16.99").count == 2)
    let less = try Self.edited(Self.nasty, "remove-address", ["address": .text("10.0.0.2")])
    #expect(Self.difference(Self.nasty, less).filter { $0.contains("10.0.0.2") } == ["- 10.0.0.2"])
    let six = try Self.edited(Self.nasty, "remove-address", ["address": .text("fd00::2")])
    #expect(Self.difference(Self.nasty, six).filter { $0.contains("::") } == ["- FD00::2"])
  }

  @Test func `peers are lost with their block, on one line or on four`() throws {
    let new = try #require(try Self.edited(Self.nasty, "lose-peers"))
    #expect(!new.contains("unicast_peer") && !new.contains("10.0.0.14"))
    #expect(new.contains("$PEER=10.0.0.13") && new.contains("FD00::2"))
  }

  @Test func `an instance goes away alone`() throws {
    let new = try #require(
      try Self.edited(Self.nasty, "remove-instance", ["instance": .text("VI 2")]))
    #expect(!new.contains("VI 2") && !new.contains("FD00::2"))
    #expect(new.contains("10.0.0.1/24") && new.contains("vrrp_script good {"))
  }

  @Test func `a password differs where it was asked for`() throws {
    let first = try #require(try Self.edited(Self.nasty, "wrong-password"))
    #expect(first.contains("auth_pass xecret12"))
    let ninth = try #require(
      try Self.edited(Self.nasty, "wrong-password", ["differs": .text("after-8th")]))
    #expect(ninth.contains("auth_pass secret12x"))
    let short = Self.nasty.replacing("secret12", with: "1111")
    #expect(try Self.edited(short, "wrong-password", ["differs": .text("after-8th")]) == nil)
  }

  @Test func `strictness comes once`() throws {
    let new = try #require(try Self.edited(Self.nasty, "strict-mode"))
    #expect(new.hasPrefix("global_defs {\nvrrp_strict\n}\n"))
    #expect(try Self.edited(new, "strict-mode") == nil)
  }

  @Test(arguments: [
    ("change-priority", ["to": ParameterValue.count(100)]), ("state-master", [:]),
    ("change-interval", ["to": .duration(.milliseconds(250))]), ("change-vrid", ["to": .count(7)]),
  ]) func `what is so already is nothing to edit`(kind: String, given: [String: ParameterValue])
    throws
  {
    let text = """
      vrrp_instance A {
        state MASTER
        priority "100" # as it is
        advert_int 0.25
        virtual_router_id 7
      }
      """
    #expect(try Self.edited(text, kind, given) == nil)
    #expect(try Self.edited("", kind, given) == nil)
  }

  @Test func `line ends of another system change nothing`() throws {
    let text = Self.nasty.replacing("\n", with: "\r\n")
    #expect(
      try Self.edited(text, "change-priority", ["to": .count(50)])
        == Self.edited(Self.nasty, "change-priority", ["to": .count(50)]))
  }

  @Test func `a text is replaced literally, wherever it stands`() throws {
    let given: [String: ParameterValue] = [
      "replace": .text("a.*[\\n]&"), "with": .text("'&\\1 $HOME\\n"),
    ]
    #expect(
      try Self.edited("x a.*[\\n]& y\na.*[\\n]&\n", "edit-configuration", given)
        == "x '&\\1 $HOME\\n y\n'&\\1 $HOME\\n\n")
  }

  @Test(arguments: [
    ("edit-configuration", [:]),
    ("edit-configuration", ["sed": ParameterValue.text("s/a/b/"), "replace": .text("a")]),
    ("edit-configuration", ["replace": .text("a")]),
    ("edit-configuration", ["replace": .text(""), "with": .text("b")]),
    ("edit-configuration", ["sed": .text("s/a/b/"), "file": .text("etc/hosts")]),
    ("edit-configuration", ["sed": .text("s/a/b/"), "file": .text("/run/takeover/state/x")]),
    ("change-interval", ["to": .duration(.milliseconds(15))]),
    ("change-interval", ["to": .duration(.seconds(41))]),
    ("add-address", ["address": .text("172.17.16.3")]),
    ("add-address", ["address": .text("172.17.16.13")]),
    ("add-address", ["address": .text("fd00::99")]),
    ("lose-peers", ["service": .text("vrrpd")]),
    ("exec", ["inject": .text("true"), "confirm": .text("true"), "heal": .text(" ")]),
    (
      "exec",
      [
        "inject": .text("true"), "confirm": .text("true"), "heal": .text("true"),
        "touches": .text("etc/hosts"),
      ]
    ),
  ]) func `what cannot be done is refused`(kind: String, given: [String: ParameterValue]) {
    #expect(throws: Complaint.self) { try FaultTests.procedure(kind, given) }
  }
}

extension CollectionDifference.Change where ChangeElement == String {
  fileprivate var line: String {
    switch self {
    case .insert(_, let line, _), .remove(_, let line, _): line
    }
  }
}
