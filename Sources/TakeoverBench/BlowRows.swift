// How long a blow takes: from the byte that fires it to the acknowledgement, beside the ways in which
// a script would do it, all to one sshd.

internal import Foundation
internal import Glibc
internal import TakeoverModel
internal import TakeoverRemote
internal import TakeoverWire

struct BlowRows {
  static let section = "armed fire → acknowledgement"

  private enum Way: String, CaseIterable {
    case armed = "armed fire, libssh2"
    case called = "the same, as its caller waits"
    case program = "armed fire of a program, libssh2"
    case openSSH = "armed fire, OpenSSH client"
    case byte = "bare libssh2, one byte through cat"
    case echo = "bare libssh2, echo through sh"
    case master = "ssh true, ControlMaster"
    case fresh = "ssh true, fresh connection"

    /// How it is measured.
    var note: String {
      switch self {
      case .armed:
        "Transport.arm(.script(true)), then fire: Blow.acknowledged − Blow.sent, CLOCK_REALTIME"
      case .called: "the same fires, from the call of fire to its return"
      case .program: "the same with /bin/true, which the node has to start"
      case .openSSH: "arm and fire over a ControlMaster's long-lived sh, sent to acknowledged"
      case .byte: "blocking libssh2, no thread of ours: write one byte, read it back from cat"
      case .echo: "the same, `echo` and a newline to a running sh, until its newline is read"
      case .master: "from the start of ssh(1) to its end, over a standing connection"
      case .fresh: "from the start of nsenter(1), which becomes ssh(1), to its end"
      }
    }
  }

  let node: Reach
  /// How many of each; a fresh connection is tried a tenth as often.
  let count: Int

  /// The ways take turns in short blocks: what else the machine does falls on all of them.
  func measure() async throws -> Findings {
    let folder = try Scratch()
    defer { folder.remove() }
    let ours = SSHTransport(node)
    try await ours.open(within: .seconds(20))
    var reach = node
    reach.client = .openssh
    let theirs = AutomaticTransport(reach)
    try await theirs.open(within: .seconds(20))
    let (echo, byte) = (try bare("exec sh"), try bare("exec cat"))
    let master = try Child(
      ["nsenter", "--net=\(node.namespace ?? "/proc/self/ns/net")", "ssh", "-N"]
        + options(folder, "ControlMaster=yes") + ["root@\(node.host)"])
    defer { _ = master.end(SIGTERM) }
    try await awaitMaster(folder)

    var samples: [Way: [Double]] = [:]
    while samples[.armed, default: []].count < count {
      try Task.checkCancellation()
      for _ in 0..<20 {
        let (blow, call) = try await fire(ours)
        samples[.armed, default: []].append(blow)
        samples[.called, default: []].append(call)
      }
      for _ in 0..<20 {
        samples[.program, default: []].append(try await fire(ours, Command("/bin/true")).blow)
      }
      samples[.echo, default: []] += try await Self.trips(echo, Array("echo\n".utf8), 20)
      samples[.byte, default: []] += try await Self.trips(byte, [120], 20)
      for _ in 0..<20 { samples[.openSSH, default: []].append(try await fire(theirs).blow) }
      for _ in 0..<20 { samples[.master, default: []].append(try throughMaster(folder)) }
      for _ in 0..<2 { samples[.fresh, default: []].append(try freshly(folder)) }
    }
    await ours.close()
    await theirs.close()
    return Self.findings(samples)
  }

  private static func findings(_ samples: [Way: [Double]]) -> Findings {
    var findings = Findings()
    for way in Way.allCases {
      findings.rows.append(
        Row(section, way.rawValue, unit: "µs", samples[way] ?? [], note: way.note))
    }
    findings.compare(to: Way.armed.rawValue)
    let p50 = { (way: Way) in findings.p50(of: way.rawValue) ?? .nan }
    findings.targets = [
      Target(
        "p50 of the armed fire in 1/50ths of the ControlMaster's",
        measured: 50 * p50(.armed) / p50(.master), limit: 1),
      Target(
        "p50 of the armed fire in bare round trips through sh",
        measured: p50(.armed) / p50(.echo), limit: 3),
    ]
    return findings
  }

  /// Microseconds from sent to acknowledged, and from call to return.
  private func fire(
    _ transport: any Transport, _ command: Command = .script("true")
  ) async throws -> (blow: Double, call: Double) {
    let armed = try await transport.arm(command, within: .seconds(10))
    let began = ContinuousClock.now
    let blow = try await armed.fire(within: .seconds(10))
    let call = ContinuousClock.now - began
    guard let acknowledged = blow.acknowledged, blow.result?.status == 0 else {
      throw Complaint("a blow was not acknowledged", remedy: "look at the node")
    }
    return (Double(acknowledged - blow.sent) / 1_000, call.microseconds)
  }

  private func bare(_ program: String) throws -> BareSession {
    try BareSession(to: node, running: program)
  }

  /// One newline, or the byte itself, comes back.
  private static func trips(
    _ session: BareSession, _ words: [UInt8], _ count: Int
  ) async throws -> [Double] {
    try await OwnThread.run { _ in
      try (0..<count).map { _ in try session.roundTrip(words, answer: 1).microseconds }
    }
  }

  // MARK: The OpenSSH client, as a script calls it

  private func options(_ folder: Scratch, _ master: String) -> [String] {
    [
      master, "ControlPath=\(folder.path)/master", "IdentitiesOnly=yes", "BatchMode=yes",
      "UserKnownHostsFile=\(node.knownHosts ?? "")", "GlobalKnownHostsFile=/dev/null",
    ].reduce(["-F", "none", "-T", "-i", node.identity ?? ""]) { $0 + ["-o", $1] }
  }

  private func throughMaster(_ folder: Scratch) throws -> Double {
    try timed(["ssh"] + options(folder, "ControlMaster=no") + ["root@\(node.host)", "true"])
  }

  private func freshly(_ folder: Scratch) throws -> Double {
    try timed(
      ["nsenter", "--net=\(node.namespace ?? "/proc/self/ns/net")", "ssh"]
        + options(folder, "ControlMaster=no") + ["-S", "none", "root@\(node.host)", "true"])
  }

  private func timed(_ words: [String]) throws -> Double {
    let cost = try Child.run(words)
    guard cost.status == 0 else {
      throw Complaint("ssh failed (exit \(cost.status))", remedy: "run it by hand: \(words)")
    }
    return cost.seconds * 1e6
  }

  private func awaitMaster(_ folder: Scratch) async throws {
    for _ in 0..<100 {
      let asking = ["ssh"] + options(folder, "ControlMaster=no")
      if try Child.run(asking + ["-O", "check", "root@\(node.host)"]).status == 0 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Complaint("the ControlMaster did not come up", remedy: "look at the node's sshd")
  }
}
