// A look at one node or machine: whether it is reached, by whom, and what it lacks. Changes nothing there.

internal import TakeoverLedger
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
  /// A Windows shell looks a command up in every module that it has.
  private static let longLimit = Duration.seconds(30)
  private var speech: any NodeSpeech { reach.system.speech }

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
      try await lookForRight(transport)
      try await lookForPrograms(transport)
      if let node = site.node(named: name) { try await look(at: node, transport) }
      if site.strikable(named: name) != nil { try await lookForPermission(transport) }
    } catch {
      let right = error.kind == .missingPrivilege && reach.sudo ? await sudoRight() : nil
      note(
        right == nil ? "reached by SSH" : speech.ruler,
        .missing(
          problem: right?.problem ?? error.problem, remedy: right?.remedy ?? error.remedy))
    }
    await transport.close()
  }

  private mutating func note(_ need: String, _ cell: NeedsTable.Cell) { found.append((need, cell)) }

  /// Whoever may not do everything there can break and mend nothing.
  private mutating func lookForRight(_ transport: any Transport) async throws(TransportError) {
    let mayAll = try await succeeds(speech.mayAll, transport)
    note(
      speech.ruler,
      mayAll
        ? .good
        : .missing(problem: "\(reach.user) is not \(speech.ruler)", remedy: speech.rising))
  }

  private mutating func lookForPermission(_ transport: any Transport) async throws(TransportError) {
    let isAllowed = try await succeeds(speech.permits(site.name), transport)
    note(
      speech.permission,
      isAllowed
        ? .good
        : .missing(
          problem: "does not allow to be broken",
          remedy: "on \(name), \(speech.permitting(site.name))"))
  }

  private mutating func lookForPrograms(_ transport: any Transport) async throws(TransportError) {
    let isCapturing = site.captures.contains { $0.through == name }
    let isAsking = site.vantages.contains { $0.through == name }
    let programs =
      (isCapturing ? RemoteCapture.programs : []) + (isAsking ? RemoteProbe.programs : [])
      + (site.strikable(named: name) != nil
        ? needs.programs(of: reach.system) + speech.programs : [])
    try await look(for: Set(programs).sorted(), transport)
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

  private mutating func look(
    for programs: [String], _ transport: any Transport
  ) async throws(TransportError) {
    guard !programs.isEmpty else { return }
    let answer = try await transport.run(speech.missing(of: programs), within: Self.longLimit)
    let absent = Set(answer.text.split(whereSeparator: \.isNewline).map(String.init))
    let installer = absent.isEmpty ? nil : try await self.installer(transport)
    for program in programs {
      let remedy =
        PackageNames.command(for: program, by: installer).map { "as root: \($0)" }
        ?? speech.installing(program)
      note(
        program,
        absent.contains(program)
          ? .missing(problem: "there is no \(program)", remedy: "on \(name), \(remedy)") : .good)
    }
  }

  /// What installs packages there; nil: nothing that is known, or no packages at all.
  private func installer(_ transport: any Transport) async throws(TransportError) -> String? {
    guard reach.system == .posix else { return nil }
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
    let link = try await transport.run(speech.link(node.interface), within: Self.limit)
    note(
      "its interface is up",
      speech.isUp(link)
        ? .good
        : .missing(
          problem: "\(node.interface) is not there, or not up",
          remedy: "on \(name), \(speech.raising(node.interface)), or correct the site"))
    for (service, control) in node.services.sorted(by: { $0.key < $1.key }) {
      let isActive = try await succeeds(control.isActive, transport)
      note(
        "service \(service)",
        isActive
          ? .good
          : .missing(
            problem: "\(service) does not run",
            remedy: "on \(name), as \(speech.ruler): \(control.start.shellText)"))
    }
    if let database = site.database { await look(at: database, of: node, transport) }
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

  /// Whether psql there is let in.
  private mutating func look(
    at database: Database, of node: Node, _ transport: any Transport
  ) async {
    let reading = await PostgresReading(of: database)
      .reading(of: node, withRows: false, over: transport)
    note(
      "the database answers",
      reading.server != nil
        ? .good
        : .missing(
          problem: "its database does not answer: \(reading.trouble)",
          remedy: "start it, or correct psql: below database: in the site"))
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
