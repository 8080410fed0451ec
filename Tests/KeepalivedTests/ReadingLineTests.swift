// Files become lines: comments, quotes, includes, definitions, conditions, sequences, braces. What the
// daemon does was read in lib/parser.c of keepalived 2.2.7 and asked of the daemon itself.

import TakeoverKeepalived
import Testing

@Suite struct `Lines of a configuration` {
  @Test func `every value knows its file, line and column`() throws {
    let (instance, _) = try Reader.instance("  priority  90")
    #expect(
      instance.priority
        == Placed(90, at: Place(file: "/etc/keepalived/keepalived.conf", line: 3, column: 3)))
  }

  @Test func `comments start with ! or #, wherever they are not quoted`() throws {
    let (instance, configuration) = try Reader.instance(
      "  priority 90 # not 100\n  ! state MASTER\n  notify_master \"/bin/x # y\"",
      before: "global_defs {\n  enable_script_security\n  script_user root\n}")
    #expect(instance.priority?.value == 90)
    #expect(instance.state == nil)
    #expect(instance.notifies.first?.value == ["notify_master", "/bin/x", "#", "y"])
    #expect(!configuration.isRefused, "\(configuration.words)")
  }

  @Test func `a backslash that ends a comment is a keyword of its own`() {
    let configuration = Reader.read("# C:\\\n" + Reader.text(""))
    #expect(configuration.says(.refused, "the backslash that ends this comment"))
    #expect(configuration.says(.refused, "no keyword is called “\\”"))
  }

  @Test func `from 2_2 on what was escaped is a comment to those who read the copy`() {
    let text = Reader.text("").replacing("VI_1", with: "VI\\#1")
    #expect(Reader.read(text, .bullseye).instances.first?.name == "VI#1")
    let configuration = Reader.read(text, .bookworm)
    #expect(configuration.instances.first?.name == "VI")
    #expect(configuration.isRefused)
  }

  @Test func `braces may stand anywhere`() {
    let configuration = Reader.read(
      "vrrp_instance a { interface eth0\nvirtual_router_id 5\nvirtual_ipaddress { 192.0.2.1/24 } }")
    #expect(configuration.instances.first?.addresses.first?.value.prefix == 24)
    #expect(!configuration.isRefused, "\(configuration.words)")
  }

  @Test func `an unknown block is not skipped: its brace ends the block it stands in`() {
    let configuration = Reader.read(Reader.text("  authentification {\n    auth_type PASS\n  }"))
    #expect(configuration.says(.refused, "no keyword is called “authentification”"))
    // What comes after stands outside of the instance.
    #expect(configuration.instances.first?.interface == nil)
    #expect(configuration.unknown.contains { $0.value.hasPrefix("interface") })
  }

  @Test func `braces that do not match are counted`() {
    #expect(Reader.read(Reader.text("") + "}\n").says(.refused, "a } closes nothing"))
    #expect(Reader.read("vrrp_instance a {\n").says(.refused, "1 { are not closed"))
    #expect(
      Reader.read(Reader.text("  unicast_peer\n    192.0.2.2\n  }"))
        .says(.corrected, "no { follows"))
  }

  @Test func `an include is opened where it stands, and looks from its own folder`() throws {
    let configuration = Reader.read(
      Reader.text("  include parts/*.inc"),
      files: [
        "/etc/keepalived/parts/a.inc": "priority 90\ninclude more/b.inc\n",
        "/etc/keepalived/parts/more/b.inc": "nopreempt\n", "/etc/keepalived/parts/c.txt": "x\n",
      ])
    let instance = try #require(configuration.instances.first)
    #expect(
      instance.priority?.place == Place(file: "/etc/keepalived/parts/a.inc", line: 1, column: 1))
    #expect(instance.preempts?.value == false)
    #expect(!configuration.isRefused, "\(configuration.words)")
  }

  @Test(arguments: [
    ("include", Remark.Gravity.corrected), ("includem", .refused), ("includea", .refused),
    ("includer", .corrected),
  ])
  func `what an include does not find is a word in the log, or the end`(
    include: (word: String, gravity: Remark.Gravity)
  ) {
    let configuration = Reader.read(Reader.text("  \(include.word) nowhere.inc"))
    #expect(configuration.says(include.gravity, "no file is “nowhere.inc”"))
  }

  @Test func `a pattern that matches nothing is nothing, unless include_check is on`() {
    #expect(!Reader.read(Reader.text("  include nowhere*.inc")).says(.corrected, "no file"))
    let checked = Reader.text(
      "  include nowhere*.inc", before: "global_defs {\n  include_check\n}")
    #expect(Reader.read(checked).says(.refused, "no file"))
  }

  @Test func `a file that includes itself ends`() {
    let configuration = Reader.read(
      "include a.inc\n", files: ["/etc/keepalived/a.inc": "include a.inc\ninclude a.inc\n"])
    #expect(configuration.says(.refused, "includes stand more than 64 deep"))
  }

  @Test func `a definition is used with and without braces`() throws {
    let (instance, _) = try Reader.instance(
      "  priority ${P}\n  unicast_src_ip $NET.1", before: "$P=90\n$NET=192.0.2")
    #expect(instance.priority?.value == 90)
    // A dot does not end a name without braces.
    #expect(instance.unicastSource == nil)
    #expect(
      try Reader.instance("  priority $P", before: "$P=90\n$P=91").instance.priority?.value == 91)
  }

  @Test func `a definition of several lines stands for all of them`() throws {
    let before = "$AUTH= authentication { \\\n  auth_type PASS \\\n  auth_pass secret \\\n}"
    let (instance, configuration) = try Reader.instance("  $AUTH", before: before)
    #expect(instance.authentication?.password?.value == "secret")
    #expect(!configuration.isRefused, "\(configuration.words)")
  }

  @Test func `what is not defined stays, and the daemon says nothing`() throws {
    let (_, configuration) = try Reader.instance("  track_src_ip $NOBODY")
    #expect(configuration.says(.silent, "no $NOBODY is defined"))
    #expect(Reader.read("$P = 90\n").says(.refused, "no keyword is called “$P”"))
  }

  @Test(arguments: ["$A=$A", "$A=x $A", "$A=${B}\n$B=${A}"])
  func `a definition that contains itself is given up`(definition: String) {
    let configuration = Reader.read("\(definition)\n$A\n")
    #expect(configuration.isRefused, "\(configuration.words)")
  }

  @Test func `conditions choose lines by the host's name`() throws {
    let (instance, _) = try Reader.instance(
      "  @node-a priority 100\n  @node-b priority 90\n  @^node-b nopreempt\n  @^node-a advert_int 9\n  @node-a"
    )
    #expect(instance.priority?.value == 100)
    #expect(instance.preempts?.value == false)
    #expect(instance.advertInterval == nil)
  }

  @Test func `a sequence gives its line for every step`() throws {
    let text = Reader.text("").replacing(
      "192.0.2.10/24",
      with: "~SEQ(N, 10, 2, 14) 192.0.2.$N\n~LST({A,P}, {20,24}, {30,32}) 192.0.2.${A}/${P}")
    let instance = try #require(Reader.read(text).instances.first)
    #expect(
      instance.addresses.map(\.value.text) == [
        "192.0.2.10", "192.0.2.12", "192.0.2.14", "192.0.2.20/24", "192.0.2.30/32",
      ])
    #expect(Reader.read("~SEQ(N) x\n").says(.refused, "is not written as the daemon reads it"))
  }

  @Test func `predefined names are what they are said to be`() throws {
    let (instance, configuration) = try Reader.instance(
      "  priority ${_RANDOM 90 110}\n  interface ${_INSTANCE}\n  track_src_ip $_PWD")
    #expect(instance.priority?.value == 90)
    #expect(configuration.says(.silent, "another one at each start"))
    #expect(configuration.says(.refused, "no interface “node-a”"))
  }

  @Test func `a line of more than 1023 bytes is read as several`() {
    let long = "# " + String(repeating: "x", count: 2_000) + "\n"
    let configuration = Reader.read(long + Reader.text(""))
    #expect(configuration.says(.silent, "longer than 1023 bytes"))
    #expect(configuration.says(.refused, "no keyword is called “xxx"))
  }

  @Test func `bytes that are no text do no harm`() {
    let bytes: [UInt8] = Array("vrrp_instance ".utf8) + [0xff, 0xfe, 0] + Array(" {\n".utf8)
    let configuration = ConfigurationReader(host: Reader.host()).read(bytes, at: "x")
    #expect(configuration.isRefused)
  }
}
