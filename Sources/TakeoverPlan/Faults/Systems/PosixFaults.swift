// The faults of a node with sh, ip(8) and nft(8).

internal import TakeoverModel

struct PosixFaults: FaultSystem {
  func service(
    _ name: String, on node: Node, for fault: String
  ) throws(Complaint) -> any StruckService {
    try ServiceProcesses(of: name, on: node, for: fault)
  }

  func interface(
    _ name: String?, on node: Node, in site: Site, for fault: String
  ) -> any StruckInterface {
    InterfaceRecord(fault, on: node, in: site, interface: name)
  }

  func partition(_ interface: String?, on node: Node, in site: Site) throws(Complaint) -> Procedure
  {
    try PartitionPeer.procedure(
      ways: ["in", "out"], named: "partition", interface, on: node, in: site)
  }

  func strike(_ rules: TrafficRules, on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try rules.procedure(on: node, in: site)
  }

  /// reboot(8): -f does not stop services, -ff not even asks the first process.
  func startAnew(isOrderly: Bool, on node: Node) -> Procedure {
    SelfStart.procedure(
      by: isOrderly
        ? .script("reboot </dev/null >/dev/null 2>&1 &")
        : .script("(sleep 0.05; exec reboot -f) </dev/null >/dev/null 2>&1 3<&- &"))
  }

  var lines: any LineSystem { PosixLines() }
}

/// `$1` is the node's name, `$2` its interface, `$3` a folder for notes, which goes away with the
/// healing.
struct PosixLines: LineSystem {
  private func place(_ notes: String) -> String { "\(Procedure.stateFolder)/\(notes)" }

  func command(_ line: String, on node: Node, notes: String) -> Command {
    .script(line, [node.name, node.interface, place(notes)])
  }

  func folder(_ notes: String) -> Command {
    .script("umask 077; mkdir -p \"$1\"", [place(notes)])
  }

  func negation(of command: Command) -> Command {
    .script("! eval \"$1\"", [command.shellText])
  }

  func finds(_ program: String) -> Command {
    .script("command -v \"$1\" >/dev/null", [program])
  }

  func refusal(touching files: [String]) -> Complaint? { nil }
}

extension ServiceProcesses: StruckService {
  func blow(_ signal: String, at scope: ProcessScope) -> Command {
    scope == .tree && signal == "KILL" ? killAtOnce : self.signal(signal)
  }

  func repeating(
    _ procedure: Procedure, _ signal: String, at scope: ProcessScope, every period: Duration
  ) -> Procedure {
    let companion = Companion(record: record)
    let again = killing(scope, signal, every: period)
    var procedure = procedure
    procedure.inject = [
      verify, companion.start(again.body, again.parameters),
      companion.striking(blow(signal, at: scope)),
    ]
    procedure.confirm.append(companion.runs)
    procedure.heal.insert(companion.end, at: 0)
    procedure.confirmHealed.insert(companion.isGone, at: 0)
    procedure.requirements = Companion.requirements
    return procedure
  }

  /// The number of its children is the service's own: each death makes the next birth later.
  func mending(_ scope: ProcessScope, holding addresses: [IPAddress]) -> (
    heal: [Command], proof: [Command]
  ) {
    let losesChild = scope == .child || scope == .worker
    return losesChild
      ? ([restart, forgetDeaths(addresses)], [control.isActive, hasChild])
      : ([restart], [control.isActive])
  }
}

extension InterfaceRecord: StruckInterface {
  var down: Command { Command("ip", "link", "set", "dev", interface, "down") }
}
