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

  @Test func `stop conditions are read, each by itself`() throws {
    let all = Self.reading(
      "name: sample",
      """
      name: sample
      stop-if:
        nobody-holds: 30s
        several-hold: 20s
        unreachable: 1m
        no-verdict: 3
      """)
    #expect(all.1.isEmpty)
    #expect(
      all.0?.stopIf
        == StopLimits(
          nobodyHolds: .seconds(30), severalHold: .seconds(20), unreachable: .seconds(60),
          noVerdict: 3))
    let one = Self.reading("name: sample", "name: sample\nstop-if: {unreachable: 5s}")
    #expect(one.0?.stopIf == StopLimits(unreachable: .seconds(5)))
    #expect(try #require(Sample.planReader.read(text: Sample.plan, path: "").0).stopIf.isEmpty)
  }

  @Test(arguments: [
    ("{nobody-holds: 0s}", "TK028 3:25"), ("{nobody-holds: never}", "TK028 3:25"),
    ("{several-hold: 900ms}", "TK028 3:25"), ("{several-hold: 2h}", "TK028 3:25"),
    ("{unreachable: 30}", "TK008 3:24"), ("{no-verdict: 0}", "TK009 3:23"),
    ("{nobody-hold: 3s}", "TK005 3:11"), ("{}", "TK017 3:10"), ("30s", "TK007 3:10"),
  ])
  func `a stop condition that is none is refused`(text: String, place: String) {
    let (plan, diagnostics) = Self.reading("name: sample", "name: sample\nstop-if: \(text)")
    #expect(plan == nil)
    #expect(Sample.places(diagnostics) == [place])
  }

  @Test func `a site's windows and their clock are read, and written back`() throws {
    let text =
      SiteTests.text + """
        windows: [22:00-06:00, "Sat,Sun 00:00-24:00"]
        timezone: Europe/Berlin

        """
    let (read, diagnostics) = SiteReader().read(text: text, path: "")
    #expect(diagnostics.map(\.rendered) == [])
    let site = try #require(read)
    #expect(site.windows.map(\.description) == ["22:00-06:00", "Sat,Sun 00:00-24:00"])
    #expect(site.timezone == "Europe/Berlin")
    #expect(SiteReader().read(text: SiteWriter.text(of: site), path: "").0 == site)
    let always = try #require(SiteReader().read(text: SiteTests.text, path: "").0)
    #expect(always.windows.isEmpty && always.timezone == "UTC")

    let bytes = try JSONEncoder().encode(site)
    #expect(try JSONDecoder().decode(Site.self, from: bytes) == site)
    var object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(object.removeValue(forKey: "windows") != nil)
    #expect(object.removeValue(forKey: "timezone") != nil)
    let old = try JSONDecoder().decode(
      Site.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old == always)
  }

  @Test(arguments: [
    ("windows: []", "TK017 19:10"), ("windows: 22:00-06:00", "TK007 19:10"),
    ("windows: [22:00-6:00]", "TK029 19:11"), ("windows: [mon 22:00-06:00]", "TK029 19:11"),
    ("windows: [06:00-06:00]", "TK029 19:11"), ("timezone: Europe/Berln", "TK030 19:11"),
    ("timezone: CST", "TK030 19:11"), ("timezone: GMT+1", "TK030 19:11"),
    ("timezone: ../../etc/passwd", "TK030 19:11"),
  ])
  func `a window or a clock that is none is refused`(line: String, place: String) {
    #expect(SiteTests.places(SiteTests.text + line + "\n") == [place])
  }

  @Test func `a mistyped time zone gets a suggestion`() {
    let text = SiteTests.text + "timezone: Europe/Berln\n"
    let diagnostics = SiteReader().read(text: text, path: "").1
    #expect(diagnostics.map(\.suggestion) == ["did you mean \"Europe/Berlin\"?"])
  }

  @Test func `a trial that no window is long enough for does not fit the site`() throws {
    let plan = try #require(Sample.planReader.read(text: Sample.plan, path: "plan.yaml").0)
    var site = FaultTests.site()
    // 5 s hold, 2 s settle, twice 30 s to be redundant.
    #expect(plan.trials[0].worst == .seconds(67))
    site.windows = [try #require(TimeWindow("22:00-22:02"))]
    #expect(PlanFit.misfits(of: plan, on: site).isEmpty)
    site.windows = [try #require(TimeWindow("22:00-22:01"))]
    #expect(
      PlanFit.misfits(of: plan, on: site).map(\.problem) == [
        "plan.yaml:4: one: it may take 67s, longer than any window of pair is open"
      ])
  }

  /// What the schema says of a window is what the reader says, but for one that is empty.
  @Test func `the schema's pattern of a window agrees with the reader`() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(Schema.site.utf8)) as? [String: Any])
    let properties = try #require(object["properties"] as? [String: [String: Any]])
    let items = try #require(properties["windows"]?["items"] as? [String: Any])
    let pattern = try Regex(try #require(items["pattern"] as? String))
    for text in [
      "22:00-06:00", "Sat,Sun 00:00-24:00", "Mon-Fri 01:30-05:00", "24:00-06:00", "22:00-24:01",
      "mon 01:00-02:00", "Mon  01:00-02:00", "Mon, 01:00-02:00", "Mon-Tue-Wed 01:00-02:00",
      "22:00-00:00", "1:00-02:00",
    ] {
      #expect((text.firstMatch(of: pattern) != nil) == (TimeWindow(text) != nil), "\(text)")
    }
  }
}
