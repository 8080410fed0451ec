// The keys that keep a run from doing harm: what they are without a word, and what they refuse.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct GuardKeyTests {
  private static func reading(_ right: String, _ wrong: String) -> (Plan?, [Diagnostic]) {
    Sample.planReader.read(
      text: Sample.plan.replacing(right, with: wrong), path: "plan.yaml")
  }

  private static func lease(_ text: String) -> (Plan?, [Diagnostic]) {
    reading("name: sample", "name: sample\nlease: \(text)")
  }

  @Test func `a plan that says nothing of a lease has one of a minute`() throws {
    let plan = try #require(Sample.planReader.read(text: Sample.plan, path: "").0)
    #expect(plan.lease == .seconds(60))
    #expect(plan.trials.map(\.allowsOutage) == [false])
  }

  @Test(arguments: [("5s", 5), ("90s", 90), ("2m", 120)])
  func `a lease within its bounds is the plan's`(text: String, seconds: Int) throws {
    let (plan, diagnostics) = Self.lease(text)
    #expect(diagnostics.isEmpty)
    #expect(plan?.lease == .seconds(seconds))
  }

  @Test(arguments: ["0", "0s", "none", "never", "off", "false"])
  func `a lease is never off`(text: String) throws {
    let (plan, diagnostics) = Self.lease(text)
    #expect(plan == nil)
    #expect(Sample.places(diagnostics) == ["TK028 3:8"])
    #expect(diagnostics.first?.message.contains("never off") == true)
  }

  @Test(arguments: ["4999ms", "121s", "1h"])
  func `a lease beyond its bounds is refused, and they are named`(text: String) {
    let (plan, diagnostics) = Self.lease(text)
    #expect(plan == nil)
    #expect(diagnostics.map(\.message) == ["\(text) is not within 5s to 120s"])
  }

  @Test func `a lease without a unit is no duration`() {
    #expect(Sample.places(Self.lease("60").1) == ["TK008 3:8"])
  }

  @Test func `who hits both says that nobody needs to survive`() throws {
    let (plan, diagnostics) = Self.reading("hold: 5s", "target: both\n    hold: 5s")
    #expect(plan == nil)
    #expect(Sample.places(diagnostics) == ["TK027 6:13"])
    #expect(diagnostics.first?.suggestion == "add allow-outage: true if that is meant")
    let refused = Self.reading(
      "hold: 5s", "target: both\n    allow-outage: false\n    hold: 5s")
    #expect(Sample.places(refused.1) == ["TK027 6:13"])
    let allowed = Self.reading("hold: 5s", "target: both\n    allow-outage: true\n    hold: 5s")
    #expect(allowed.1.isEmpty)
    #expect(allowed.0?.trials.map(\.allowsOutage) == [true])
    #expect(allowed.0?.trials.map(\.target) == [.both])
  }

  @Test func `a standby is nobody where there is one node`() throws {
    let plan = try #require(
      Self.reading("hold: 5s", "target: standby\n    hold: 5s").0)
    var site = FaultTests.site()
    #expect(PlanFit.misfits(of: plan, on: site).isEmpty)
    site.nodes.removeLast(site.nodes.count - 1)
    #expect(
      PlanFit.misfits(of: plan, on: site).map(\.problem) == [
        "plan.yaml:4: one: the site pair has no standby: 1 of 2 nodes"
      ])
  }

  @Test func `a plan from before there were leases is read from its journal`() throws {
    var plan = try #require(Sample.planReader.read(text: Sample.plan, path: "").0)
    plan.lease = .seconds(7)
    plan.trials[0].allowsOutage = true
    let bytes = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(Plan.self, from: bytes) == plan)
    var object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(object.removeValue(forKey: "lease") != nil)
    var trials = try #require(object["trials"] as? [[String: Any]])
    #expect(trials[0].removeValue(forKey: "allowsOutage") != nil)
    object["trials"] = trials
    let old = try JSONDecoder().decode(
      Plan.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old.lease == Plan.standardLease)
    #expect(old.trials.map(\.allowsOutage) == [false])
    #expect(old.trials.map(\.hold) == plan.trials.map(\.hold))
  }
}
