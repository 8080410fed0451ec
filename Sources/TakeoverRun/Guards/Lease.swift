// What a node is given before the blow: the healing commands and a deadline. When the coordinator
// stops renewing - killed, cut off, asleep - the node heals itself.

package import TakeoverModel

/// A promise kept by the node: a watcher of its own, which outlives the SSH session, waits for the
/// deadline and heals then. The deadline counts in the node's uptime (proc(5)), which nobody sets.
package struct Lease: Hashable, Sendable, Codable {
  /// Letters, digits, dots and dashes: it names a folder and a systemd unit.
  package let id: String
  package let length: Duration
  /// A blow that cuts the coordinator's own road: the lease is not renewed, so that the node heals
  /// itself when the hold is over, and keeps what it found until the coordinator is back.
  package let isTimer: Bool
  /// Whose words it is kept in.
  package let system: NodeSystem

  package init(
    id: String, length: Duration, isTimer: Bool = false, system: NodeSystem = .posix
  ) {
    self.id = id
    self.length = length
    self.isTimer = isTimer
    self.system = system
  }

  /// An undo log from before there was a choice has no `system`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      length: try container.decode(Duration.self, forKey: .length),
      isTimer: try container.decode(Bool.self, forKey: .isTimer),
      system: try container.decodeIfPresent(NodeSystem.self, forKey: .system) ?? .posix)
  }

  package static let root = "\(Procedure.root)/leases"
  /// The token of the run that granted it.
  package var run: String { String(id.prefix { $0 != "." }) }
  /// As messages name it.
  var folder: String { system.speech.folder(of: self) }
  var seconds: String { String((length.nanoseconds + 999_999_999) / 1_000_000_000) }

  /// Exit status of a renewal, or of a blow, whose lease has run out or was never there.
  package static let gone = 75

  /// Status of a release that came while the node was healing itself, and still is.
  package static let healing = 76

  private var words: any LeaseKeeping { system.speech.keeping(self) }

  /// Writes everything down and starts the watcher; succeeds only when that one says that it watches.
  package func grant(_ procedures: [Procedure]) -> Command { words.grant(procedures) }

  /// Puts the deadline off; status `gone` when it is too late.
  package var renewal: Command { words.renewal }

  /// The blow, which does not fall without its lease: a coordinator that slept would strike a node
  /// that nobody mends any more.
  package func guarding(_ command: Command) -> Command { words.guarding(command) }

  /// The same for a blow that cuts the road by which its proof would be asked for: the node looks by
  /// itself, for four seconds, and writes down when it is shown.
  package func recording(_ command: Command, _ confirm: [Command]) -> Command {
    words.recording(command, confirm)
  }

  /// Exit 0: the blow was shown to be in force.
  package var record: Command { words.record }

  /// Ends the watcher and takes everything away. Status `gone` when the node has healed itself
  /// meanwhile, `healing` when it is about it: a watcher that has begun is never stopped half-way.
  package var release: Command { words.release }
}

/// A lease in the words of one system.
package protocol LeaseKeeping: Sendable {
  func grant(_ procedures: [Procedure]) -> Command
  var renewal: Command { get }
  func guarding(_ command: Command) -> Command
  func recording(_ command: Command, _ confirm: [Command]) -> Command
  var record: Command { get }
  var release: Command { get }
}
