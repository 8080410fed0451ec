// What a routing socket's messages mean for a site's addresses: which entries changed. Pure: messages
// in, entries out.

import TakeoverModel
import TakeoverWire

struct NeighbourRecord {
  private let vantage: String
  private let addresses: [IPAddress]
  /// The interface's index; entries of others are not the vantage point's way.
  private let interface: Int32
  private var known: [IPAddress: NeighbourEntry] = [:]
  /// The addresses that the answer under way has not named; nil: no answer is under way.
  private var unnamed: Set<IPAddress>?

  init(vantage: String, addresses: [IPAddress], interface: Int32) {
    self.vantage = vantage
    self.addresses = addresses
    self.interface = interface
  }

  /// All entries were asked for: those that the answer does not name are not there.
  mutating func asked() { unnamed = Set(addresses) }

  /// The entries that are not what they were, in the order in which they changed.
  mutating func take(_ messages: [NetlinkMessage]) -> [NeighbourEntry] {
    var changes: [NeighbourEntry] = []
    for message in messages {
      switch message {
      case .neighbour(let said) where said.interface == interface:
        guard addresses.contains(said.address) else { continue }
        unnamed?.remove(said.address)
        changes += change(said.address, said.mac, said.state)
      case .done:
        for address in addresses where unnamed?.contains(address) == true {
          changes += change(address, nil, .none)
        }
        unnamed = nil
      case .neighbour, .address, .failed: break
      }
    }
    return changes
  }

  private mutating func change(
    _ address: IPAddress, _ mac: MACAddress?, _ state: NeighbourEntry.State
  ) -> [NeighbourEntry] {
    let entry = NeighbourEntry(vantage: vantage, address: address, mac: mac, state: state)
    guard known[address] != entry else { return [] }
    known[address] = entry
    return [entry]
  }
}
