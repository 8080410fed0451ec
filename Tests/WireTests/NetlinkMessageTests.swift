// What the kernel says on a routing socket, byte by byte, cut anywhere and damaged anywhere.

import TakeoverModel
import TakeoverWire
import Testing

@Suite struct `Netlink messages` {
  /// An attribute: its length, its kind, its value, padded to four bytes.
  private static func attribute(_ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
    [UInt8(4 + value.count), 0, kind, 0] + value
      + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  private static func message(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
    [UInt8(16 + body.count), 0, 0, 0, kind, 0, 2, 0, 1, 0, 0, 0, 9, 9, 0, 0] + body
  }

  private static func neighbour(
    _ kind: UInt8, state: UInt8, _ address: [UInt8], mac: [UInt8]
  ) -> [UInt8] {
    // struct ndmsg: family, padding, index 7, state, flags, type; NDA_CACHEINFO (3) is not for us.
    message(
      kind,
      [address.count == 4 ? 2 : 10, 0, 0, 0, 7, 0, 0, 0, state, 0, 0, 1]
        + attribute(1, address) + attribute(2, mac) + attribute(3, [UInt8](repeating: 1, count: 16))
    )
  }

  private static let mac: [UInt8] = [2, 0, 0, 0, 0, 1]
  private static let v6: [UInt8] = [0xfd] + [UInt8](repeating: 0, count: 14) + [3]

  private static var datagram: [UInt8] {
    neighbour(28, state: 2, [172, 17, 16, 3], mac: mac) + neighbour(28, state: 4, v6, mac: mac)
      + neighbour(28, state: 0x20, [172, 17, 16, 3], mac: mac)
      + neighbour(29, state: 4, [172, 17, 16, 3], mac: mac)
      + message(20, [2, 24, 0, 0, 7, 0, 0, 0] + attribute(1, [172, 17, 16, 20]))
      + message(3, [0, 0, 0, 0])
  }

  private static let meant: [NetlinkMessage] = [
    .neighbour(
      .init(
        interface: 7, address: .v4(0xac11_1003), mac: MACAddress(bits: 0x0200_0000_0001),
        state: .reachable)),
    .neighbour(
      .init(
        interface: 7, address: .v6(high: 0xfd00 << 48, low: 3),
        mac: MACAddress(bits: 0x0200_0000_0001), state: .stale)),
    .neighbour(.init(interface: 7, address: .v4(0xac11_1003), mac: nil, state: .failed)),
    .neighbour(.init(interface: 7, address: .v4(0xac11_1003), mac: nil, state: .none)),
    .address(interface: 7, .v4(0xac11_1014)), .done,
  ]

  @Test func `neighbours of both families, addresses and the end are understood`() {
    #expect(NetlinkMessage.all(in: Self.datagram) == Self.meant)
  }

  @Test(arguments: [
    (UInt8(1), NeighbourEntry.State.incomplete), (2, .reachable), (4, .stale), (8, .delay),
    (16, .probe), (32, .failed), (64, .noarp), (128, .permanent), (0, .none), (3, .none),
  ])
  func `the kernel's states have the field's names`(bits: UInt8, state: NeighbourEntry.State) {
    let bytes = Self.neighbour(28, state: bits, [1, 2, 3, 4], mac: Self.mac)
    guard case .neighbour(let said)? = NetlinkMessage.all(in: bytes).first else {
      Issue.record("no neighbour")
      return
    }
    #expect(said.state == state)
    #expect((said.mac == nil) == [.none, .incomplete, .failed].contains(state))
  }

  @Test func `a refused question has its errno, an acknowledgement is nothing`() {
    #expect(NetlinkMessage.all(in: Self.message(2, [0xff, 0xff, 0xff, 0xff])) == [.failed(1)])
    #expect(NetlinkMessage.all(in: Self.message(2, [0, 0, 0, 0])) == [])
    #expect(NetlinkMessage.all(in: Self.message(2, [0, 0, 0, 0x80])) == [.failed(.max)])
  }

  @Test func `cut at any byte, the messages before are whole`() {
    for length in 0..<Self.datagram.count {
      let messages = NetlinkMessage.all(in: Array(Self.datagram.prefix(length)))
      #expect(messages == Array(Self.meant.prefix(messages.count)))
      #expect(messages.count < Self.meant.count)
    }
  }

  @Test func `changed and random bytes never trap`() {
    var generator = SystemRandomNumberGenerator()
    for place in Self.datagram.indices {
      var bytes = Self.datagram
      bytes[place] = .random(in: .min ... .max, using: &generator)
      #expect(NetlinkMessage.all(in: bytes).count <= Self.meant.count + 20)
    }
    for _ in 0..<20_000 {
      let noise = (0..<Int.random(in: 0...120)).map { _ in
        UInt8.random(in: 0...40, using: &generator)
      }
      #expect(NetlinkMessage.all(in: noise).count <= noise.count / 16)
    }
  }

  @Test func `a question asks for everything`() {
    #expect(
      NetlinkMessage.allNeighbours.prefix(8) == [28, 0, 0, 0, 30, 0, 1, 3])
    #expect(NetlinkMessage.allNeighbours.count == 28)
    #expect(NetlinkMessage.allAddresses.prefix(8) == [24, 0, 0, 0, 22, 0, 1, 3])
    #expect(NetlinkMessage.allAddresses.count == 24)
  }
}
