// Which entries of a neighbour table change, from the kernel's messages.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `The neighbour table's record` {
  private let vip = IPAddress.v4(0xac10_0064)
  private let other = IPAddress.v6(high: 0xfd00 << 48, low: 3)
  private let mac = MACAddress(bits: 0x0200_0000_0001)

  private func record() -> NeighbourRecord {
    NeighbourRecord(vantage: "client", addresses: [vip, other], interface: 7)
  }

  private func said(
    _ address: IPAddress, _ mac: MACAddress?, _ state: NeighbourEntry.State, on interface: Int32 = 7
  ) -> NetlinkMessage {
    .neighbour(.init(interface: interface, address: address, mac: mac, state: state))
  }

  private func entry(
    _ address: IPAddress, _ mac: MACAddress?, _ state: NeighbourEntry.State
  ) -> NeighbourEntry {
    NeighbourEntry(vantage: "client", address: address, mac: mac, state: state)
  }

  @Test func `what the answer does not name is not there`() {
    var record = record()
    record.asked()
    #expect(record.take([said(vip, mac, .reachable)]) == [entry(vip, mac, .reachable)])
    #expect(record.take([.done]) == [entry(other, nil, .none)])
    #expect(record.take([.done]) == [], "nothing was asked")
  }

  @Test func `only changes of the addresses on the interface are told`() {
    var record = record()
    #expect(record.take([said(vip, mac, .stale)]).count == 1)
    #expect(record.take([said(vip, mac, .stale)]) == [])
    #expect(record.take([said(vip, .zero, .stale, on: 8), said(.v4(1), mac, .stale)]) == [])
    #expect(record.take([said(vip, nil, .none)]) == [entry(vip, nil, .none)])
  }

  @Test func `an entry that was lost unheard is told when all are asked for again`() {
    var record = record()
    _ = record.take([said(vip, mac, .reachable)])
    record.asked()
    #expect(Set(record.take([.done])) == [entry(vip, nil, .none), entry(other, nil, .none)])
  }
}
