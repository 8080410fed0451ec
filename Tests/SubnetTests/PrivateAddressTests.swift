// The private addresses of users without HAVIP: they move by request, after the lag, one move at a time.

import TakeoverModel
import TakeoverSubnet
import Testing

@Suite struct `Requests about private addresses` {
  private static let owned = [LabFabric.Owned(SubnetSamples.address(9), by: "a")]

  private static func move(_ from: String, _ to: String, _ host: Int = 9) -> String {
    #"{"SourceNetworkInterfaceId":"eni-\#(from)","DestinationNetworkInterfaceId":"eni-\#(to)","#
      + #""PrivateIpAddress":"172.17.16.\#(host)"}"#
  }

  private static func console() -> Console { Console(SubnetSamples.description(owned: owned)) }

  private static func has(_ console: Console, _ node: String, _ host: UInt32) -> Bool {
    console.plane.subnet.forwarding.fixed.contains(
      Forwarding.Entry("port-" + node, SubnetSamples.address(host)))
  }

  @Test func `it moves after the lag, and only then`() {
    let console = Self.console()
    #expect(console.refusal("MigratePrivateIpAddress", Self.move("a", "b")) == nil)
    #expect(Self.has(console, "a", 9))
    #expect(console.plane.subnet.nextChange == console.now + 500 * SubnetSamples.millisecond)
    let moved = console.plane.subnet.advance(after: 500 * SubnetSamples.millisecond)
    #expect(moved.map(\.event) == [.moved])
    #expect(moved.first?.member.node == "b")
    #expect(moved.first?.reason == "MigratePrivateIpAddress from a")
    #expect(Self.has(console, "b", 9))
    #expect(!Self.has(console, "a", 9))
  }

  @Test func `while it moves nobody else can move it, and afterwards the old owner cannot`() {
    let console = Self.console()
    #expect(console.refusal("MigratePrivateIpAddress", Self.move("a", "b")) == nil)
    #expect(
      console.refusal("MigratePrivateIpAddress", Self.move("a", "client"))
        == "UnsupportedOperation.MutexOperationTaskRunning")
    #expect(
      console.refusal(
        "UnassignPrivateIpAddresses",
        #"{"NetworkInterfaceId":"eni-a","PrivateIpAddresses":[{"PrivateIpAddress":"172.17.16.9"}]}"#
      )
        == "UnsupportedOperation.MutexOperationTaskRunning")
    _ = console.plane.subnet.advance(after: SubnetSamples.second)
    #expect(console.refusal("MigratePrivateIpAddress", Self.move("a", "b")) == "ResourceNotFound")
    #expect(console.refusal("MigratePrivateIpAddress", Self.move("b", "a")) == nil)
  }

  @Test func `what cannot be moved has its code`() {
    let console = Self.console()
    let refused = [
      (Self.move("a", "x"), "ResourceNotFound"), (Self.move("b", "a"), "ResourceNotFound"),
      (Self.move("a", "a"), "InvalidParameterValue"),
      (Self.move("a", "b", 7), "UnauthorizedOperation.PrimaryIp"),
      (Self.move("a", "b", 3), "UnsupportedOperation"),
      (Self.move("a", "b").replacing("eni-b", with: "ins-b"), "InvalidParameterValue.Malformed"),
      (#"{"SourceNetworkInterfaceId":"eni-a"}"#, "MissingParameter"),
    ]
    for (body, code) in refused {
      #expect(console.refusal("MigratePrivateIpAddress", body) == code, "\(body)")
    }
    #expect(console.plane.subnet.nextChange == nil)
  }

  @Test func `addresses are assigned and taken back at once`() throws {
    let console = Self.console()
    let answer = console.ask(
      "AssignPrivateIpAddresses",
      #"{"NetworkInterfaceId":"eni-b","PrivateIpAddresses":[{"PrivateIpAddress":"172.17.16.50"}],"#
        + #""SecondaryPrivateIpAddressCount":1}"#)
    let set = try #require(answer?["PrivateIpAddressSet"]?.array)
    #expect(set.map { $0["PrivateIpAddress"]?.string } == ["172.17.16.50", "172.17.16.2"])
    #expect(set.first?["State"]?.string == "AVAILABLE")
    #expect(set.first?["Primary"]?.boolean == false)
    #expect(Self.has(console, "b", 50))
    #expect(console.decisions.map(\.event) == [.moved, .moved])
    #expect(
      console.refusal(
        "UnassignPrivateIpAddresses",
        #"{"NetworkInterfaceId":"eni-b","PrivateIpAddresses":[{"PrivateIpAddress":"172.17.16.50"}]}"#
      )
        == nil)
    #expect(!Self.has(console, "b", 50))
    #expect(console.decisions.last?.event == .released)
  }

  @Test(arguments: [
    (#"{"NetworkInterfaceId":"eni-b"}"#, "InvalidParameterValue.MustHasOne"),
    (#"{"PrivateIpAddresses":[]}"#, "MissingParameter"),
    (
      #"{"NetworkInterfaceId":"eni-b","SecondaryPrivateIpAddressCount":11}"#,
      "InvalidParameterValue.Range"
    ),
  ]) func `what cannot be assigned has its code`(body: String, code: String) {
    let console = Self.console()
    #expect(console.refusal("AssignPrivateIpAddresses", body) == code)
  }

  @Test(arguments: [
    ("172.17.16.9", "ResourceInUse.Address"), ("172.17.16.3", "ResourceInUse.Address"),
    ("10.0.0.1", "InvalidParameterValue.Range"), ("172.17.16.0", "InvalidParameterValue.Reserved"),
    ("nine", "InvalidParameterValue.Malformed"),
  ]) func `an address that cannot be had has its code`(address: String, code: String) {
    let console = Self.console()
    let body =
      #"{"NetworkInterfaceId":"eni-b","PrivateIpAddresses":[{"PrivateIpAddress":"\#(address)"}]}"#
    #expect(console.refusal("AssignPrivateIpAddresses", body) == code)
    #expect(console.decisions.isEmpty)
  }
}
