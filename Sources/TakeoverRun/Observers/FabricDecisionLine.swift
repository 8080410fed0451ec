// One line of a subnet's record of its decisions, read.

internal import FoundationEssentials
internal import TakeoverModel

struct FabricDecisionLine {
  /// Nanoseconds since 1970, CLOCK_REALTIME. Of a change: when the switch had done it.
  let at: Int64
  /// When the switch was told; nil: it was not told anything.
  let since: Int64?
  let seen: FabricDecision

  /// The year 2096.
  private static let latest: Int64 = 4_000_000_000 * 1_000_000_000

  private struct Members: Decodable {
    var at: Int64
    var since: Int64?
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
      (0...Self.latest).contains(members.at), (members.more ?? 0) >= 0,
      (0...members.at).contains(members.since ?? members.at)
    else { return nil }
    at = members.at
    since = members.since
    seen = FabricDecision(
      address: members.address, node: members.node.isEmpty ? nil : members.node,
      port: members.port, hardware: members.hardware, decision: members.event,
      reason: members.reason, more: members.more ?? 0)
  }
}
