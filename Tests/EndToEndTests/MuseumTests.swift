// The museum of failures, Plans/museum: each plan fails on a real pair, by the checks that were named
// beforehand and by no others. All of it runs where TAKEOVER_MUSEUM is set, a sample everywhere.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The museum` {
  struct Case: Sendable, CustomTestStringConvertible {
    var plan: String
    /// What each trial fails by, in the order of the plan; none: it is a control, and passes.
    var caught: [Set<String>]
    var status: Int32 = 1
    /// Where it is run everywhere.
    var isSample = false
    var testDescription: String { plan }
  }

  static let cases = [
    Case(plan: "01-crash", caught: [["single-holder"]], isSample: true),
    Case(
      plan: "02-kill-one",
      caught: [[], ["takeover-within"], ["takeover-within", "single-holder"]]),
    Case(plan: "03-last-word", caught: [["last-word", "stale-within"]]),
    Case(plan: "04-lost-announcement", caught: [["announced-within", "caches-healed"]]),
    Case(
      plan: "05-second-owner", caught: [["single-holder", "right-node-within", "strangers"]]),
    Case(plan: "06-ipv6", caught: [["announced-within", "caches-healed"]]),
    Case(plan: "07-address-stripped", caught: [["unowned-within"]]),
    Case(plan: "08-reload", caught: [[], ["stays", "unowned-within"]]),
    Case(plan: "09-firewall", caught: [["single-holder"]]),
    Case(plan: "10-one-way-loss", caught: [["single-holder", "announcements-per-second"]]),
    Case(plan: "11-same-vrid", caught: [["stays", "unowned-within", "strangers"]]),
    Case(plan: "12-password", caught: [["single-holder"], []]),
    Case(plan: "13-state-master", caught: [[], ["failback"]]),
    Case(plan: "14-weighted-check", caught: [["takeover-within", "service-within"]]),
    Case(plan: "15-standby-flashes", caught: [["stays", "single-holder"]]),
    Case(plan: "16-starvation", caught: [[], ["stays"], ["stays", "single-holder"]]),
    Case(plan: "17-random-loss", caught: [["stays"], ["stays", "transitions-at-most"]]),
    Case(plan: "18-hung-service", caught: [["takeover-within", "service-within"]]),
    Case(plan: "19-cannot-bind", caught: [["service-within"]]),
    Case(plan: "20-strict", caught: [["outage-within", "service-within"]]),
    Case(plan: "21-established", caught: [["established-reset-within"]]),
    Case(
      plan: "22-ordinary-address",
      caught: [["outage-within", "binding-follows", "refused-announcements-at-most"]],
      isSample: true),
    Case(
      plan: "23-not-associated",
      caught: [["outage-within", "binding-follows", "refused-announcements-at-most"]]),
    Case(plan: "24-no-multicast", caught: [["single-holder"]]),
    Case(plan: "25-binding-lag", caught: [["outage-within", "fabric-lag"]]),
    Case(plan: "26-late-promotion", caught: [["read-only-within"]]),
    Case(plan: "27-lost-writes", caught: [["acknowledged-lost"]]),
    Case(plan: "28-old-primary", caught: [["one-writer"]], isSample: true),
    Case(plan: "29-nothing-happened", caught: [[]], status: 2, isSample: true),
    Case(plan: "30-own-way", caught: [["takeover-within"]]),
    Case(plan: "31-rolling-change", caught: [["single-holder"]]),
    Case(plan: "32-kernel-without", caught: [["states-agree-within"]]),
    Case(plan: "33-called-race", caught: [["outage-within", "binding-follows"]]),
  ]

  private static let isWhole = ProcessInfo.processInfo.environment["TAKEOVER_MUSEUM"] != nil

  @Test(arguments: cases.filter { $0.isSample || isWhole })
  func `is caught by what was named`(one: Case) async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let ended = try await place.run("run", "Plans/museum/\(one.plan).yaml")
      #expect(ended.status == one.status, "\(ended.messages)\(ended.output)")
      let trials = try place.trials()
      #expect(trials.count == one.caught.count)
      for (trial, expected) in zip(trials, one.caught) {
        let findings = try #require(trial["findings"] as? [[String: Any]])
        let failed = findings.filter { $0["outcome"] as? String == "fail" }
        #expect(Set(failed.compactMap { $0["check"] as? String }) == expected, "\(ended.output)")
        let outcome = one.status == 2 ? "unknown" : expected.isEmpty ? "pass" : "fail"
        #expect(trial["outcome"] as? String == outcome, "\(ended.output)")
      }
    }
  }

  @Test func `has its row for each of its plans`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Plans/museum")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == Self.cases.map { $0.plan + ".yaml" })
  }
}
