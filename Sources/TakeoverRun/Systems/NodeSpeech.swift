// What a run says to a node beside the faults' own commands, and what the answers mean: looking at it,
// locking it, leaving it what mends it. The words are a system's, the protocol is one.

package import TakeoverModel

package protocol NodeSpeech: Sendable {
  // Looking. None of it changes anything.

  /// What the node is: its system, its links, its addresses.
  var inspection: Command { get }
  func described(node: String, transport: String, output: String) -> NodeDescription
  /// What lists its links, as a person would type it.
  var lister: String { get }
  /// Prints the interface by which this very session came in, or nothing.
  var road: Command { get }
  /// Prints those of the programs that are not there, a line each.
  func missing(of programs: [String]) -> Command
  /// Asks whether an interface is up.
  func link(_ interface: String) -> Command
  func isUp(_ answer: CommandResult) -> Bool
  /// What brings it up, in words.
  func raising(_ interface: String) -> String
  /// The addresses that the node's kernel has, by interface.
  var addresses: Command { get }
  func addresses(in lines: [Substring]) -> [String: [IPAddress]]
  /// A line `= name` for each service, then one `id start` for each of its processes.
  func processes(
    of services: [String: ServiceControl], known: [String: ServiceProcessesSeen.Process]
  ) -> Command
  /// The node as it is, as far as a fault could break it.
  func digest(of node: Node, in site: Site, touching touches: Touches) -> Command
  func state(
    _ output: String, of node: Node, in site: Site, touching touches: Touches
  ) -> NodeState
  /// What a run itself needs there, beside what the faults do.
  var programs: [String] { get }
  /// How a program that is not there comes there, in words.
  func installing(_ program: String) -> String
  /// Exit 0: whoever asks may break and mend there.
  var mayAll: Command { get }
  /// What such a user is called there, and how one becomes it, in words.
  var ruler: String { get }
  var rising: String { get }

  // Holding.

  /// Where a run keeps what it needs there, as messages name it.
  var root: String { get }
  func folder(of lease: Lease) -> String
  /// The file that names the sites for which the node may be broken, as messages name it.
  var permission: String { get }
  /// Exit 0: it names the site.
  func permits(_ site: String) -> Command
  /// What its owner does so that it does, in words.
  func permitting(_ site: String) -> String
  func keeping(_ lock: NodeLock) -> any LockKeeping
  func keeping(_ lease: Lease) -> any LeaseKeeping
  /// Mends what any run may have left there.
  func sweep(_ node: Node, force: Bool) -> Command
}

extension NodeSystem {
  package var speech: any NodeSpeech {
    switch self {
    case .posix: PosixSpeech()
    case .windows: WindowsSpeech()
    }
  }
}
