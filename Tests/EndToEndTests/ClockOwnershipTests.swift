// A lab's node has the coordinator's clock: what would set it is skipped there, with that reason.

import Glibc
import TakeoverModel
import TakeoverPlan
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The clock of a node in a lab` {
  @Test func `is not set, for either of two reasons`() async throws {
    let fault = try FaultCatalog.faults.fault(
      FaultUse(kind: "clock-step", arguments: Arguments()))
    let here = Node(
      name: "a", reach: Reach(host: "a"), interface: "eth0", addresses: [], services: [:])
    let site = Site(name: "clock", environment: .lab, nodes: [here], addresses: [])
    let requirements = try fault.procedure(on: here, in: site).requirements
    #expect(requirements.count == 2)
    try await RemoteGround.standing("e2e-clock", by: .libssh2) { ground in
      try await ground.open { (node) async throws in
        for requirement in requirements {
          let result = try await node.run(requirement.command, within: .seconds(5))
          #expect(result.status == 1, "\(requirement.otherwise): \(result.errorText)")
        }
      }
    }
  }
}
