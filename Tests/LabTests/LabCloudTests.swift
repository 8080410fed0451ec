// What a lab's site says of its cloud subnet.

import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct `A lab's cloud` {
  private func cloud(_ fabric: LabFabric?) throws -> CloudSubnet? {
    var description = LabSamples.pair()
    description.addresses.append(VirtualAddress(LabSamples.address(4), prefix: 24))
    description.fabric = fabric
    return try LabLayout(description, in: LabSamples.folders).site.cloud
  }

  @Test func `is asked in the management network, by what the lab has for it`() throws {
    let folder = "/run/takeover/labs/pair"
    let found = try #require(try cloud(LabFabric(lag: .seconds(4))))
    #expect(
      found
        == CloudSubnet(
          endpoint: "http://192.168.77.1/", region: "ap-lab", credentials: folder + "/credential",
          namespace: folder + "/fabric",
          havips: [
            .init(LabSamples.address(3), id: "havip-lab1"),
            .init(LabSamples.address(4), id: "havip-lab2"),
          ], instances: ["a": "ins-a", "b": "ins-b"], period: .milliseconds(500),
          decisions: folder + "/fabric.jsonl", lag: .seconds(4)))
    #expect(try cloud(nil) == nil)
  }

  @Test func `knows whose an ordinary address is at first`() throws {
    let owned = [
      LabFabric.Owned(LabSamples.address(3), by: "b"),
      // Neither of the pair's addresses nor of its nodes.
      LabFabric.Owned(LabSamples.address(9), by: "a"),
      LabFabric.Owned(LabSamples.address(4), by: "client"),
    ]
    let found = try #require(try cloud(LabFabric(havips: [], owned: owned)))
    #expect(found.havips == [])
    #expect(found.owned == [.init(LabSamples.address(3), by: "b")])
  }
}
