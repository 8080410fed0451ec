// A whole trial on two Windows nodes that answer from a script: nothing that reaches them is for another
// shell, and what is wrong there is found.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

/// A fault whose scripts say by their first word what they are.
private struct ScriptFault: Fault {
  static let declaration = FaultDeclaration(
    kind: "word", summary: "a test", effect: "none", cmdlets: ["Get-Service"])
  init(_ arguments: Arguments) {}

  func procedure(on node: Node, in site: Site) -> Procedure {
    func one(_ word: String) -> [TakeoverModel.Command] { [.powerShell("'\(word)'")] }
    return Procedure(
      prepare: one("prepare"), inject: one("strike"), confirm: one("confirm"), heal: one("heal"),
      confirmHealed: one("is-healed"))
  }
}

private final class WindowsTransport: Transport {
  let description = "scripted"
  private let sent = Mutex<[TakeoverModel.Command]>([])
  /// The answer to the digest once the blow has fallen.
  private let after: String

  init(after: String = "Up") { self.after = after }

  var all: [TakeoverModel.Command] { sent.withLock { $0 } }
  /// Of the fault's own scripts, in order.
  var words: [String] {
    all.compactMap { command in
      let lines = command.asPowerShell?.body.split(separator: "\n") ?? []
      return lines.first { $0.hasPrefix("'") && $0.hasSuffix("'") }.map {
        String($0.dropFirst().dropLast())
      }
    }.filter { ["prepare", "strike", "confirm", "heal", "is-healed"].contains($0) }
  }

  func open(within limit: Duration) async throws(TransportError) {}
  func close() async {}

  func run(_ command: TakeoverModel.Command, within limit: Duration) async throws(TransportError)
    -> CommandResult
  {
    let isStruck = words.contains("strike")
    sent.withLock { $0.append(command) }
    let body = command.asPowerShell?.body ?? ""
    var text = ""
    if body.contains("Win32_OperatingSystem") {
      text = "Windows\n==\nCluster\t02-00-00-00-00-01\n==\nCluster\t10.0.0.1\n"
    } else if body.contains("Write-Part 'boot'") {
      text =
        "boot\nboot\t1\nlinks\nlinks\tCluster\tstatus\t\(isStruck ? after : "Up")\naddresses\nroutes\n"
        + "services\nend\n"
    }
    return CommandResult(status: 0, output: Array(text.utf8))
  }

  func arm(_ command: TakeoverModel.Command, within limit: Duration) async throws(TransportError)
    -> any ArmedBlow
  { Armed(command: command, transport: self) }

  func stream(
    _ command: TakeoverModel.Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int {
    sent.withLock { $0.append(command) }
    return 0
  }

  private struct Armed: ArmedBlow {
    let command: TakeoverModel.Command
    let transport: WindowsTransport

    func fire(within limit: Duration) async throws(TransportError) -> Blow {
      transport.sent.withLock { $0.append(command) }
      return Blow(
        sent: 1_000_000_000_100, acknowledged: 1_000_000_000_300, result: CommandResult(status: 0))
    }

    func disarm() async {}
  }
}

@Suite struct `A trial on Windows nodes` {
  private func run(_ nodes: [String: WindowsTransport]) async throws -> (RunEnd, MemoryJournal) {
    var site = World.site(services: ["cluster": .windows("ClusSvc")])
    for index in site.nodes.indices {
      site.nodes[index].interface = "Cluster"
      site.nodes[index].reach.system = .windows
    }
    let pair = LivePair(site: site)
    for observation in World.descriptions { pair.take(observation) }
    let clock = HandClock { moment in
      for observation in World.sight("a", at: moment) { pair.take(observation) }
    }
    let journal = MemoryJournal()
    let path = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var setting = RunSetting(
      name: "test", version: "0", plans: [Plan(name: "plan", trials: [World.trial()])], site: site,
      faults: Catalog([ScriptFault.self]), transports: nodes, observers: [], clock: clock)
    setting.renews = false
    let runner = Runner(setting, journal: journal, undo: try UndoLog(path: path), pair: pair)
    return (await runner.run(), journal)
  }

  @Test func `goes its course, and not one word for a POSIX shell is sent`() async throws {
    let nodes = ["a": WindowsTransport(), "b": WindowsTransport()]
    let (end, journal) = try await run(nodes)
    #expect(end == RunEnd(reason: .completed))
    #expect(nodes["a"]?.words == ["prepare", "strike", "confirm", "heal", "is-healed"])
    #expect(nodes["b"]?.words == [])
    for (name, node) in nodes {
      #expect(node.all.count > 3, "it was looked at, locked and let go")
      for command in node.all {
        #expect(command.system == .windows, "\(name): \(command.shellText)")
      }
    }
    #expect(journal.names.contains("restored"))
  }

  @Test func `ends with a node that is not what it was`() async throws {
    let nodes = ["a": WindowsTransport(after: "Disabled"), "b": WindowsTransport()]
    let (end, journal) = try await run(nodes)
    #expect(!end.healed)
    let healed = journal.events.compactMap { event in
      if case .healed(let step) = event { step } else { nil }
    }
    #expect(healed.first?.detail.contains("Cluster has status Disabled, not Up") == true)
  }
}
