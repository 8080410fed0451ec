// One line of a subnet's record of its decisions, read.

internal import FoundationEssentials
internal import TakeoverModel

struct FabricDecisionLine {
  /// Nanoseconds since 1970, CLOCK_REALTIME.
  let at: Int64
  let seen: FabricDecision

  private struct Members: Decodable {
    var at: Int64
    var event: FabricDecision.Decision
    var node: String
    var port: String
    var hardware: MACAddress?
    var address: IPAddress
    var reason: String
    var more: Int?
  }

  /// nil: it is none.
  init?(_ line: [UInt8]) {
    guard let members = try? JSONDecoder().decode(Members.self, from: Data(line)),
      (0...(1_000_000_000 * 4_000_000_000)).contains(members.at), (members.more ?? 0) >= 0
    else { return nil }
    at = members.at
    seen = FabricDecision(
      address: members.address, node: members.node.isEmpty ? nil : members.node,
      port: members.port, hardware: members.hardware, decision: members.event,
      reason: members.reason, more: members.more ?? 0)
  }
}
