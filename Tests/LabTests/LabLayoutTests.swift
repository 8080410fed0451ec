// What is decided before anything is touched: addresses, site, commands, refusals.

import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct LabLayouts {
  private func layout(_ description: LabDescription = LabSamples.pair()) throws -> LabLayout {
    try LabLayout(description, in: LabSamples.folders)
  }

  @Test func `the site is reached through the fabric and watched at its ports`() throws {
    let folder = "/run/takeover/labs/pair"
    let fabric = folder + "/fabric"
    let services: [String: ServiceControl] = [
      "ssh": .unit("ssh"), "haproxy": .unit("haproxy"), "keepalived": .unit("keepalived"),
    ]
    let node = { (name: String, management: String, host: UInt32, priority: Int) in
      Node(
        name: name,
        reach: Reach(
          host: management, identity: folder + "/keys/user",
          knownHosts: folder + "/keys/known_hosts", namespace: fabric,
          config: "none"),
        interface: "eth0", addresses: [LabSamples.address(host)], services: services,
        priority: priority)
    }
    let expected = Site(
      name: "pair", environment: .lab,
      nodes: [node("a", "192.168.77.11", 7, 100), node("b", "192.168.77.12", 13, 80)],
      addresses: [VirtualAddress(LabSamples.address(3), prefix: 24)], vrid: 51,
      captures: [
        CapturePoint(name: "a", interface: "a", namespace: fabric, node: "a"),
        CapturePoint(name: "b", interface: "b", namespace: fabric, node: "b"),
        CapturePoint(name: "client", interface: "client", namespace: fabric),
      ],
      vantages: [
        VantagePoint(
          name: "client", interface: "eth0", namespace: folder + "/machines/client/net")
      ],
      probing: Probing(
        arp: .milliseconds(20), echo: .milliseconds(10), connect: .milliseconds(10), port: 80))
    var site = try layout().site
    for index in site.nodes.indices {
      #expect(Set(site.nodes[index].outside?.acts.keys ?? [:].keys) == Set(Outside.Act.allCases))
      site.nodes[index].outside = nil
    }
    #expect(site == expected)
  }

  @Test func `a fabric that binds addresses to some nodes drops them at the others' ports`() throws
  {
    var description = LabSamples.pair()
    #expect(try LabLayout(description, in: LabSamples.folders).guardFabric() == nil)
    description.mayBind = ["a"]
    let command = try LabLayout(description, in: LabSamples.folders).guardFabric()
    let table = try #require(command?.asScript?.parameters.last)
    #expect(
      table.split(separator: "\n").filter { $0.contains("drop") }.map { $0.drop { $0 == " " } } == [
        "iifname { \"b\" } arp saddr ip { 172.17.16.3 } drop",
        "iifname { \"b\" } ip saddr { 172.17.16.3 } drop",
        "oifname { \"b\" } ip daddr { 172.17.16.3 } drop",
      ])
  }

  @Test func `a machine beside the pair has a way there, and no part in the pair`() throws {
    var description = LabSamples.pair()
    description.machines = [
      LabNode(
        machine: LabMachine(name: "rogue", address: LabSamples.address(66), prefix: 24), priority: 1
      )
    ]
    let layout = try LabLayout(description, in: LabSamples.folders)
    let site = layout.site
    #expect(site.nodes.map(\.name) == ["a", "b"])
    #expect(site.others.map(\.name) == ["rogue"])
    #expect(site.others.first?.addresses == [LabSamples.address(66)])
    #expect(site.captures.first { $0.name == "rogue" }?.node == nil)
    let rogue = try #require(layout.machines.first { $0.name == "rogue" })
    let files = layout.files(for: rogue)
    #expect(!files.contains { $0.path.contains("keepalived") })
    #expect(!files.contains { $0.content.contains("keepalived.service") })
    let member = try #require(layout.machines.first { $0.name == "a" })
    #expect(!layout.keepalivedConfiguration(for: member).contains("172.17.16.66"))
  }

  @Test func `the bridges and the cables are these`() throws {
    let layout = try layout()
    let fabric = try #require(layout.makeFabric().asScript)
    #expect(
      Array(fabric.parameters) == [
        "/run/takeover/labs/pair/fabric", "/cache/\(LabImage.suite("bookworm").name)",
        """
        link set dev lo up
        link add name lan address 02:9a:31:04:00:00 type bridge \
        stp_state 0 forward_delay 0 mcast_snooping 0
        link set dev lan up
        link add name management address 02:9a:31:04:00:01 type bridge \
        stp_state 0 forward_delay 0 mcast_snooping 0
        link set dev management up
        """,
        "address add 192.168.77.1/24 dev management", "",
      ])
    let boot = try #require(layout.boot(layout.machines[1]).asScript)
    #expect(
      Array(boot.parameters.prefix(7)) == [
        "/run/takeover/labs/pair/machines/b", "/cache/\(LabImage.suite("bookworm").name)",
        "/run/takeover/labs/pair/fabric", "b", "systemd", "takeover-pair/b",
        """
        link set dev lo up
        link set dev eth0 up
        address add 172.17.16.13/24 dev eth0
        link set dev eth1 up
        address add 192.168.77.12/24 dev eth1
        """,
      ])
    #expect(
      Array(boot.parameters.suffix(10)) == [
        "lan", "b", "02:9a:31:01:00:01", "eth0", "02:9a:31:00:00:01",
        "management", "b.m", "02:9a:31:03:00:01", "eth1", "02:9a:31:02:00:01",
      ])
  }

  @Test func `a lab is made in this order`() throws {
    let layout = try layout()
    let machines = layout.machines
    #expect(
      layout.commands() == [
        layout.keys(), layout.writeFiles(machines[0]), layout.writeFiles(machines[1]),
        layout.makeFabric(), layout.connect(machines[2]), layout.boot(machines[0]),
        layout.boot(machines[1]),
      ])
  }

  @Test func `data travels as parameters, so that scripts are the same for every lab`() throws {
    var other = LabSamples.pair(LabKeepalived(version: 3, vrid: 9))
    other.name = "other"
    other.servicePort = 8080
    let bodies = try [LabSamples.pair(), other].map { description in
      try layout(description).commands().map { $0.asScript?.body }
    }
    #expect(bodies[0] == bodies[1])
    #expect(!bodies[0].contains(nil))
  }

  @Test func `the fingerprint follows the description`() throws {
    var other = LabSamples.pair()
    #expect(try layout(other).fingerprint == layout().fingerprint)
    other.nodes[1].priority = 81
    #expect(try layout(other).fingerprint != layout().fingerprint)
  }

  @Test func `in-band management is reached on the pair's own network`() throws {
    var description = LabSamples.pair()
    for index in description.nodes.indices { description.nodes[index].management = .inBand }
    let layout = try layout(description)
    #expect(layout.site.nodes.map(\.reach.host) == ["172.17.16.7", "172.17.16.13"])
    #expect(layout.bridges[0].addresses == ["172.17.16.254/24"])
    #expect(layout.machines[0].cables.count == 1)
  }

  @Test func `the management network makes way for the pair's`() throws {
    var description = LabSamples.pair()
    description.addresses.append(VirtualAddress(.v4(0xc0a8_4d03), prefix: 24))
    #expect(try layout(description).site.nodes.map(\.reach.host) == ["10.77.77.11", "10.77.77.12"])
  }

  @Test func `a plain node is served by scripts`() throws {
    var description = LabSamples.pair()
    description.nodes[0].firstProcess = .plain
    let site = try layout(description).site
    #expect(
      site.nodes[0].services["keepalived"]?.start
        == Command("/usr/local/sbin/takeover-service", "start", "keepalived"))
    #expect(site.nodes[1].services["keepalived"] == .unit("keepalived"))
  }

  @Test func `what no lab can be is refused`() {
    let broken: [(inout LabDescription) -> Void] = [
      { $0.name = "../x" }, { $0.name = "" }, { $0.nodes = [] },
      { $0.nodes[0].machine.name = "lan" }, { $0.nodes[0].machine.name = "fourteen-chars" },
      { $0.nodes[1].machine.name = "a" }, { $0.nodes[0].machine.prefix = 33 },
      { $0.nodes[0].priority = 256 }, { $0.nodes[0].image = .suite("a b") },
      { $0.addresses = [] }, { $0.addresses[0].address = $0.nodes[0].machine.address },
      { $0.servicePort = 22 }, { $0.keepalived.vrid = 0 }, { $0.keepalived.version = 4 },
      { $0.keepalived.password = "a\nb" }, { $0.keepalived.interval = .zero },
    ]
    for (index, change) in broken.enumerated() {
      var description = LabSamples.pair()
      change(&description)
      #expect(throws: Complaint.self, "case \(index)") { try layout(description) }
    }
    for path in ["", "relative", "/a b", "/a:b", "/a/../b", "/"] {
      #expect(throws: Complaint.self, "\(path)") {
        try LabLayout(LabSamples.pair(), in: LabFolders(state: path, cache: "/cache"))
      }
    }
  }
}
