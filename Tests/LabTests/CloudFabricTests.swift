// The lab's switch as a cloud subnet: what its process is told, and when the lab is another one.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct `A lab's cloud subnet` {
  private func layout(
    _ fabric: LabFabric? = LabFabric(), programs: String = "/opt",
    _ change: (inout LabDescription) -> Void = { _ in }
  ) throws -> LabLayout {
    var description = LabSamples.pair()
    description.fabric = fabric
    change(&description)
    return try LabLayout(
      description, in: LabFolders(state: "/run/takeover/labs", cache: "/cache", programs: programs))
  }

  @Test func `without a fabric the switch is a switch`() throws {
    let layout = try layout(nil)
    #expect(layout.serveFabric() == nil)
    #expect(layout.endpoint == nil)
    #expect(layout.havips.isEmpty)
  }

  @Test func `its process is told who is plugged in where, and which addresses float`() throws {
    let owned = [LabFabric.Owned(LabSamples.address(9), by: "a")]
    let fabric = LabFabric(
      lag: .milliseconds(1_500), associated: ["a", "b"], announcementsPerSecond: 50, owned: owned)
    let layout = try layout(fabric)
    let parameters = try #require(layout.serveFabric()?.asScript?.parameters)
    #expect(
      Array(parameters.prefix(5)) == [
        "/run/takeover/labs/pair", "/run/takeover/labs/pair/fabric",
        "/cache/\(LabImage.suite("bookworm").name)", "/opt/takeover-fabric",
        "takeover-pair/fabric.processes",
      ])
    let told = try JSONDecoder().decode(
      FabricDescription.self, from: Data(Array(parameters)[6].utf8))
    let member = { (name: String, host: UInt32) in
      SubnetDescription.Member(
        node: name, port: name,
        hardware: layout.machines.first { $0.name == name }?.cables[0].mac ?? .zero,
        address: LabSamples.address(host))
    }
    #expect(
      told
        == FabricDescription(
          subnet: SubnetDescription(
            address: LabSamples.address(7), prefix: 24,
            members: [member("a", 7), member("b", 13), member("client", 100)],
            havips: [LabSamples.address(3)], associated: ["a", "b"], owned: owned,
            lag: 1_500_000_000, announcementsPerSecond: 50),
          endpoint: .v4(0xc0a8_4d01), tools: "/cache/\(LabImage.suite("bookworm").name)",
          decisions: "/run/takeover/labs/pair/fabric.jsonl",
          credential: FabricDescription.Credential(
            secretID: "takeover", secretKey: "takeover-lab", region: "ap-lab")))
  }

  @Test func `every virtual address is a HAVIP unless it is owned, or others are named`() throws {
    let three = LabSamples.address(3)
    #expect(try layout().havips == [three])
    #expect(try layout(LabFabric(owned: [.init(three, by: "a")])).havips.isEmpty)
    #expect(try layout(LabFabric(havips: [])).havips.isEmpty)
  }

  @Test func `the switch is served before anything is plugged in`() throws {
    let layout = try layout()
    let commands = layout.commands()
    let served = try #require(layout.serveFabric().flatMap(commands.firstIndex))
    #expect(commands.firstIndex(of: layout.makeFabric()) == served - 1)
    let client = try #require(layout.clients.first)
    #expect(commands.firstIndex(of: layout.connect(client)) == served + 1)
  }

  @Test func `its way through TLS is for its own address`() throws {
    let parameters = Array(try #require(try layout().serveFabric()?.asScript?.parameters))
    #expect(parameters[7].contains("subjectAltName = IP:192.168.77.1\n"))
    #expect(parameters[8].contains("bind 192.168.77.1:443 ssl crt /mnt/server.pem\n"))
    #expect(parameters[8].contains("server fabric 192.168.77.1:80\n"))
  }

  @Test func `its lag makes another lab, the place of the program does not`() throws {
    let usual = try layout().fingerprint
    #expect(try layout(programs: "/elsewhere").fingerprint == usual)
    #expect(try layout(LabFabric(lag: .seconds(4))).fingerprint != usual)
    #expect(try layout(nil).fingerprint != usual)
  }

  @Test func `without its program the lab says where that belongs`() throws {
    let asked = try #require(try layout().inspectionOfHost().asScript?.parameters)
    #expect(Array(asked)[1] == "/opt/takeover-fabric")
    let result = CommandResult(
      status: 0, output: Array("fabric /opt/takeover-fabric\n".utf8), errorOutput: [])
    let complaint = try #require(LabLayout.complaints(from: result).first)
    #expect(complaint.problem.hasSuffix("is not beside takeover: /opt/takeover-fabric"))
    #expect(complaint.remedy.contains("swift build"))
    #expect(try layout(nil).inspectionOfHost().asScript?.parameters.dropFirst().first == "")
  }

  @Test func `a lab whose subnet's process is gone is not complete`() throws {
    let parameters = try #require(try layout().inspection().asScript?.parameters)
    #expect(Array(parameters)[2] == "takeover-pair/fabric.processes")
    #expect(try layout(nil).inspection().asScript?.parameters.dropFirst(2).first == "")
  }

  @Test func `what is no cloud subnet is refused`() {
    let broken: [LabFabric] = [
      LabFabric(associated: ["nobody"]), LabFabric(owned: [.init(LabSamples.address(9), by: "c")]),
      LabFabric(lag: .seconds(-1)),
      LabFabric(owned: [.init(.v6(high: 0xfd00 << 48, low: 3), by: "a")]),
    ]
    for fabric in broken { #expect(throws: Complaint.self) { try layout(fabric) } }
    #expect(throws: Complaint.self) {
      try layout { $0.addresses = [VirtualAddress(.v6(high: 0xfd00 << 48, low: 3), prefix: 64)] }
    }
  }

  // MARK: The user's own files

  @Test func `a node's own files are laid over the lab's`() throws {
    let layout = try layout(nil) {
      $0.nodes[1].files = LabNode.Files(folder: "/home/me/b", digest: "0123")
    }
    let scripts = layout.nodes.map { layout.writeFiles($0).asScript }
    #expect(
      scripts.map { Array($0?.parameters.dropFirst(3).prefix(2) ?? []) } == [
        ["", ""], ["/home/me/b", "0123"],
      ])
    let body = try #require(scripts[1]?.body)
    let laid = try #require(body.range(of: "cp -R --preserve=mode \"$own/.\" ."))
    let written = try #require(body.range(of: "printf %s \"$3\" >\"$1\""))
    let keys = try #require(body.range(of: "cp \"$keys/user.pub\""))
    #expect(written.lowerBound < laid.lowerBound && laid.lowerBound < keys.lowerBound)
  }

  @Test func `other files make another lab`() throws {
    let fingerprint = { (digest: String) in
      try layout(nil) { $0.nodes[0].files = LabNode.Files(folder: "/f", digest: digest) }
        .fingerprint
    }
    #expect(try fingerprint("1") == fingerprint("1"))
    #expect(try fingerprint("1") != fingerprint("2"))
  }
}
