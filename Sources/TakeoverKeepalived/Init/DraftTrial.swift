// The trials that a configuration makes interesting, each with the reason in the user's words.

internal import TakeoverModel

struct DraftTrial: Hashable, Sendable {
  var name: String
  /// Whole sentences; comments in the plan.
  var why: String
  var fault: String
  /// `key: value` lines beside `fault`.
  var parameters: [String]
  var consequence: Consequence

  init(
    _ name: String, _ fault: String, _ parameters: [String] = [], means consequence: Consequence,
    why: String
  ) {
    self.name = name
    self.why = why
    self.fault = fault
    self.parameters = parameters
    self.consequence = consequence
  }
}

extension DraftTrial {
  /// What every pair must stand.
  static let always = [
    DraftTrial(
      "an orderly stop", "stop-service", means: .goodbye,
      why: "The holder's keepalived is stopped, as by an operator or a package upgrade: it says "
        + "goodbye."),
    DraftTrial(
      "a crash of keepalived", "kill-process", means: .silence(.kept),
      why: "All of the holder's keepalived dies at once. Its kernel keeps the addresses until "
        + "keepalived is started again, so two nodes have them meanwhile: VRRP has nothing against "
        + "that."),
    DraftTrial(
      "a crash of the VRRP process alone", "kill-process", ["scope: child"],
      means: .silence(.restarted),
      why: "The process that speaks VRRP dies; its parent starts a new one, which takes the "
        + "addresses off the node first."),
    DraftTrial(
      "keepalived stands still", "freeze-process", means: .silence(.frozen),
      why: "The holder's keepalived stands still, as in a starved or paused machine, and goes on "
        + "as the master that it was."),
    DraftTrial(
      "a reload without a change", "reload-unchanged", means: .nothing,
      why: "Reading the same configuration again must not be felt."),
  ]

  /// Unicast advertisements have peers that can be cut off; multicast ones are dropped as they leave.
  static func partition(isUnicast: Bool) -> DraftTrial {
    isUnicast
      ? DraftTrial(
        "the nodes are cut off from each other", "partition-peer", means: .cutOff,
        why: "The unicast peers lose each other, and nobody else: both become master until they "
          + "meet again.")
      : DraftTrial(
        "the holder's advertisements are lost", "drop-traffic",
        ["protocol: vrrp", "direction: out", "peer: any"], means: .unheard,
        why: "The multicast advertisements do not arrive: both become master until they do again.")
  }

  static func linkDown(_ interface: String) -> DraftTrial {
    DraftTrial(
      "the holder's link is down", "link-down", means: .linkDown(nil),
      why: "keepalived tracks \(interface): the holder gives up with it, and has no way left to "
        + "say so.")
  }

  /// Of a check that a node runs by its path.
  static func checks(_ check: Speaker.Check) -> [DraftTrial] {
    [
      DraftTrial(
        "the check \(check.name) fails", "check-fails", ["script: \(check.program)"],
        means: .checkFails(check.program),
        why: "The health check says no, \(check.fall) times in a row."),
      DraftTrial(
        "the check \(check.name) hangs", "check-hangs", ["script: \(check.program)"],
        means: .checkHangs(check.program),
        why: "The health check does not come back; keepalived ends it after "
          + "\(TimeText.chosen(check.timeout)), and that counts as a failure."),
    ]
  }
}
