// The subnet at work: listens at the members' ports, lets the machine of states decide, and makes the
// switch follow it.

internal import Synchronization
internal import TakeoverModel
internal import TakeoverSubnet
internal import TakeoverWire

final class Fabric: Sendable {
  private struct State {
    var plane: ControlPlane
    var data: DataPlane
  }

  let description: FabricDescription
  private let state: Mutex<State>
  private let decisions: DecisionFile

  init(_ description: FabricDescription) throws(Complaint) {
    self.description = description
    let plane = ControlPlane(
      Subnet(description.subnet, at: Realtime.nanoseconds()),
      credential: description.credential)
    decisions = try DecisionFile(description.decisions)
    state = Mutex(
      State(plane: plane, data: try DataPlane(plane.subnet.forwarding, tools: description.tools)))
  }

  /// Answers one request. What it changes at once is in force before the answer is out.
  func answer(_ request: CloudRequest, id: String) throws -> CloudAnswer {
    try state.withLock { state in
      let (answer, decided) = state.plane.answer(request, at: Realtime.nanoseconds(), id: id)
      try follow(decided, &state)
      return answer
    }
  }

  // MARK: Listening

  /// How long nobody looks whether something became due by a request, or whether a port came back.
  private static let tick: Int64 = 20_000_000

  /// Runs until `stop` is raised, on a thread of its own: a binding must not wait for a request.
  func listen(until stop: StopSignal) throws {
    var ears: [String: PacketSocket] = [:]
    var lastLook: Int64 = 0
    while true {
      let now = Realtime.nanoseconds()
      if now - lastLook > 5 * Self.tick {
        lastLook = now
        lookAfter(&ears)
      }
      let due = state.withLock { $0.plane.subnet.nextChange } ?? .max
      let watched = [stop.watched] + ears.values.map(\.watched)
      if try Watched.wait(for: watched, until: min(due, now + Self.tick))[0] { return }
      try hear(ears)
    }
  }

  /// A machine that is off has no port, and one that comes back has another of the same name.
  private func lookAfter(_ ears: inout [String: PacketSocket]) {
    for member in description.subnet.members {
      if let ear = ears[member.port] {
        if ear.inspect() == .gone { ears[member.port] = nil }
      } else {
        ears[member.port] = try? PacketSocket(
          interface: member.port, namespace: nil, filter: .everyARP, promiscuous: true)
      }
    }
  }

  private func hear(_ ears: [String: PacketSocket]) throws {
    var heard: [(at: Int64, announcement: Subnet.Announcement)] = []
    for (port, ear) in ears {
      for frame in try ear.receiveAll() where frame.direction != .outgoing {
        guard case .arp(let packet) = Frame(frame.bytes).body, packet.meaning == .announcement
        else { continue }
        heard.append(
          (
            frame.stamp,
            Subnet.Announcement(
              port: port, hardware: packet.senderHardware, address: packet.sender)
          ))
      }
    }
    heard.sort { $0.at < $1.at }
    try state.withLock { state in
      var decided: [Decision] = []
      for (at, announcement) in heard {
        decided += state.plane.subnet.hear(announcement, at: at)
      }
      decided += state.plane.subnet.advance(to: Realtime.nanoseconds())
      if !decided.isEmpty { try follow(decided, &state) }
    }
  }

  /// Has the switch do what was decided, and writes it down: a change is dated when it was in force.
  private func follow(_ decided: [Decision], _ state: inout State) throws(Complaint) {
    let told = Realtime.nanoseconds()
    try state.data.become(state.plane.subnet.forwarding)
    let done = Realtime.nanoseconds()
    try decisions.append(
      decided.map { decision in
        var decision = decision
        if decision.isChange { (decision.since, decision.at) = (told, done) }
        return decision
      })
  }
}
