// The labs that the end-to-end tests build.

import Foundation
import TakeoverLab
import TakeoverModel

enum LabSamples {
  static let folders = LabFolders(
    state: "/run/takeover/tests", cache: NSHomeDirectory() + "/.cache/takeover/images")

  /// The pair of the havip sample, at one tenth of its interval.
  static func pair(
    _ name: String, image: LabNode.Image = .suite("bookworm"), first: LabNode.Init = .systemd,
    management: LabNode.Management = .separate
  ) -> LabDescription {
    LabDescription(
      name: name,
      nodes: [(7, 100), (13, 80)].map { host, priority in
        LabNode(
          machine: LabMachine(
            name: host == 7 ? "a" : "b", address: address(host), prefix: 24),
          priority: priority, image: image, firstProcess: first, management: management)
      },
      clients: [LabMachine(name: "client", address: address(100), prefix: 24)],
      addresses: [VirtualAddress(address(3), prefix: 24)],
      keepalived: LabKeepalived(version: 3, interval: .milliseconds(100)))
  }

  static func pairV6(_ name: String) -> LabDescription {
    var description = pair(name, management: .inBand)
    for index in description.nodes.indices {
      description.nodes[index].machine.address = addressV6(7 + index)
      description.nodes[index].machine.prefix = 64
    }
    description.clients = []
    description.addresses = [VirtualAddress(addressV6(3), prefix: 64)]
    return description
  }

  /// 172.17.16.0/24
  private static func address(_ host: Int) -> IPAddress { .v4(0xac11_1000 | UInt32(host)) }

  /// fd00::/64
  private static func addressV6(_ host: Int) -> IPAddress {
    .v6(high: 0xfd00 << 48, low: UInt64(host))
  }
}
