// The pair that the golden texts are about.

import TakeoverLab
import TakeoverModel

enum LabSamples {
  static let folders = LabFolders(state: "/run/takeover/labs", cache: "/cache")

  static func pair(_ keepalived: LabKeepalived = LabKeepalived()) -> LabDescription {
    LabDescription(
      name: "pair",
      nodes: [node("a", 7, priority: 100), node("b", 13, priority: 80)],
      clients: [LabMachine(name: "client", address: address(100), prefix: 24)],
      addresses: [VirtualAddress(address(3), prefix: 24)], keepalived: keepalived)
  }

  static func node(_ name: String, _ host: UInt32, priority: Int) -> LabNode {
    LabNode(
      machine: LabMachine(name: name, address: address(host), prefix: 24), priority: priority)
  }

  /// 172.17.16.0/24
  static func address(_ host: UInt32) -> IPAddress { .v4(0xac11_1000 | host) }
}
