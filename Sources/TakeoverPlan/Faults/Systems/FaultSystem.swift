// What faults ask of a node's system: the commands differ, what they are for does not.

internal import TakeoverModel

protocol FaultSystem: Sendable {
  /// A service of the node; throws where the site knows none of that name.
  func service(
    _ name: String, on node: Node, for fault: String
  ) throws(Complaint) -> any StruckService

  /// An interface of the node; nil: the one that carries the addresses.
  func interface(
    _ name: String?, on node: Node, in site: Site, for fault: String
  ) -> any StruckInterface

  /// Everything between the node and its peers is dropped, both ways.
  func partition(_ interface: String?, on node: Node, in site: Site) throws(Complaint) -> Procedure

  /// This traffic meets with what the rules say.
  func strike(_ rules: TrafficRules, on node: Node, in site: Site) throws(Complaint) -> Procedure

  /// The node starts anew by its own will; `isOrderly`: services are stopped first.
  func startAnew(isOrderly: Bool, on node: Node) throws(Complaint) -> Procedure

  /// The user's own lines.
  var lines: any LineSystem { get }
}

/// The processes of a service, as the faults that hit processes see them: written down before the
/// blow, so that a process id in other hands is never touched.
protocol StruckService: Sendable {
  var control: ServiceControl { get }
  /// Writes down the processes of the scope; fails when there are none.
  func prepare(_ scope: ProcessScope) throws(Complaint) -> Command
  /// Fails when a process id has passed to another process since then.
  var verify: Command { get }
  /// The deadly blow at them.
  func blow(_ signal: String, at scope: ProcessScope) throws(Complaint) -> Command
  /// The same blow again and again, beside what the procedure does already.
  func repeating(
    _ procedure: Procedure, _ signal: String, at scope: ProcessScope, every period: Duration
  ) throws(Complaint) -> Procedure
  /// Exit 0: none of them is alive.
  var areGone: Command { get }
  /// Stops the service and returns when it says that it stops, not when it has.
  var stop: Command { get }
  /// Stops and starts the service; returns as `stop` does.
  var restartAtOnce: Command { get }
  /// Exit 0: the service does not run.
  var isInactive: Command { get }
  /// Starts the service where it does not run.
  var restart: Command { get }
  /// What mends the service after such a blow, and what proves it.
  func mending(_ scope: ProcessScope, holding addresses: [IPAddress]) -> (
    heal: [Command], proof: [Command]
  )
}

/// An interface that goes down and comes back with what it had.
protocol StruckInterface: Sendable {
  var interface: String { get }
  /// Fails where the interface is not up.
  var save: Command { get }
  var down: Command { get }
  var isDown: Command { get }
  var restore: Command { get }
  var isRestored: Command { get }
}

/// Lines that stand in a plan, for the node's shell.
protocol LineSystem: Sendable {
  /// - Parameter notes: the name of the folder for notes.
  func command(_ line: String, on node: Node, notes: String) -> Command
  /// Makes that folder.
  func folder(_ notes: String) -> Command
  /// Exit 0: the command does not end with 0.
  func negation(of command: Command) -> Command
  /// Exit 0: the shell finds such a program.
  func finds(_ program: String) -> Command
  /// What the shell cannot do; nil: nothing.
  func refusal(touching files: [String]) -> Complaint?
}

extension NodeSystem {
  var faults: any FaultSystem {
    switch self {
    case .posix: PosixFaults()
    case .windows: WindowsFaults()
    }
  }
}
