// A look at one node or machine: whether it is reached, by whom, and what it lacks. Changes nothing there.

internal import TakeoverModel
internal import TakeoverRemote
internal import TakeoverRun

/// What one place told, need by need.
struct NodeVisit: Sendable {
  let name: String
  let reach: Reach
  let site: Site
  let needs: FaultNeeds
  private(set) var found: [(need: String, cell: NeedsTable.Cell)] = []
  /// How it is reached, for the person in front of it.
  private(set) var way = ""

  private static let limit = Duration.seconds(10)

  init(_ name: String, _ reach: Reach, of site: Site, needs: FaultNeeds) {
    self.name = name
    self.reach = reach
    self.site = site
    self.needs = needs
  }

  /// Connects, looks, and closes. What cannot be reached lacks everything.
  mutating func look() async {
    let transport = Wiring.transport(to: reach)
    do {
      try await transport.open(within: Self.limit)
      way = transport.description
      note("reached by SSH", .good)
      try await lookForRoot(transport)
      try await lookForPrograms(transport)
      if let node = site.node(named: name) { try await look(at: node, transport) }
      if site.strikable(named: name) != nil { try await lookForPermission(transport) }
    } catch {
      let right = error.kind == .missingPrivilege && reach.sudo ? await sudoRight() : nil
      note(
        right == nil ? "reached by SSH" : "root",
        .missing(
          problem: right?.problem ?? error.problem, remedy: right?.remedy ?? error.remedy))
    }
    await transport.close()
  }

  private mutating func note(_ need: String, _ cell: NeedsTable.Cell) { found.append((need, cell)) }

  /// Whoever cannot be root there can break and mend nothing.
  private mutating func lookForRoot(_ transport: any Transport) async throws(TransportError) {
    let isRoot = try await succeeds(.script("[ $(id -u) = 0 ]"), transport)
    note(
      "root",
      isRoot
        ? .good
        : .missing(
          problem: "\(reach.user) is not root", remedy: "log in as root, or add `sudo: true`"))
  }

  private mutating func lookForPermission(_ transport: any Transport) async throws(TransportError) {
    let isAllowed = try await succeeds(
      Command("grep", "-qxF", "-e", site.name, NodeLock.permission), transport)
    note(
      NodeLock.permission,
      isAllowed
        ? .good
        : .missing(
          problem: "does not allow to be broken",
          remedy: "on \(name), as root: mkdir -p /etc/takeover && echo '\(site.name)' "
            + ">>\(NodeLock.permission)"))
  }

  private mutating func lookForPrograms(_ transport: any Transport) async throws(TransportError) {
    let isCapturing = site.captures.contains { $0.through == name }
    let isAsking = site.vantages.contains { $0.through == name }
    let programs =
      (isCapturing ? RemoteCapture.programs : []) + (isAsking ? RemoteProbe.programs : [])
      + (site.strikable(named: name) != nil ? needs.programs + ["ip"] : [])
    let installer = try await self.installer(transport)
    for program in Set(programs).sorted() {
      let isThere = try await succeeds(.script("command -v \"$1\"", [program]), transport)
      let remedy = PackageNames.command(for: program, by: installer)
        .map { "on \(name), as root: \($0)" }
      note(
        program,
        isThere
          ? .good
          : .missing(
            problem: "there is no \(program)",
            remedy: remedy ?? "install the package that has it"))
    }
    guard isCapturing || isAsking else { return }
    let readers = ["bash", "perl", "python3", "date"]
    let isReadable = try await succeeds(
      .script("for one; do command -v \"$one\" && exit 0; done; exit 1", readers), transport)
    note(
      "a clock that can be read",
      isReadable
        ? .good
        : .missing(
          problem: "its clock cannot be read",
          remedy: "install one of bash 5, perl, python3 or GNU date there"))
  }

  private func installer(_ transport: any Transport) async throws(TransportError) -> String? {
    let answer = try await transport.run(
      .script(
        "for one; do command -v \"$one\" >/dev/null && { echo \"$one\"; exit 0; }; done",
        PackageNames.installers), within: Self.limit)
    let said = answer.text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    return said.flatMap { PackageNames.installers.contains($0) ? $0 : nil }
  }

  private mutating func look(
    at node: Node, _ transport: any Transport
  ) async throws(TransportError) {
    let link = try await transport.run(
      Command("ip", "-o", "link", "show", "dev", node.interface, "up"), within: Self.limit)
    note(
      "its interface is up",
      link.succeeded && !link.output.isEmpty
        ? .good
        : .missing(
          problem: "\(node.interface) is not there, or not up",
          remedy: "on \(name), as root: ip link set dev \(node.interface) up, or correct the site"))
    for (service, control) in node.services.sorted(by: { $0.key < $1.key }) {
      let isActive = try await succeeds(control.isActive, transport)
      note(
        "service \(service)",
        isActive
          ? .good
          : .missing(
            problem: "\(service) does not run",
            remedy: "on \(name), as root: \(control.start.shellText)"))
    }
    for ability in needs.abilities(of: node, in: site) {
      let has = try await succeeds(ability.requirement.command, transport)
      let kinds = ability.kinds.joined(separator: ", ")
      let words = "it \(ability.requirement.otherwise): trials with \(kinds) are skipped"
      note(
        "for \(kinds)",
        has
          ? .good
          : needs.isNamed
            ? .missing(problem: words, remedy: "use another fault, or another node")
            : .lacking(words))
    }
  }

  private func succeeds(
    _ command: Command, _ transport: any Transport
  ) async throws(TransportError) -> Bool {
    try await transport.run(command, within: Self.limit).succeeded
  }

  /// What sudoers lacks there, asked as the user who has not got the right; nil: it cannot be asked.
  private func sudoRight() async -> Complaint? {
    var plain = reach
    plain.sudo = false
    let transport = Wiring.transport(to: plain)
    do {
      try await transport.open(within: Self.limit)
      let answer = try await transport.run(SudoRight.question, within: Self.limit)
      await transport.close()
      if answer.status == 3 {
        return Complaint(
          "there is no sudo on \(name)", remedy: "as root there: apt-get install sudo")
      }
      return SudoRight(answer.text).map { right in
        Complaint(
          "\(reach.user) may not be root without a password",
          remedy: "as root there: visudo -f /etc/sudoers.d/takeover, with the line: \(right.line)")
      }
    } catch {
      await transport.close()
      return nil
    }
  }
}
