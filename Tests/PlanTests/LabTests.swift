// Lab files: what is read, and what keepalived could not do.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct LabFileTests {
  static func text(_ keepalived: String) -> String {
    """
    version: 1
    lab: pair
    nodes:
      a: {address: 172.17.16.7/24, priority: 100}
      b: {address: 172.17.16.13/24, priority: 80, image: host, init: plain, management: in-band}
    clients: {client: 172.17.16.20/24}
    addresses: [172.17.16.3/32]
    keepalived: {\(keepalived)}

    """
  }

  static func places(_ keepalived: String) -> [String] {
    Sample.places(LabReader().read(text: text(keepalived), path: "lab.yaml").1)
  }

  @Test func `a lab is read with the model's standards`() throws {
    let (read, diagnostics) = LabReader().read(text: Self.text("vrid: 7"), path: "")
    let lab = try #require(read)
    #expect(diagnostics.isEmpty)
    #expect(lab.keepalived == LabKeepalived(vrid: 7))
    #expect(lab.nodes[0].image == .suite("bookworm"))
    #expect(lab.nodes[1].image == .host)
    #expect(lab.nodes[1].firstProcess == .plain)
    #expect(lab.nodes[1].management == .inBand)
    #expect(lab.clients.map(\.name) == ["client"])
    #expect(lab.servicePort == 80)
  }

  @Test func `a check is read with its standards, where there is one`() {
    let check = "check: {interval: 2s, weight: -20}"
    let lab = LabReader().read(text: Self.text(check), path: "").0
    #expect(lab?.keepalived.check == LabCheck(interval: .seconds(2), weight: -20))
    #expect(LabReader().read(text: Self.text("vrid: 7"), path: "").0?.keepalived.check == nil)
  }

  @Test func `a lab may have a virtual router for each address, if there are vrids for all`() {
    let lab = LabReader().read(text: Self.text("instances: per-address"), path: "").0
    #expect(lab?.keepalived == LabKeepalived(instances: .perAddress))
    let last = Self.text("vrid: 255, instances: per-address")
    #expect(LabReader().read(text: last, path: "").0 != nil)
    let two = last.replacing("172.17.16.3/32", with: "172.17.16.3/32, 172.17.16.4/32")
    #expect(Sample.places(LabReader().read(text: two, path: "").1) == ["TK022 8:20"])
  }

  @Test func `version 3 has no password unless it is asked for one, which is refused`() throws {
    let lab = LabReader().read(text: Self.text("version: 3, interval: 100ms"), path: "").0
    #expect(lab?.keepalived.password == nil)
    #expect(lab?.keepalived.interval == .milliseconds(100))
    #expect(Self.places("version: 3, password: secret") == ["TK022 8:36"])
  }

  @Test(arguments: [
    "interval: 500ms", "interval: 1500ms", "interval: 0s", "interval: 256s",
    "version: 3, interval: 5ms", "version: 3, interval: 15ms", "version: 3, interval: 41s",
    "preempt-delay: 5s", "garp-master-delay: 100ms", "check: {interval: 500ms}",
    "check: {timeout: 0s}", "password: \"a b\"",
  ])
  func `what keepalived could not do is refused`(keepalived: String) {
    #expect(Self.places(keepalived).allSatisfy { $0.hasPrefix("TK022 8:") })
    #expect(Self.places(keepalived).count == 1)
  }

  @Test(arguments: [
    ("vrid: 0", "TK009"), ("vrid: 256", "TK009"), ("version: 4", "TK009"), ("mode: both", "TK011"),
    ("preempt: yes", "TK010"), ("interval: 1", "TK008"), ("intervall: 1s", "TK005"),
  ])
  func `what is out of range is refused`(keepalived: String, code: String) {
    #expect(Self.places(keepalived).allSatisfy { $0.hasPrefix(code) })
    #expect(Self.places(keepalived).count == 1)
  }

  @Test func `priorities are 1 to 254, and every address and name is used once`() {
    let text = Self.text("vrid: 51").replacing("priority: 100", with: "priority: 255")
      .replacing("client: 172.17.16.20", with: "a: 172.17.16.13")
    let diagnostics = LabReader().read(text: text, path: "").1
    #expect(Sample.places(diagnostics) == ["TK009 4:42", "TK018 6:11", "TK023 6:14"])
  }
}
