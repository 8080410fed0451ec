// Site files: what is read, what is refused, and that writing and reading are each other's inverse.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct SiteTests {
  static let text = """
    version: 1
    site: my-pair
    environment: test
    nodes:
      a: {host: 10.0.0.1, interface: eth0, address: 10.0.0.1}
      b:
        host: b.example
        port: 2222
        user: admin
        sudo: true
        interface: eth0
        address: [10.0.0.2, "fd00::2"]
        services:
          proxy: {start: [systemctl, start, haproxy], stop: kill 1, active: "true", main-process: pidof x}
    addresses: [10.0.0.100/24]
    vrid: 51
    capture: [{name: lan, interface: eth0, node: a}]
    probes: {from: {name: here, interface: eth0}, arp: never, connect: 10ms, port: 443}

    """

  static func places(_ text: String) -> [String] {
    Sample.places(SiteReader().read(text: text, path: "site.yaml").1)
  }

  @Test func `a site is read with its standards`() throws {
    let (read, diagnostics) = SiteReader().read(text: Self.text, path: "")
    let site = try #require(read)
    #expect(diagnostics.isEmpty)
    #expect(site.nodes.map(\.name) == ["a", "b"])
    #expect(site.nodes[0].reach == Reach(host: "10.0.0.1"))
    #expect(site.nodes[0].services == ["keepalived": .unit("keepalived")])
    #expect(site.nodes[1].reach == Reach(host: "b.example", port: 2222, user: "admin", sudo: true))
    #expect(site.nodes[1].addresses.count == 2)
    #expect(site.nodes[1].services["proxy"]?.start == Command("systemctl", "start", "haproxy"))
    #expect(site.nodes[1].services["proxy"]?.stop == .script("kill 1"))
    #expect(site.probing == Probing(arp: nil, connect: .milliseconds(10), port: 443))
    #expect(site.captures == [CapturePoint(name: "lan", interface: "eth0", node: "a")])
  }

  @Test func `what is written is read back equal`() throws {
    let read = try #require(SiteReader().read(text: Self.text, path: "").0)
    var odd = read
    odd.nodes[0].reach.identity = "~/it's \"my\" key\\\n\u{1f511}: #x & *y"
    odd.nodes[0].reach.knownHosts = "/etc/ssh/known hosts"
    odd.nodes[0].reach.namespace = "/run/netns/fabric"
    odd.nodes[0].reach.client = .openssh
    odd.nodes[0].reach.config = "~/.ssh/config of lab"
    odd.nodes[1].services["odd"] = .commands(
      ServiceCommands(
        start: .script("a\n\tb $1"), stop: .script("b", ["parameter"]), isActive: Command("true"),
        mainProcess: Command("sh", "-c", "echo \"1\""), reload: .script("kill -HUP 1")))
    odd.machines = [
      Machine(
        name: "desk", reach: Reach(host: "desk.example", user: "me", knownHosts: "k", sudo: true))
    ]
    odd.vantages = [VantagePoint(name: "far", interface: "en0", through: "desk")]
    odd.captures = [
      CapturePoint(name: "far", interface: "eth0", node: "a", through: "a"),
      CapturePoint(name: "trunk", interface: "eth1", vlan: 4094),
      CapturePoint(name: "desk", interface: "en0", namespace: "/run/netns/x", through: "desk"),
    ]
    odd.vrid = nil
    odd.probing.echo = .microseconds(1_500)
    odd.nodes[0].services = [:]
    for site in [read, odd] {
      let (back, diagnostics) = SiteReader().read(text: SiteWriter.text(of: site), path: "written")
      #expect(diagnostics.map(\.rendered) == [])
      #expect(back == site)
    }
  }

  @Test func `a capture on a node is its own port, one on a third machine a shared segment`() throws
  {
    let text = Self.text.replacing(
      "capture: [{name: lan, interface: eth0, node: a}]",
      with: """
        machines: {desk: {host: desk.example}}
        capture:
          - {name: one, interface: eth0, through: b}
          - {name: two, interface: eth0, through: desk}
        """)
    let site = try #require(SiteReader().read(text: text, path: "").0)
    #expect(site.captures.map(\.node) == ["b", nil])
    #expect(site.reach(of: "desk") == Reach(host: "desk.example"))
    #expect(site.reach(of: "a") == Reach(host: "10.0.0.1"))
  }

  @Test func `what goes through nobody, and a machine called as a node, are refused`() {
    let text = Self.text.replacing(
      "vrid: 51", with: "vrid: 51\nmachines: {b: {host: h}}"
    ).replacing("node: a}", with: "through: c}").replacing(
      "from: {name: here,", with: "from: {through: d, name: here,")
    #expect(Self.places(text).count == 3, "\(Self.places(text))")
  }

  @Test func `a way to a node from before there was a choice of client is read`() throws {
    let old = #"{"host": "h", "port": 22, "user": "root", "sudo": true}"#
    let reach = try JSONDecoder().decode(Reach.self, from: Data(old.utf8))
    #expect(reach == Reach(host: "h", sudo: true))
    let new = Reach(host: "h", client: .libssh2, config: "none")
    #expect(try JSONDecoder().decode(Reach.self, from: JSONEncoder().encode(new)) == new)
    #expect(
      Self.places(Self.text.replacing("sudo: true", with: "client: putty")) == ["TK011 10:13"])
  }

  @Test func `two nodes with one address are refused`() {
    let text = Self.text.replacing("[10.0.0.2,", with: "[10.0.0.1,")
    #expect(Self.places(text) == ["TK023 12:15"])
  }

  @Test func `a capture behind a node that does not exist is refused`() {
    #expect(Self.places(Self.text.replacing("node: a", with: "node: c")) == ["TK025 17:46"])
  }

  @Test(arguments: ["0", "4095"]) func `a network that no tag can name is refused`(vlan: String) {
    #expect(Self.places(Self.text.replacing("node: a", with: "vlan: \(vlan)")) == ["TK009 17:46"])
  }

  @Test func `a capture through a node that does not exist is refused`() {
    #expect(Self.places(Self.text.replacing("node: a", with: "through: c")) == ["TK025 17:49"])
  }

  @Test func `a node is not called as a role`() {
    #expect(
      Self.places(Self.text.replacing("  a: {host", with: "  holder: {host")).contains("TK020 5:3"))
  }

  @Test func `a pair has two nodes`() {
    let line = "  b:\n    host: b.example\n"
    #expect(Self.text.contains(line))
    let one = """
      version: 1
      site: one
      environment: test
      nodes: {a: {host: h, interface: eth0, address: 10.0.0.1}}
      addresses: [10.0.0.100/24]

      """
    #expect(Self.places(one) == ["TK017 4:8"])
  }

  @Test func `a virtual address needs its prefix length, and names their rules`() {
    #expect(Self.places(Self.text.replacing("100/24", with: "100")) == ["TK019 15:13"])
    #expect(Self.places(Self.text.replacing("100/24", with: "100/33")) == ["TK019 15:13"])
    #expect(Self.places(Self.text.replacing("my-pair", with: "My_Pair")) == ["TK020 2:7"])
    #expect(
      Self.places(
        Self.text.replacing("lan, interface: eth0", with: "lan, interface: abcdefghijklmnop"))
        == ["TK020 17:34"])
  }

  @Test func `the nearest alternative's mistake is the one that is told`() {
    let service = Self.text.replacing("main-process: pidof x", with: "main-proces: pidof x")
    #expect(Self.places(service).allSatisfy { $0.hasPrefix("TK005 14") || $0.hasPrefix("TK006") })
    #expect(Self.places(Self.text.replacing("arp: never", with: "arp: 20")) == ["TK008 18:52"])
  }
}
