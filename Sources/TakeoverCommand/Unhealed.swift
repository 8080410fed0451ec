// What is broken this moment, and the commands that mend it: the last words of a run that is stopped
// before it could heal.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun

/// Fed with the journal; knows which nodes were touched and not yet shown to be whole.
final class Unhealed: Sendable {
  private let site: Site
  private let undoPath: String
  private let nodes = Mutex<Set<String>>([])

  init(site: Site, undoPath: String) {
    self.site = site
    self.undoPath = undoPath
  }

  func take(_ observation: Observation) {
    switch observation.event {
    case .prepared(let step): nodes.withLock { _ = $0.insert(step.node) }
    case .healed(let step) where step.outcome == .pass:
      nodes.withLock { _ = $0.remove(step.node) }
    default: break
    }
  }

  /// Empty when nothing is broken; else a paragraph per node with the commands to paste.
  var lastWords: String {
    let broken = nodes.withLock { $0 }
    guard !broken.isEmpty else { return "" }
    let log = (try? Data(contentsOf: URL(fileURLWithPath: undoPath))).map { Array($0) } ?? []
    let entries = UndoLog.open(in: log)
    let folder = undoPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    return broken.sorted().map { name in
      let heal = entries.last { $0.node == name }?.heal.map(\.shellText).joined(separator: "\n")
      return "\(name) is NOT healed. On \(way(to: name)), as root, run:\n"
        + (heal ?? "see \(undoPath)")
    }.joined(separator: "\n")
      + "\nor here: takeover heal \(folder)"
      + Self.patience(entries.compactMap(\.lease).map(\.length).max())
  }

  private static func patience(_ lease: Duration?) -> String {
    lease.map { "\nLeft alone, it heals itself within \(TimeText.chosen($0))." } ?? ""
  }

  /// A lab's nodes are behind its own network: its own command leads there.
  private func way(to name: String) -> String {
    if site.environment == .lab { return "takeover lab exec \(site.name) \(name) -- sh" }
    return site.node(named: name).map { "\($0.reach.user)@\($0.reach.host)" } ?? name
  }
}
