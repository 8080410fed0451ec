// A lab file's cloud subnet: what is read of it, and what it must agree with.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct LabFabricFileTests {
  /// Line 8 is the fabric's.
  static func read(_ fabric: String, addresses: String = "172.17.16.3/32, 172.17.16.4/32")
    -> (LabDescription?, [Diagnostic])
  {
    let text = """
      version: 1
      lab: pair
      nodes:
        a: {address: 172.17.16.7/24, priority: 100}
        b: {address: 172.17.16.13/24, priority: 80, files: havip/b}
      clients: {client: 172.17.16.20/24}
      addresses: [\(addresses)]
      fabric: {\(fabric)}

      """
    return LabReader().read(text: text, path: "lab.yaml")
  }

  @Test func `a fabric is read with its standards`() throws {
    let (lab, diagnostics) = Self.read("lag: 4s")
    #expect(diagnostics.isEmpty)
    #expect(lab?.fabric == LabFabric(lag: .seconds(4)))
    #expect(Self.read("").0?.fabric == LabFabric())
    #expect(lab?.nodes.map(\.files?.folder) == [nil, "havip/b"])
  }

  @Test func `a fabric is read as a whole`() throws {
    let (lab, diagnostics) = Self.read(
      "lag: 0s, havips: [172.17.16.3], associated: [a, client], announcements-per-second: 50, "
        + "owned: {172.17.16.9: b}")
    #expect(diagnostics.isEmpty)
    #expect(
      lab?.fabric
        == LabFabric(
          lag: .zero, havips: [.v4(0xac11_1003)], associated: ["a", "client"],
          announcementsPerSecond: 50, owned: [.init(.v4(0xac11_1009), by: "b")]))
    #expect(
      Self.read("havips: [], associated: []").0?.fabric == LabFabric(havips: [], associated: []))
  }

  @Test(arguments: [
    ("lag: 4", "TK008"), ("announcements-per-second: 0", "TK009"), ("associated: [c]", "TK025"),
    ("owned: {172.17.16.9: c}", "TK025"), ("owned: {nine: a}", "TK019"),
    ("owned: {172.17.16.7: a}", "TK023"), ("havips: [172.17.16.5]", "TK019"),
    ("havips: [172.17.16.3], owned: {172.17.16.3: a}", "TK023"), ("may-bind: [a]", "TK005"),
    ("owned: {10.0.0.1: a}", "TK028"),
  ]) func `what does not agree is refused in its place`(fabric: String, code: String) {
    let (lab, diagnostics) = Self.read(fabric)
    #expect(lab == nil)
    let places = Sample.places(diagnostics)
    #expect(places.count == 1 && places.allSatisfy { $0.hasPrefix("\(code) 8:") }, "\(places)")
  }

  @Test func `its addresses are IPv4 and in the first node's subnet`() {
    #expect(
      Sample.places(Self.read("lag: 1s", addresses: "10.0.0.3/32").1) == ["TK028 7:13"])
    #expect(
      Sample.places(Self.read("lag: 1s", addresses: "\"fd00::3/128\"").1) == ["TK019 7:13"])
  }
}
