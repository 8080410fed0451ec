// One case for each rule about the election and about weights.

import TakeoverKeepalived
import TakeoverModel

extension LintCase {
  static let ofElection: [LintCase] = [
    LintCase(
      "KA040",
      "state MASTER clears nopreempt: a takes the address back 3.609375 s after it returns",
      a: [.swap("state BACKUP", "state MASTER")]),
    LintCase(
      "KA041",
      "state MASTER clears preempt_delay: a takes the address back after 3.609375 s, not "
        + "63.609375 s",
      a: [.swap("state BACKUP", "state MASTER"), .swap("nopreempt", "preempt_delay 60")]),
    LintCase(
      "KA042", "a and b all have state MASTER: priority alone decides (a, 100)",
      both: [.swap("state BACKUP", "state MASTER")]),
    LintCase(
      "KA043", "priority is 100 as on a: both wait 3.609375 s",
      b: [.swap("priority 80", "priority 100")]),
    LintCase(
      "KA044", "nopreempt on b (priority 80) has no effect on a (priority 100)",
      a: [.swap("    nopreempt\n", "")]),
    LintCase(
      "KA045", "preempt_delay 60 has no effect beside nopreempt", a: [.add("preempt_delay 60")]),
    LintCase(
      "KA046", "priority 255 takes the address back", a: [.swap("priority 100", "priority 255")]),
    LintCase(
      "KA047", "has state MASTER and no priority, which makes it 255",
      a: [.swap("state BACKUP", "state MASTER"), .swap("    priority 100\n", "")],
      severity: .warning),
    LintCase(
      "KA047", "has no priority, which makes it 100", a: [.swap("    priority 100\n", "")],
      severity: .note),
    LintCase(
      "KA048", "priority is 255 on a and b", a: [.swap("priority 100", "priority 255")],
      b: [.swap("priority 80", "priority 255")]),
  ]

  static let ofWeights: [LintCase] = [
    LintCase(
      "KA050", "a goes from 100 to 90, still 10 more than b's 80",
      both: [preempting, .swap("rise 2", "rise 2\n    weight -10")]),
    LintCase(
      "KA050",
      "a goes from 120 to 100, exactly as much as b, which does not take over from an equal",
      both: [preempting, .swap("rise 2", "rise 2\n    weight 20")]),
    LintCase(
      "KA051", "a advertises 70, but b has nopreempt and does not take over from a living master",
      both: [.swap("rise 2", "rise 2\n    weight -30")]),
    LintCase(
      "KA052", "the priority rises from 100 to 130: the broken node is preferred",
      both: [preempting, .swap("rise 2", "rise 2\n    weight -30 reverse")]),
    LintCase(
      "KA053", "when service fails on both nodes, a has 50 and b 70: the address moves",
      both: [preempting],
      a: [.swap("rise 2", "rise 2\n    weight -50")], b: [.swap("rise 2", "rise 2\n    weight -10")]
    ),
    LintCase(
      "KA054", "when service fails on every node, all are in fault and nobody holds 172.17.16.3"),
    LintCase(
      "KA055", "priority and weights add up to 270, which counts as 254",
      both: [preempting, .swap("rise 2", "rise 2\n    weight 30")],
      a: [.swap("priority 100", "priority 240")]),
    LintCase(
      "KA055", "with all checks failing the priority would be -20, which counts as 1",
      both: [preempting, .swap("rise 2", "rise 2\n    weight -100")],
      a: [.swap("priority 100", "priority 80")], b: [.swap("priority 80", "priority 60")]),
    LintCase(
      "KA056", "service has a weight and is ignored because it is in vrrp_sync_group G",
      both: [
        .swap("rise 2", "rise 2\n    weight -30"),
        .end(second("VI_2", id: 52, on: "eth1", "10.0.0.9/24")), group,
      ]),
    LintCase(
      "KA056", "because of priority 255", both: [.swap("rise 2", "rise 2\n    weight -30")],
      a: [.swap("priority 100", "priority 255")]),
  ]

  static let preempting = Change.swap("    nopreempt\n", "")
  static let group = Change.end(
    "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}")
}
