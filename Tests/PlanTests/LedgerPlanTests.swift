// Plans that need a ledger: what they may promise, and where one can be kept.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct LedgerPlanTests {
  private static func text(_ check: String) -> String {
    Sample.plan.replacing("takeover-within: 4s", with: check)
  }

  private static func misfits(_ check: String, _ site: Site) throws -> [String] {
    let (plan, diagnostics) = Sample.planReader.read(text: text(check), path: "plan.yaml")
    let read = try #require(plan, "\(diagnostics.map(\.rendered))")
    return PlanFit.misfits(of: read, on: site).map(\.complaint.problem)
  }

  @Test(arguments: [
    "acknowledged-lost: none", "acknowledged-lost: at most 5", "read-only-within: 3s",
    "writes-resume-within: 7s", "one-writer: at the end",
  ])
  func `each needs a database, and a client of this machine`(check: String) throws {
    var site = FaultTests.site()
    let name = check.prefix { $0 != ":" }
    #expect(try Self.misfits(check, site) == ["the site pair names no database for \(name)"])
    site.database = Database()
    #expect(try Self.misfits(check, site).map { $0.contains("no vantage point here") } == [true])
    site.vantages = [VantagePoint(name: "far", interface: "eth0", through: "rogue")]
    #expect(try Self.misfits(check, site).count == 1)
    site.vantages.append(VantagePoint(name: "here", interface: "eth0"))
    #expect(try Self.misfits(check, site) == [])
    #expect(try Self.misfits("stays: during", FaultTests.site()) == [])
  }

  @Test(arguments: ["acknowledged-lost: some", "acknowledged-lost: at most many"])
  func `what is no number of rows is refused where it stands`(check: String) {
    #expect(Sample.places(Self.text(check)).map { $0.prefix(5) } == ["TK031"])
  }

  @Test func `a writer is one at the end, or not at all`() {
    #expect(Sample.places(Self.text("one-writer: always")).map { $0.prefix(5) } == ["TK011"])
  }
}
