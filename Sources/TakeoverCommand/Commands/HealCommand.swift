// takeover heal: mends what a run left behind, by its undo log or by looking at the nodes.

internal import ArgumentParser
internal import Foundation
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

struct HealCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heal", abstract: "Mend what a run that died has left broken.",
    discussion: """
      EXAMPLES
        takeover heal                          every unfinished run in Reports
        takeover heal Reports/20261122T031500Z-nightly
        takeover heal --site my-pair.yaml      whatever any run left on these nodes

      Healing is harmless where nothing is broken. Exit 3: something stays broken.
      """)

  @Argument(
    help: "The folder of a run. Without it and without --site: all unfinished runs.",
    completion: .runs)
  var folder: String?

  @Option(
    help: "A site or lab file: look at its nodes, and mend what is found there.",
    completion: .siteFiles)
  var site: String?

  @Flag(help: "With --site: also where another run still holds a node.")
  var force = false

  @Option(help: "The folder that has a folder per run.", completion: .directory)
  var output = "Reports"

  func validate() throws {
    if force, site == nil { throw ValidationError("--force goes with --site") }
  }

  func run() async throws {
    var isWhole = true
    if let site {
      isWhole = try await sweep(site) && isWhole
    } else {
      let runs = try runs()
      if runs.isEmpty { Terminal.tell("nothing is left to heal") }
      for run in runs { isWhole = try await heal(run) && isWhole }
    }
    try end(isWhole ? .passed : .notHealed)
  }

  private func runs() throws -> [Unfinished] {
    guard let folder else { return Unfinished.all(in: output) }
    let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let run = RunFolder(path: path)
    guard FileManager.default.fileExists(atPath: run.undo) else {
      throw Ending(
        .notFound, "\(run.undo) is not there", remedy: "name a run's folder, or use --site")
    }
    guard !UndoLog.isInUse(run.undo) else {
      throw Ending(
        .usage, "\(path) belongs to a run that still goes on, and will heal by itself",
        remedy: "takeover stop ends it at once, healed")
    }
    return Unfinished(in: run).map { [$0] } ?? []
  }

  /// By the undo log: what was broken is known, and what the nodes were before.
  private func heal(_ run: Unfinished) async throws -> Bool {
    let site = try run.site()
    Terminal.note("takeover: healing \(run.nodes.joined(separator: " and ")) of \(site.name)")
    let log = try UndoLog(path: run.folder.undo)
    guard stands(site) else {
      Terminal.tell("the lab \(site.name) does not stand any more: nothing is left to heal")
      for entry in run.entries { log.markHealed(entry.trial, entry.node) }
      return true
    }
    let outside = run.entries.filter { $0.place == .outside }.map(\.node)
    return try await reaching(site, outside: Set(outside)) { mending in
      let outcomes = await mending.heal(run.entries)
      for outcome in outcomes {
        for trial in outcome.closed { log.markHealed(trial, outcome.node) }
      }
      await mending.unlock(run.entries.compactMap(\.lease).map(\.run))
      return tell(outcomes)
    }
  }

  /// By looking: whatever any run left.
  private func sweep(_ path: String) async throws -> Bool {
    let (place, diagnostics) = try Selection.place(at: path)
    guard let place else {
      throw Ending(.planInvalid, diagnostics.joined(separator: "\n"), remedy: "correct the file")
    }
    let site = try Wiring.site(of: place)
    guard stands(site) else {
      Terminal.tell("the lab \(site.name) does not stand: nothing is left to heal")
      return true
    }
    let own = Unfinished.all(in: output).filter { (try? $0.site().name) == site.name }
    var isWhole = true
    for run in own { isWhole = try await heal(run) && isWhole }
    let swept = try await reaching(site, outside: Set(site.nodes.map(\.name))) {
      tell(await $0.sweep(force: force))
    }
    return isWhole && swept
  }

  /// A lab's nodes are gone with it, and with them all that was broken there.
  private func stands(_ site: Site) -> Bool {
    guard site.environment == .lab else { return true }
    return site.nodes.contains { node in
      node.reach.namespace.map { FileManager.default.fileExists(atPath: $0) } ?? true
    }
  }

  /// `outside`: the nodes that may have been broken from outside, which is mended first.
  private func reaching(
    _ site: Site, outside: Set<String>, _ body: (Mending) async -> Bool
  ) async throws -> Bool {
    var outsides: [String: any Transport] = [:]
    for (name, way) in Wiring.outsides(of: site)
    where (try? await way.open(within: .seconds(15))) != nil {
      outsides[name] = way
    }
    let mended = await Mending(
      site: site, transports: [:], outsides: outsides, clock: SystemClock()
    ).sweepOutside(of: outside)
    let isWholeOutside = tell(mended)
    var transports: [String: any Transport] = [:]
    for node in site.nodes + site.others {
      Terminal.note("takeover: connecting to \(node.name): \(node.reach.user)@\(node.reach.host)")
      transports[node.name] = await open(node, patiently: !mended.isEmpty)
    }
    let isWhole = await body(
      Mending(site: site, transports: transports, outsides: outsides, clock: SystemClock()))
    for transport in Array(transports.values) + outsides.values { await transport.close() }
    return isWhole && isWholeOutside
  }

  /// A node that has just got its power back takes a while. nil: it is not reached.
  private func open(_ node: Node, patiently: Bool) async -> (any Transport)? {
    let clock = SystemClock()
    let deadline = clock.now() + (patiently ? .seconds(120) : .zero)
    while true {
      let transport = Wiring.transport(to: node.reach)
      do {
        try await transport.open(within: .seconds(15))
        return transport
      } catch {
        guard clock.now() < deadline else {
          Terminal.complain(error)
          return nil
        }
      }
      try? await clock.wait(until: clock.now() + .seconds(1))
    }
  }

  private func tell(_ outcomes: [Mending.Outcome]) -> Bool {
    for outcome in outcomes {
      let words = outcome.words.isEmpty ? ["nothing was left"] : outcome.words
      for sentence in words { Terminal.tell(CleanText.line("\(outcome.node): \(sentence)")) }
      if !outcome.isWhole { Terminal.tell("\(outcome.node) is NOT whole") }
    }
    return outcomes.allSatisfy(\.isWhole)
  }
}
