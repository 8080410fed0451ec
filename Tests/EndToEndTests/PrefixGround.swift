// A laboratory in which a blow stands still half-way, and is healed as the runner heals it.

import Foundation
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import TakeoverRemote
import Testing

@testable import TakeoverRun

/// A pair that stands, with the ways by which a run would come to the nodes and to who carries them.
struct PrefixGround {
  /// A blow at one node, decided, and the node as it was.
  struct Standing {
    var node: Node
    var procedure: Procedure
    var acting: NodeCommands
    var looking: NodeCommands
    var before: NodeState
    /// Files and processes with our name, on the node.
    var traces: String
    /// A coordinator may die while it prepares, too.
    var commands: [TakeoverModel.Command] { procedure.prepare + procedure.inject }
    /// What starts itself anew proves it afterwards.
    var losesMemory: Bool { procedure.place == .node && procedure.restarts }
  }

  let site: Site
  let ways: [String: any Transport]
  let outside: any Transport
  private let clock = SystemClock()
  private let limits = Limits()

  static func with(_ place: Workplace, _ body: (PrefixGround) async throws -> Void) async throws {
    let (description, found) = LabReader().read(text: place.labText, path: "lab.yaml")
    let site = try LabLayout(
      try #require(description, "\(found)"), in: LabFolders(cache: LabSamples.folders.cache)
    ).site
    var ways: [String: any Transport] = [:]
    for node in site.nodes + site.others { ways[node.name] = AutomaticTransport(node.reach) }
    let outside = LocalTransport()
    var trouble: (any Error)?
    do {
      for way in Array(ways.values) + [outside] { try await way.open(within: .seconds(20)) }
      try await body(PrefixGround(site: site, ways: ways, outside: outside))
    } catch { trouble = error }
    for way in Array(ways.values) + [outside] { await way.close() }
    if let trouble { throw trouble }
  }

  private func commands(_ name: String, by way: (any Transport)?) throws -> NodeCommands {
    NodeCommands(node: name, transport: try #require(way), clock: clock, limits: limits)
  }

  // MARK: The pair

  /// Waits until one node has the addresses, both daemons run and both nodes stay what they are;
  /// says who has them.
  private func holder() async throws -> String {
    let deadline = ContinuousClock.now + .seconds(30)
    var last: [NodeState] = []
    while true {
      var holders: [String] = []
      var isActive = true
      var states: [NodeState] = []
      for node in site.nodes {
        let commands = try commands(node.name, by: ways[node.name])
        let control = try #require(node.services["keepalived"])
        isActive = await commands.run([control.isActive]).outcome == .pass && isActive
        let address = try #require(site.addresses.first).address
        let shown = try await commands.transport.run(
          Command("ip", "-o", "addr", "show", "to", address.description), within: limits.command)
        if !shown.text.isEmpty { holders.append(node.name) }
        states.append(try await commands.state(of: node, in: site, touching: Touches()))
      }
      if holders.count == 1, isActive, states == last { return holders[0] }
      last = holders.count == 1 && isActive ? states : []
      try #require(ContinuousClock.now < deadline, "the pair is not whole: \(holders) hold it")
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  // MARK: The blow

  /// Waits for a whole pair, and decides as a run does.
  func blow(of fault: any Fault, target: Target) async throws -> Standing {
    let holder = try await holder()
    let name =
      switch target {
      case .holder, .both: holder
      case .standby: try #require(site.nodes.first { $0.name != holder }).name
      case .machine: try #require(site.others.first).name
      case .node(let name): name
      }
    let node = try #require(site.strikable(named: name))
    let procedure = try fault.procedure(on: node, in: site)
    let looking = try commands(name, by: ways[name])
    let acting = procedure.place == .node ? looking : try commands(name, by: outside)
    return Standing(
      node: node, procedure: procedure, acting: acting, looking: looking,
      before: try await looking.state(of: node, in: site, touching: procedure.touches),
      traces: try await traces(of: looking))
  }

  func lack(of blow: Standing, requiring programs: [String]) async throws -> String? {
    try await blow.acting.lack(of: programs, for: blow.procedure)
  }

  /// Carries out the first `count` commands and heals; what is wrong then, in words. All of them must
  /// be shown to be in force. As in a run, the last may end as it likes: a daemon may die of what it is
  /// given to read.
  func stop(_ blow: Standing, after count: Int) async throws -> [String] {
    var trouble: [String] = []
    for (index, command) in blow.commands.prefix(count).enumerated() {
      let step = await blow.acting.run([command])
      guard step.outcome != .pass, index + 1 < blow.commands.count else { continue }
      trouble.append("the blow itself: \(step.detail)")
      break
    }
    if trouble.isEmpty, count == blow.commands.count, !blow.losesMemory {
      let shown = await blow.acting.ask(
        blow.procedure.confirm, until: clock.now() + limits.confirmation)
      if shown.outcome != .pass || blow.procedure.confirm.isEmpty {
        trouble.append("not in force: \(shown.detail)")
      }
    }
    return (trouble + (await heal(blow))).map { "after \(count): \($0)" }
  }

  /// The same, and the next command dies in front of its simple command number `turn`. `length`: how
  /// many of them it has, where it came to its end.
  func stop(
    _ blow: Standing, after count: Int, inside turn: Int
  ) async throws -> (length: Int?, trouble: [String]) {
    let script = try #require(blow.commands[count].asScript)
    _ = await blow.acting.run(Array(blow.commands.prefix(count)))
    // The DEBUG trap of bash(1): before each simple command, in functions and subshells, too.
    let dying = """
      set -T
      dying=0
      trap '[ $((dying += 1)) -ne \(turn) ] || kill -s KILL "$$" "$BASHPID"' DEBUG
      trap 'trap - DEBUG; echo "dying $dying" >&2' EXIT

      """
    let result = try await blow.acting.transport.run(
      Command(["bash", "--posix", "-c", dying + script.body, "takeover"] + script.parameters),
      within: limits.command)
    let said = result.errorText.split(separator: "\n").last { $0.hasPrefix("dying ") }
    let trouble = await heal(blow)
    return (
      said.flatMap { Int($0.dropFirst(6)) },
      trouble.map { "after \(count), inside at \(turn): \($0)" }
    )
  }

  // MARK: The healing

  /// As the runner does it; then again, as a lease and `takeover heal` do, which know nothing of each
  /// other; then on a node whose notes are gone, as after a lease that healed.
  private func heal(_ blow: Standing) async -> [String] {
    var trouble: [String] = []
    let repair = Repair(
      commands: blow.acting, looking: blow.looking, node: blow.node, site: site,
      procedure: blow.procedure, before: blow.before, mayHaveRebooted: blow.procedure.restarts)
    func attempt(_ words: String, within limit: Duration) async {
      let step = await repair.attempt(until: clock.now() + limit)
      if step.outcome != .pass { trouble.append("\(words): \(step.detail)") }
    }
    await attempt(
      "healed", within: limits.healing + (blow.procedure.restarts ? limits.restart : .zero))
    await attempt("healed again", within: .seconds(5))
    if blow.procedure.place == .node {
      _ = await blow.acting.run([Command("rm", "-rf", Procedure.stateFolder)])
      await attempt("healed without notes", within: .seconds(5))
    }
    do {
      let deadline = ContinuousClock.now + .seconds(5)
      while true {
        let left = try await traces(of: blow.looking)
        if left == blow.traces { break }
        guard ContinuousClock.now < deadline else {
          trouble.append("left behind: \(left) where there was: \(blow.traces)")
          break
        }
        try await Task.sleep(for: .milliseconds(100))
      }
    } catch { trouble.append("\(error)") }
    return trouble
  }

  /// Files and processes that have our name; the shell that is asked says that it is `takeover` itself.
  private func traces(of node: NodeCommands) async throws -> String {
    try await node.transport.run(
      .script(
        """
        find /etc /opt /run /tmp /usr /var -xdev -name '*takeover*' ! -path /run/takeover
        for folder in /proc/[0-9]*; do
          case ${folder#/proc/} in "$$" | 1) continue ;; esac
          words=$(tr '\\0' ' ' <"$folder/cmdline") 2>/dev/null || continue
          case $words in *takeover*) echo "process: $words" ;; esac
        done
        :
        """), within: limits.command
    ).text
  }
}
