// What must be undone, on the disk before it is done.

internal import Foundation
internal import Glibc
package import TakeoverModel

/// One line per node and blow, and one more when that node was shown to be whole again. While the run
/// lives it holds a lock on the file (flock(2)), which goes with it however it ends.
package final class UndoLog: Sendable {
  package struct Entry: Codable, Hashable, Sendable {
    package var trial: TrialHeader
    package var node: String
    package var fault: FaultUse
    package var heal: [Command]
    package var confirmHealed: [Command]
    /// What the node was given to heal itself. A log from before there were any has none.
    package var lease: Lease?
    /// The node before anything was touched; nil: it could not be looked at.
    package var before: NodeState?
    package var touches: Touches?
    /// Where its commands are carried out; nil: on the node.
    package var place: Procedure.Place?
  }

  /// The line that closes an entry.
  struct Closing: Codable, Hashable {
    var trial: TrialHeader
    var node: String
    var healed: Bool
  }

  private let descriptor: Int32
  private let path: String

  package init(path: String) throws(Complaint) {
    descriptor = try AppendOnly.open(path)
    self.path = path
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit { Glibc.close(descriptor) }

  package func append(_ entry: Entry) throws {
    try AppendOnly.append(try JSONLine.encode(entry), to: descriptor, path: path)
    try AppendOnly.synchronize(descriptor, path: path)
  }

  /// The node is whole. A line that cannot be written costs a healing that finds nothing to do.
  package func markHealed(_ trial: TrialHeader, _ node: String) {
    let closing = Closing(trial: trial, node: node, healed: true)
    guard let line = try? JSONLine.encode(closing) else { return }
    try? AppendOnly.append(line, to: descriptor, path: path)
  }

  /// What is not closed yet, in the order in which it was written. A line that is cut off belongs to
  /// a blow that never fell: entries are on the disk before it.
  package static func open(in bytes: [UInt8]) -> [Entry] {
    let decoder = JSONDecoder()
    var open: [Entry] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let data = Data(line)
      if let entry = try? decoder.decode(Entry.self, from: data) {
        open.append(entry)
      } else if let closing = try? decoder.decode(Closing.self, from: data), closing.healed {
        open.removeAll { $0.trial == closing.trial && $0.node == closing.node }
      }
    }
    return open
  }

  /// Whether the run that writes this log still lives.
  package static func isInUse(_ path: String) -> Bool {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
