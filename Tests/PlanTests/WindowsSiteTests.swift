// Sites with Windows nodes: what is read, what such a node has not, and the site that comes with the plans.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct `A site of Windows nodes` {
  private static let text = """
    version: 1
    site: cluster
    environment: test
    nodes:
      a:
        host: 10.0.0.11
        system: windows
        user: Administrator
        interface: Cluster
        address: 10.0.0.11
        other-way: {host: 192.0.2.11, user: admin}
        reboot: Restart-Computer -Force
      b: {host: 10.0.0.12, interface: eth0, address: 10.0.0.12}
    addresses: [10.0.0.100/24]
    capture: [{name: lan, interface: eth0}]

    """

  private func read(_ text: String) -> (Site?, [Diagnostic]) {
    SiteReader().read(text: text, path: "site.yaml")
  }

  private func messages(_ from: String, _ to: String) -> [String] {
    let text = Self.text.replacing(from, with: to)
    #expect(text != Self.text)
    return read(text).1.map { "\($0.code.rawValue) \($0.span.line): \($0.message)" }
  }

  @Test func `is read: both ways lead to PowerShell, and the cluster is its service`() throws {
    let (read, diagnostics) = read(Self.text)
    #expect(diagnostics.map(\.rendered) == [])
    let site = try #require(read)
    let a = site.nodes[0]
    #expect(a.system == .windows)
    #expect(a.otherWay?.system == .windows)
    #expect(a.services == ["cluster": .windows("ClusSvc")])
    #expect(a.reboot == .powerShell("Restart-Computer -Force"))
    #expect(site.nodes[1].system == .posix)
    #expect(site.nodes[1].services == ["keepalived": .unit("keepalived")])
    #expect(site.caveats.count == 1)
  }

  @Test func `is written and read back equal, and so is its journal`() throws {
    let site = try #require(read(Self.text).0)
    let (back, diagnostics) = read(SiteWriter.text(of: site))
    #expect(diagnostics.map(\.rendered) == [])
    #expect(back == site)
    #expect(try JSONDecoder().decode(Site.self, from: JSONEncoder().encode(site)) == site)
  }

  @Test func `has no sudo, no root and no list of words`() {
    #expect(
      messages("user: Administrator", "user: Administrator\n    sudo: true")
        == ["TK005 9: there is no sudo on a Windows node"])
    #expect(
      messages("    user: Administrator\n", "")
        == ["TK006 6: a Windows node needs user: nobody is called root there"])
    #expect(
      messages(", user: admin}", "}").map { String($0.prefix(5)) } == ["TK006"])
    #expect(
      messages("reboot: Restart-Computer -Force", "reboot: [shutdown, /r]")
        == ["TK007 12: a Windows node's shell takes no list of words"])
  }

  @Test func `has services of its own kind only, and a POSIX node none of them`() {
    let end = "    reboot: Restart-Computer -Force"
    #expect(
      messages(end, "    services: {web: {unit: nginx}}").map { String($0.prefix(8)) }
        == ["TK005 12"])
    #expect(messages(end, "    services: {web: {service: W3SVC}}") == [])
    #expect(
      messages(end, "    services: {web: {service: \"W3*\"}}").map { String($0.prefix(5)) } == [
        "TK020"
      ])
    #expect(
      messages("address: 10.0.0.12}", "address: 10.0.0.12, services: {web: {service: W3SVC}}}")
        .map { String($0.prefix(8)) } == ["TK005 13"])
  }

  @Test func `captures nothing itself`() {
    #expect(
      messages("interface: eth0}]", "interface: Cluster, through: a}]")
        == ["TK025 15: nothing is captured on a, a Windows node"])
    #expect(messages("interface: eth0}]", "interface: eth0, through: b}]") == [])
  }

  @Test func `comes with the plans, and says what nobody has tried`() throws {
    let file = PlansTests.folder.appending(path: "sites/windows-cluster.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let (site, diagnostics) = read(text)
    #expect(diagnostics.map(\.rendered) == [])
    #expect(try #require(site).nodes.allSatisfy { $0.system == .windows })
    #expect(text.contains("NOT YET RUN AGAINST A REAL CLUSTER"))
  }
}
