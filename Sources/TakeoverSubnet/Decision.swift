// What the subnet decided about an address, one line of JSON each: who was believed, who was refused,
// where the data plane goes.

package import TakeoverModel

package struct Decision: Hashable, Sendable {
  package enum Event: String, Hashable, Sendable, CaseIterable {
    /// An announcement that binds after the lag.
    case believed
    case refused
    /// The data plane goes there from now on.
    case bound
    /// It goes nowhere from now on.
    case released
    /// As `bound`, by a request.
    case moved
  }

  /// CLOCK_REALTIME, nanoseconds since 1970: the kernel's stamp of the announcement, or when the data
  /// plane had changed.
  package var at: Int64
  /// When the data plane was told to change; nil: it was not. It changed between then and `at`.
  package var since: Int64?
  package var event: Event
  package var member: SubnetDescription.Member
  /// nil: a request changed it.
  package var hardware: MACAddress?
  package var address: IPAddress
  package var reason: String
  /// How many just like it were made, and not told, since it was told last.
  package var more = 0

  package init(
    at: Int64, _ event: Event, _ address: IPAddress, _ member: SubnetDescription.Member,
    hardware: MACAddress? = nil, reason: String
  ) {
    self.at = at
    self.event = event
    self.member = member
    self.hardware = hardware
    self.address = address
    self.reason = reason
  }

  /// Whether it speaks of a change of the data plane, which is carried out after it was decided.
  package var isChange: Bool { event != .believed && event != .refused }

  package var line: String {
    var members: [(String, JSONValue)] = [("at", .number(at))]
    if let since { members.append(("since", .number(since))) }
    members += [
      ("event", .text(event.rawValue)), ("node", .text(member.node)),
      ("port", .text(member.port)),
    ]
    if let hardware { members.append(("hardware", .text(hardware.description))) }
    members += [("address", .text(address.description)), ("reason", .text(reason))]
    if more > 0 { members.append(("more", .number(Int64(more)))) }
    return JSONValue.object(members).text
  }
}
