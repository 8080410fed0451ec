// A world for the run without machines: a clock turned by hand, scripted nodes, a journal in memory.

internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun

/// Time moves only when somebody waits for it; `onTurn` may change the world on the way.
final class HandClock: RunClock {
  let origin: Int64 = 1_000_000_000_000
  private let time = Mutex(Moment.began)
  private let onTurn: @Sendable (Moment) -> Void

  init(onTurn: @escaping @Sendable (Moment) -> Void = { _ in }) { self.onTurn = onTurn }

  func now() -> Moment { time.withLock { $0 } }

  func wait(until moment: Moment) async throws {
    try Task.checkCancellation()
    let now = time.withLock { time in
      time = max(time, moment)
      return time
    }
    onTurn(now)
    await Task.yield()
    try Task.checkCancellation()
  }
}

final class MemoryJournal: Journal {
  private let lines = Mutex<[Observation]>([])
  private let pair: LivePair?

  init(feeding pair: LivePair? = nil) { self.pair = pair }

  func record(_ observation: Observation) {
    lines.withLock { $0.append(observation) }
    pair?.take(observation)
  }
  func recordDurably(_ observation: Observation) throws { record(observation) }

  var places: [Observation] { lines.withLock { $0 } }
  var events: [Event] { lines.withLock { $0.map(\.event) } }
  var names: [String] { events.map(\.name) }
}

/// A node that answers from a script: the exit status by the command's first word.
final class ScriptedTransport: Transport {
  let description = "scripted"
  private let statuses: [String: Int]
  private let link: String
  private let ran = Mutex<[String]>([])
  private let onRun: @Sendable (String) -> Void
  /// It says nothing of its state.
  private let isDumb: Bool

  init(
    isDumb: Bool = false, statuses: [String: Int] = [:], link: String = "2: eth0: <UP> mtu 1500",
    onRun: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.isDumb = isDumb
    self.statuses = statuses
    self.link = link
    self.onRun = onRun
  }

  /// What was asked of it, in order: programs by their first word. Scripts, with which the run looks
  /// at the node and holds it, are left out, and so is ip(8).
  var commands: [String] { ran.withLock { $0 }.filter { $0 != "sh" && $0 != "ip" } }

  fileprivate func note(_ word: String) -> Int {
    ran.withLock { $0.append(word) }
    onRun(word)
    return statuses[word] ?? 0
  }

  func open(within limit: Duration) async throws(TransportError) {}
  func close() async {}

  func run(_ command: Command, within limit: Duration) async throws(TransportError) -> CommandResult
  {
    let status = note(command.arguments[0])
    if command.arguments[0] == "ip" {
      return CommandResult(status: status, output: Array(link.utf8))
    }
    if let script = command.asScript, script.body.contains("part boot boot") {
      return CommandResult(status: status, output: Array(digest(script.parameters.first).utf8))
    }
    guard command == NodeInspection.command else { return CommandResult(status: status) }
    return CommandResult(status: status, output: Array("Linux\n==\n\(link)\n==\n".utf8))
  }

  /// What a node without anything prints of its state; `own`: how many services it is asked for.
  private func digest(_ own: String?) -> String {
    guard !isDumb else { return "" }
    let names =
      ["boot", "clock", "shell"] + Array(repeating: "own", count: own.flatMap { Int($0) } ?? 0)
      + ["links", "addresses", "rules4", "rules6", "neighbours", "qdiscs", "processes", "nftables"]
      + ["routes4", "routes6"]
    let contents = ["boot": "8aa7208c 24", "clock": "1000", "shell": "303", "own": "0\n0"]
    return names.map { "\0\($0)\n\(contents[$0, default: ""])\n\00\n" }.joined()
  }

  func arm(_ command: Command, within limit: Duration) async throws(TransportError) -> any ArmedBlow
  {
    // A lease stands before the program.
    ScriptedBlow(
      word: command.asScript?.parameters.first ?? command.arguments[0], transport: self)
  }

  func stream(
    _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int { note(command.arguments[0]) }
}

private struct ScriptedBlow: ArmedBlow {
  let word: String
  let transport: ScriptedTransport

  func fire(within limit: Duration) async throws(TransportError) -> Blow {
    let status = transport.note("fire:" + word)
    return Blow(
      sent: 1_000_000_000_100, acknowledged: 1_000_000_000_300,
      result: CommandResult(status: status))
  }

  func disarm() async { _ = transport.note("disarm:" + word) }
}

/// A fault whose commands are single words, for a scripted node to answer.
struct WordFault: Fault {
  static let declaration = FaultDeclaration(kind: "word", summary: "a test", effect: "none")
  init(_ arguments: Arguments) {}

  func procedure(on node: Node, in site: Site) -> Procedure {
    Procedure(
      prepare: [Command("prepare")], inject: [Command("first"), Command("strike")],
      confirm: [Command("confirm")], heal: [Command("heal")],
      confirmHealed: [Command("is-healed")])
  }
}

enum World {
  static let virtual = IPAddress.v4(0x0a00_0003)
  static let macs = ["a": MACAddress(bits: 0x0a), "b": MACAddress(bits: 0x0b)]

  static var site: Site { site(services: [:]) }

  static func site(services: [String: ServiceControl]) -> Site {
    let node = { (name: String, last: UInt32) in
      Node(
        name: name, reach: Reach(host: name), interface: "eth0",
        addresses: [.v4(0x0a00_0000 | last)], services: services)
    }
    return Site(
      name: "pair", environment: .lab, nodes: [node("a", 1), node("b", 2)],
      addresses: [VirtualAddress(virtual, prefix: 32)], vrid: 51,
      captures: ["a", "b"].map { CapturePoint(name: $0, interface: $0, node: $0) },
      vantages: [VantagePoint(name: "client", interface: "eth0")], probing: Probing(echo: nil))
  }

  static func trial(hold: Duration = .seconds(5), repetitions: Int = 1) -> Trial {
    Trial(
      name: "a blow", fault: FaultUse(kind: "word", arguments: Arguments()), target: .holder,
      hold: hold, settle: .seconds(1), recover: .seconds(10), repetitions: repetitions,
      expectations: [])
  }

  /// What a pair looks like at `moment` when `holder` has the address, and `also` answers as well.
  static func sight(_ holder: String, also other: String? = nil, at moment: Moment) -> [Observation]
  {
    let frame = { (port: String, outgoing: Bool) in
      FrameSight(
        port: port, frame: 1, outgoing: outgoing, source: macs[holder] ?? .zero,
        destination: .broadcast)
    }
    let advertisement = { (port: String, outgoing: Bool) in
      Event.advertisement(
        AdvertisementSeen(
          sight: frame(port, outgoing), version: 2, vrid: 51, priority: 100,
          interval: 1_000_000_000, from: .v4(1), to: .v4(2), addresses: [virtual]))
    }
    let answers = [holder, other].compactMap { $0 }.map {
      Probe.Answer(at: moment, mac: macs[$0])
    }
    let round = Probe(
      vantage: "client", method: .arp, address: virtual, sequence: 1, sent: moment,
      period: 20_000_000, answers: answers)
    let standby = holder == "a" ? "b" : "a"
    return [advertisement(holder, false), advertisement(standby, true), .probe(round)].map {
      Observation(when: Interval(at: moment), source: "world", event: $0)
    }
  }

  static var descriptions: [Observation] {
    ["a", "b"].map { name in
      Observation(
        when: Interval(at: .began), source: "run",
        event: .nodeDescribed(
          NodeDescription(
            node: name, transport: "scripted", system: "",
            links: [.init(name: "eth0", mac: macs[name], addresses: [])])))
    }
  }
}
