// Faults that lie, planted into a run on real nodes: a blow that does nothing, a healing that does
// nothing, a proof that says the opposite.

import Foundation
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import TakeoverRemote
import TakeoverReport
import TakeoverRun
import Testing

@testable import TakeoverCommand

/// Stops keepalived and gives the node an address too much, which no restart takes away; each kind
/// takes one part of that away.
private func honest(_ node: Node) throws(Complaint) -> Procedure {
  guard let control = node.services["keepalived"] else {
    throw Complaint("no keepalived", remedy: "")
  }
  let hasAddress = "ip -o addr show dev eth0 | grep -qF 10.9.9.9/32"
  return Procedure(
    inject: [Command("ip", "addr", "add", "10.9.9.9/32", "dev", "eth0"), control.stop],
    confirm: [.script(hasAddress), .script("! " + control.isActive.shellText)],
    heal: [
      .script("! \(hasAddress) || ip addr del 10.9.9.9/32 dev eth0"), control.start,
    ],
    confirmHealed: [.script("! \(hasAddress)"), control.isActive])
}

private func declared(_ kind: String) -> FaultDeclaration {
  FaultDeclaration(kind: kind, summary: "planted", effect: "planted")
}

/// The blow does nothing; its proof tells the truth.
struct NoBlow: Fault {
  static let declaration = declared("no-blow")
  init(_ arguments: Arguments) {}
  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    var procedure = try honest(node)
    procedure.inject = [Command("true")]
    return procedure
  }
}

/// The healing does nothing; its proof tells the truth.
struct NoHealing: Fault {
  static let declaration = declared("no-healing")
  init(_ arguments: Arguments) {}
  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    var procedure = try honest(node)
    procedure.heal = [Command("true")]
    return procedure
  }
}

/// The healing does nothing, and its proof lies.
struct LyingHealing: Fault {
  static let declaration = declared("lying-healing")
  init(_ arguments: Arguments) {}
  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    var procedure = try honest(node)
    procedure.heal = [Command("true")]
    procedure.confirmHealed = [Command("true")]
    return procedure
  }
}

/// What came of a run with a planted fault.
struct Planted {
  var end: RunEnd
  var report: Report
  var junit: String
  var journal: String

  private static let faults = Catalog<any Fault.Type>([
    NoBlow.self, NoHealing.self, LyingHealing.self,
  ])

  /// One run of one trial on a lab's holder, as the program does it, but for the catalog.
  static func run(_ kind: String, at site: Site) async throws -> Planted {
    let text = """
      version: 1
      name: planted
      site: x.yaml
      lease: 5s
      trials:
        - name: one
          fault: \(kind)
          target: holder
          hold: 2s
          expect: {single-holder: 1s}
      """
    let reader = PlanReader(
      faults: faults, checks: CheckCatalog.checks.kinds.map { $0.declaration })
    let (plan, diagnostics) = reader.read(text: text, path: "x.yaml")
    let folder = RunFolder(
      path: NSTemporaryDirectory() + "takeover-hit-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let journal = try JournalFile(path: folder.journal)
    let pair = LivePair(site: site)
    journal.listen { pair.take($0) }
    var transports: [String: any Transport] = [:]
    for node in site.nodes { transports[node.name] = Wiring.transport(to: node.reach) }
    let plans = [try #require(plan, "\(diagnostics)")]
    var setting = RunSetting(
      name: folder.name, version: "test", plans: plans, site: site, faults: faults,
      transports: transports,
      observers: Wiring.observers(
        of: site, for: plans, transports: transports, in: folder),
      clock: SystemClock())
    setting.limits.healing = .seconds(3)
    let end = await Runner(
      setting, journal: journal, undo: try UndoLog(path: folder.undo), pair: pair
    ).run()
    let report = try Reporting.write(from: folder, dialect: .standard, copy: nil)
    let read = { (path: String) in try String(contentsOfFile: path, encoding: .utf8) }
    return Planted(
      end: end, report: report, junit: try read(folder.path + "/" + JUnitReport.fileName),
      journal: try read(folder.journal))
  }
}
