// The contract, kept by the shells of this machine.

import TakeoverModel
import TakeoverRemote
import Testing

@Suite struct LocalTransportTests {
  @Test(arguments: TransportContract.all)
  func `this machine keeps the contract`(_ promise: TransportContract) async throws {
    let node = LocalTransport()
    try await node.open(within: TransportContract.limit)
    try await promise.check(node)
    await node.close()
  }

  @Test func `a closed transport refuses, and closing twice is harmless`() async throws {
    let node = LocalTransport()
    await node.close()
    try await node.open(within: TransportContract.limit)
    await node.close()
    await node.close()
    let error = await #expect(throws: TransportError.self) { try await node.run(Command("true")) }
    #expect(error?.kind == .closed)
  }

  @Test func `a shell that was killed is started anew for the next command`() async throws {
    let node = LocalTransport()
    try await node.open(within: TransportContract.limit)
    let error = await #expect(throws: TransportError.self) { try await node.script("kill -9 $$") }
    #expect(error?.kind == .closed)
    #expect(try await node.script("echo alive").text == "alive\n")
    await node.close()
  }
}
