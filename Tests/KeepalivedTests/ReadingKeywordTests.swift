// What the daemon makes of keywords and their values. Each rule stands in vrrp/vrrp_parser.c,
// core/global_parser.c, vrrp/vrrp_track.c or vrrp/vrrp_ipaddress.c of keepalived 2.2.7.

import TakeoverKeepalived
import Testing

@Suite struct `Keywords of a configuration` {
  @Test(arguments: [
    ("1", 1), ("255", 255), ("0", 100), ("256", 100), ("-1", 100), ("12x", 100), ("0100", 100),
    ("\" 90\"", 90), ("99999999999999999999", 100),
  ])
  func `a priority out of 1 to 255 is 100`(priority: (word: String, value: Int)) throws {
    let (instance, _) = try Reader.instance("  priority \(priority.word)")
    #expect(instance.priority?.value == priority.value)
  }

  @Test func `the later of two values counts, without a word`() throws {
    let (instance, configuration) = try Reader.instance("  priority 90\n  priority 110")
    #expect(instance.priority?.value == 110)
    #expect(configuration.says(.silent, "priority is written above, too"))
    #expect(!configuration.isRefused)
  }

  @Test func `a keyword without its value ends the daemon`() {
    #expect(Reader.read(Reader.text("  priority")).says(.refused, "the daemon ends here"))
  }

  @Test func `state MASTER stays, and an unknown state is BACKUP`() throws {
    #expect(
      try Reader.instance("  state MASTER\n  state BACKUP").instance.state?.value == .master)
    let (instance, configuration) = try Reader.instance("  state master")
    #expect(instance.state?.value == .backup)
    #expect(configuration.says(.refused, "no state is called “master”"))
  }

  @Test func `a password of more than eight bytes is refused by the test, and kept as it stands`()
    throws
  {
    let (instance, configuration) = try Reader.instance(
      "  authentication {\n    auth_type PASS\n    auth_pass 123456789\n  }")
    #expect(instance.authentication?.password?.value == "123456789")
    #expect(configuration.says(.refused, "the daemon takes the first 8"))
    #expect(!configuration.words.contains { $0.contains("123456789") })
    // Before 2.2 the test forgets what the VRRP process has found.
    let old = Reader.read(
      Reader.text("  authentication {\n    auth_pass 123456789\n  }"), .bullseye)
    #expect(old.says(.corrected, "the daemon takes the first 8"))
    #expect(!old.isRefused)
  }

  @Test func `lines of addresses have options`() throws {
    let text = Reader.text("").replacing(
      "192.0.2.10/24",
      with: """
        192.0.2.10/24 brd + dev eth1 label eth1:a scope link no_track
            192.0.2.11
            192.0.2.12/33
            192.0.2.13 dev
            somewhere
            2001:db8::1
        """)
    let configuration = Reader.read(text)
    let held = try #require(configuration.instances.first).addresses.map(\.value)
    #expect(held.map(\.prefix) == [24, 32, 32])
    #expect(held[0].device == "eth1" && held[0].label == "eth1:a" && held[0].isUntracked)
    #expect(held[0].broadcast == "+" && held[0].scope == "link")
    #expect(configuration.says(.silent, "no prefix is written"))
    for words in ["“33” is not from 0 to 32", "“dev” has no value", "“somewhere” is no address"] {
      #expect(configuration.says(.refused, words))
    }
    #expect(configuration.says(.refused, "“2001:db8::1” is of the other address family"))
  }

  @Test func `an address with a leading zero is none, as for inet_pton`() {
    #expect(
      Reader.read(Reader.text("").replacing("192.0.2.10", with: "192.00.2.10"))
        .says(.refused, "is no address"))
  }

  @Test func `the first address, peer or source gives the family`() throws {
    let (instance, configuration) = try Reader.instance(
      "  unicast_src_ip 2001:db8::1\n  unicast_peer {\n    192.0.2.2\n  }")
    #expect(instance.family == .v6)
    #expect(instance.unicastPeers.isEmpty && instance.addresses.isEmpty)
    #expect(configuration.says(.refused, "the peer “192.0.2.2” is of the other"))
  }

  @Test func `scripts have defaults, and zero is one`() throws {
    let before = """
      global_defs {
        enable_script_security
        script_user root
      }
      vrrp_script a {
        script "/usr/bin/x 'y z'"
        interval 0
        weight 300 reverse
        fall 0
      }
      """
    let (_, configuration) = try Reader.instance("  track_script {\n    a\n  }", before: before)
    let script = try #require(configuration.scripts.first)
    #expect(script.command?.value == ["/usr/bin/x", "y z"])
    #expect(script.effectiveInterval == .seconds(1) && script.effectiveTimeout == .seconds(1))
    // Out of range, complained of, and taken.
    #expect(script.weight?.value == 300 && script.isReversed)
    #expect(script.effectiveFall == 1)
  }

  @Test func `seconds of a script have decimals from 2_3 on`() {
    let text = Reader.text("", before: "vrrp_script a {\n  script /usr/bin/x\n  interval 0.5\n}")
    #expect(Reader.read(text, .bookworm).scripts.first?.interval?.value == .seconds(1))
    #expect(Reader.read(text, .trixie).scripts.first?.interval?.value == .milliseconds(500))
  }

  @Test func `a command is one word: what follows it is not part of it`() throws {
    let (_, configuration) = try Reader.instance(
      "", before: "vrrp_script a {\n  script /usr/bin/x -q\n}")
    #expect(configuration.scripts.first?.command?.value == ["/usr/bin/x"])
    #expect(configuration.says(.silent, "“-q” and what follows it"))
    // After a notification's command comes a user.
    let security = "global_defs {\n  enable_script_security\n  script_user root\n}"
    let notified = try Reader.instance("  notify_master /usr/bin/x MASTER", before: security)
    #expect(notified.configuration.says(.corrected, "is a user, and none is called “MASTER”"))
    #expect(notified.instance.notifies.isEmpty)
  }

  @Test func `scripts that nobody secures are refused by the test, and run`() {
    let script = "vrrp_script a {\n  script /usr/bin/x\n}"
    let text = Reader.text("  track_script {\n    a\n  }", before: script)
    #expect(Reader.read(text).says(.refused, "enable_script_security is not written"))
    // Secure, and nobody to run them.
    let secured = Reader.read("global_defs {\n  enable_script_security\n}\n" + text)
    #expect(secured.says(.refused, "needs a user keepalived_script"))
    #expect(secured.scripts.isEmpty && secured.instances.first?.scripts.isEmpty ?? false)
  }

  @Test func `what is tracked has to be defined above, once`() throws {
    let (instance, configuration) = try Reader.instance(
      "  track_interface {\n    eth1 weight -254 reverse\n    eth1\n    eth9\n  }\n  track_script {\n    a\n  }"
    )
    #expect(instance.interfaces.map(\.weight) == [-253])
    #expect(instance.interfaces.first?.isReversed ?? false)
    #expect(configuration.says(.refused, "tracked already"))
    #expect(configuration.says(.refused, "no interface “eth9”"))
    #expect(configuration.says(.refused, "no script “a” is defined above"))
  }

  @Test func `keywords of a later version are unknown, with that version's name`() {
    let text = Reader.text("  nopreempt\n  timer_expired_backup 90")
    #expect(Reader.read(text, .trixie).instances.first?.timerExpiredBackup?.value == 90)
    let old = Reader.read(text, .bookworm)
    #expect(old.remarks.contains { $0.remedy.contains("2.3.3 is the first that knows it") })
  }

  @Test func `some switches are on, whatever is written after them`() throws {
    let (instance, configuration) = try Reader.instance(
      "  skip_check_adv_addr off", before: "global_defs {\n  vrrp_strict off\n}")
    #expect(instance.isStrict(in: configuration.globals))
    #expect(instance.skipsCheckOfAdvertAddresses?.value ?? false)
    #expect(configuration.says(.silent, "vrrp_strict takes no value before keepalived 2.3"))
    let later = Reader.read("global_defs {\n  vrrp_strict off\n}", .trixie)
    #expect(later.globals.isStrict?.value == false)
  }

  @Test func `names are taken once`() {
    let configuration = Reader.read(Reader.text("") + Reader.text("  priority 3"))
    #expect(configuration.instances.count == 1)
    #expect(configuration.says(.refused, "there is another vrrp_instance “VI_1” above"))
    #expect(
      Reader.read(Reader.text("").replacing("VI_1", with: "VI 1"))
        .says(.refused, "vrrp_instance needs one name, and has 2"))
  }

  @Test func `other processes' blocks are skipped whole`() {
    let configuration = Reader.read(
      Reader.text(
        "", after: "virtual_server 192.0.2.1 80 {\n  real_server 1 2 {\n    x { }\n  }\n}"))
    #expect(configuration.hasVirtualServers)
    #expect(!configuration.isRefused, "\(configuration.words)")
  }
}
