// One case for each rule about checks, their files, times and announcements.

import TakeoverKeepalived
import TakeoverModel

extension LintCase {
  private static let command = "\"/usr/bin/curl -fsS -m 1 http://127.0.0.1/\""

  static let ofChecks: [LintCase] = [
    LintCase(
      "KA060", "checkhaproxy is tracked and defined nowhere above",
      a: [.swap("        service\n", "        checkhaproxy\n")]),
    LintCase(
      "KA061", "service is tracked by no instance: keepalived never runs it",
      a: [.swap("    track_script {\n        service\n    }\n", "")]),
    LintCase(
      "KA062", "service runs `/usr/bin/killall -0 haproxy`: a service that hangs but lives passes",
      both: [.swap(command, "\"/usr/bin/killall -0 haproxy\"")]),
    LintCase(
      "KA062", "service runs `pgrep -x nginx`",
      both: [.swap(command, "\"/bin/sh -c 'pgrep -x nginx'\"")]),
    LintCase(
      "KA062", "haproxy only sees that a process exists",
      a: [
        .add("track_process {\n        haproxy\n    }"),
        .swap(
          "vrrp_instance", "vrrp_track_process haproxy {\n    process haproxy\n}\nvrrp_instance"),
      ]),
    LintCase(
      "KA063", "service runs check.sh without its folder", both: [.swap(command, "check.sh")]),
    LintCase("KA064", "service has no `script`", a: [.swap("    script \(command)\n", "")]),
    LintCase(
      "KA065", "tracks no service",
      both: [.swap("    track_script {\n        service\n    }\n", "")]),
    LintCase("KA066", "service: fall is 4, but 2 on a", b: [.swap("fall 2", "fall 4")]),
  ]

  static let ofScriptFiles: [LintCase] = [
    LintCase(
      "KA070", "service runs /usr/bin/curl, which b does not have",
      facts: { _, b in
        b.files = ["/usr/bin/curl": NodeFacts.File(mode: nil)]
      }),
    LintCase(
      "KA071", "not executable on a (mode 644)",
      facts: { a, _ in
        a.files = ["/usr/bin/curl": NodeFacts.File(mode: 0o644)]
      }),
    LintCase(
      "KA072", "enable_script_security disables service", severity: .error,
      facts: { a, _ in
        a.files = ["/usr/bin/curl": NodeFacts.File(mode: 0o755, writableByOthers: ["/usr/bin"])]
      }),
    LintCase(
      "KA072", "others than root may change /usr/bin, which root runs as service",
      both: [.swap("    enable_script_security\n", "")], severity: .warning,
      facts: { a, _ in
        a.files = ["/usr/bin/curl": NodeFacts.File(mode: 0o755, writableByOthers: ["/usr/bin"])]
      }),
    LintCase(
      "KA073", "scripts run without enable_script_security",
      a: [.swap("    enable_script_security\n", "")]),
    LintCase(
      "KA074", "service runs as keepalived_script where that user exists, else as root",
      a: [.swap("    script_user root\n", "")]),
    LintCase(
      "KA075", "notify_master /etc/keepalived/up.sh is not there on a",
      a: [.add("notify_master /etc/keepalived/up.sh")],
      facts: { a, _ in
        a.files?["/etc/keepalived/up.sh"] = NodeFacts.File(mode: nil)
      }),
    LintCase("KA076", "notify_master up.sh has no absolute path", a: [.add("notify_master up.sh")]),
  ]

  static let ofTimes: [LintCase] = [
    LintCase(
      "KA080", "advert_int 0.3 counts as 1 s in VRRP version 2: a takeover takes up to 3.609375 s",
      both: [.swap("advert_int 1", "advert_int 0.3")]),
    LintCase(
      "KA081", "advertises each 100 ms in a process of usual priority: a pause of 360.937 ms",
      both: [version3, .swap("advert_int 1", "advert_int 0.1")]),
    LintCase(
      "KA082", "takes over after 15.6875 s of silence: 3 · 5 s and a skew of 687.5 ms",
      both: [.swap("advert_int 1", "advert_int 5")]),
    LintCase(
      "KA083", "becomes master after 108.281 ms of silence",
      both: [version3, .swap("advert_int 1", "advert_int 0.03")]),
    LintCase(
      "KA084", "1 lost advertisement in a row makes a second master",
      both: [.add("down_timer_adverts 1")]),
    LintCase(
      "KA085",
      "service may run for 5 s and is due each 2 s: a service that hangs is known after up "
        + "to 15 s, not 4 s",
      both: [.swap("timeout 2", "timeout 5")]),
    LintCase(
      "KA086",
      "service knows of a dead service after up to 20 s (2 · 10 s), and then the takeover "
        + "takes up to 687.5 ms: 20.6875 s without service, where a dead machine costs 3.6875 s",
      both: [.swap("interval 2", "interval 10"), .swap("timeout 2", "timeout 10")]),
    LintCase("KA087", "service counts as failed after one failure", a: [.swap("fall 2", "fall 1")]),
    LintCase(
      "KA088", "after a start of both nodes nobody holds the addresses for 33.609375 s",
      a: [.swap("script_user root", "script_user root\n    vrrp_startup_delay 30")]),
    LintCase(
      "KA089", "in many a container, the kernel kills the VRRP process after a reload",
      a: [realTime], severity: .note),
    LintCase(
      "KA089", "nothing on a may raise a limit (CAP_SYS_RESOURCE)", a: [realTime],
      severity: .warning, facts: { a, _ in a.raisesLimits = false }),
  ]

  static let realTime = Change.swap(
    "script_user root", "script_user root\n    vrrp_rt_priority 50")

  static let version3 = Change.swap("    state", "    version 3\n    state")

  static let ofAnnouncements: [LintCase] = [
    LintCase(
      "KA090", "whoever misses that keeps talking to the old node",
      both: [.swap("    garp_master_refresh 5\n", "")]),
    LintCase(
      "KA091",
      "garp_master_delay 0: there is no second burst, and what misses the first is not told "
        + "again before 5 s have passed",
      both: [.swap("garp_master_delay 1", "garp_master_delay 0")]),
    LintCase(
      "KA093", "1 address · 5 announcements at 500 ms each take 2.5 s",
      both: [.swap("script_user root", "script_user root\n    vrrp_garp_interval 0.5")]),
    LintCase("KA094", "lower_prio_no_advert", both: [.add("lower_prio_no_advert")]),
    LintCase("KA094", "garp_lower_prio_repeat 0", both: [.add("garp_lower_prio_repeat 0")]),
  ]
}
