// What a run says to a node with a POSIX shell and ip(8).

internal import TakeoverModel

struct PosixSpeech: NodeSpeech {
  var inspection: Command { NodeInspection.command }

  func described(node: String, transport: String, output: String) -> NodeDescription {
    NodeInspection.describe(node: node, transport: transport, output: output)
  }

  var lister: String { "ip -o link show" }
  var road: Command { NodeInspection.road }

  func missing(of programs: [String]) -> Command {
    .script(
      "for name in \"$@\"; do command -v \"$name\" >/dev/null || echo \"$name\"; done", programs)
  }

  func link(_ interface: String) -> Command {
    Command("ip", "-o", "link", "show", "dev", interface, "up")
  }

  /// ip(8) says nothing of a link that is not up.
  func isUp(_ answer: CommandResult) -> Bool {
    answer.succeeded && (!answer.text.isEmpty || !answer.errorText.isEmpty)
  }

  func raising(_ interface: String) -> String { "as root: ip link set dev \(interface) up" }

  var addresses: Command { Command("ip", "-o", "address", "show") }

  func addresses(in lines: [Substring]) -> [String: [IPAddress]] {
    NodeInspection.addresses(lines)
  }

  func processes(
    of services: [String: ServiceControl], known: [String: ServiceProcessesSeen.Process]
  ) -> Command {
    ProcessObserver.question(about: services, known: known)
  }

  func digest(of node: Node, in site: Site, touching touches: Touches) -> Command {
    NodeDigest.command(for: node, in: site, touching: touches)
  }

  func state(
    _ output: String, of node: Node, in site: Site, touching touches: Touches
  ) -> NodeState {
    NodeDigest.state(output, of: node, in: site, touching: touches)
  }

  var programs: [String] { ["ip"] }
  func installing(_ program: String) -> String { "install the package that has it" }

  var mayAll: Command { .script("[ $(id -u) = 0 ]") }
  var ruler: String { "root" }
  var rising: String { "log in as root, or add `sudo: true`" }

  var root: String { Procedure.root }
  func folder(of lease: Lease) -> String { "\(Lease.root)/\(lease.id)" }
  var permission: String { NodeLock.permission }

  func permits(_ site: String) -> Command {
    Command("grep", "-qxF", "-e", site, NodeLock.permission)
  }

  func permitting(_ site: String) -> String {
    "as root: mkdir -p /etc/takeover && echo '\(site)' >>\(NodeLock.permission)"
  }

  func keeping(_ lock: NodeLock) -> any LockKeeping { PosixLock(lock: lock) }
  func keeping(_ lease: Lease) -> any LeaseKeeping { PosixLease(lease: lease) }

  func sweep(_ node: Node, force: Bool) -> Command { Sweep.command(on: node, force: force) }
}
