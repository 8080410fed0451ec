// takeover doctor: what a run will need, looked for; each missing thing with the way to get it.

internal import ArgumentParser
internal import Foundation
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverRemote
internal import TakeoverReport
internal import TakeoverRun

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Say what is missing for a run, here and on each node.",
    discussion: """
      EXAMPLES
        takeover doctor                        this machine, for labs
        takeover doctor --site my-pair.yaml    this machine and every node of the site
      """)

  @Option(help: "A site file, whose nodes are looked at too.")
  var site: String?

  @Option(help: "The lab whose needs are looked at when no site is given.")
  var lab = "keepalived-pair"

  func run() async throws {
    var missing: [Complaint] = []
    if let site {
      let (place, diagnostics) = try Selection.place(at: site)
      guard case .site(let found) = place else {
        throw Ending(
          .planInvalid,
          diagnostics.isEmpty ? "\(site) is no site" : diagnostics.joined(separator: "\n"),
          remedy: "give a site file, for instance Plans/sites/two-machines.yaml")
      }
      let here = Privileges.own.missing(for: found)
      line(here == nil, "this machine", here?.problem ?? "may capture and ask as the site says")
      if let here { missing.append(here) }
      for node in found.nodes { missing += await look(at: node, of: found) }
      for machine in found.machines {
        missing += await look(at: machine.name, machine.reach) { transport throws(TransportError) in
          try await look(for: needs(of: machine.name, in: found), on: machine.name, transport)
        }
      }
    } else if geteuid() != 0 {
      line(false, "root", "labs need it")
      missing.append(Complaint("not root", remedy: "run takeover as root"))
    } else {
      let description = try LabCommand.Named.description(of: lab)
      let found = try await Wiring.laboratory(description) { try await $0.requirements() }
      line(
        found.isEmpty, "a lab can be built", found.first?.problem ?? "namespaces, overlay, tools")
      missing += found
    }
    for complaint in missing {
      Terminal.tell("  → \(CleanText.line("\(complaint.problem): \(complaint.remedy)"))")
    }
    Terminal.tell(missing.isEmpty ? "ready" : "\(missing.count) missing")
    try end(missing.isEmpty ? .passed : .missingPrivilege)
  }

  private func line(_ good: Bool, _ what: String, _ detail: String) {
    Terminal.tell("\(good ? "ok     " : "MISSING") \(what): \(CleanText.line(detail))")
  }

  /// Reaches the node, and asks for every program that a fault or an observer needs there.
  private func look(at node: Node, of site: Site) async -> [Complaint] {
    await look(at: node.name, node.reach) { transport throws(TransportError) in
      let needs = Wiring.faults.kinds.flatMap { $0.declaration.requires } + ["ip"]
      var missing = try await look(
        for: needs + self.needs(of: node.name, in: site), on: node.name, transport)
      let allowed = try await transport.run(
        Command("grep", "-qxF", "-e", site.name, NodeLock.permission), within: .seconds(5))
      line(
        allowed.succeeded, "\(node.name): \(NodeLock.permission)",
        allowed.succeeded ? "names \(site.name)" : "does not name \(site.name)")
      if !allowed.succeeded {
        missing.append(
          Complaint(
            "\(node.name) does not allow to be broken",
            remedy: "on \(node.name), as root: mkdir -p /etc/takeover && echo '\(site.name)' "
              + ">>\(NodeLock.permission)"))
      }
      for (name, service) in node.services.sorted(by: { $0.key < $1.key }) {
        let active = try await transport.run(service.isActive, within: .seconds(5))
        line(active.succeeded, "\(node.name): \(name)", active.succeeded ? "runs" : "does not run")
        if !active.succeeded {
          missing.append(
            Complaint("service \(name) on \(node.name)", remedy: service.start.shellText))
        }
      }
      return missing
    }
  }

  /// Connects around `body`; what cannot be reached lacks everything.
  private func look(
    at name: String, _ reach: Reach,
    _ body: (any Transport) async throws(TransportError) -> [Complaint]
  ) async -> [Complaint] {
    let transport = Wiring.transport(to: reach)
    var missing: [Complaint] = []
    do {
      Terminal.note("takeover: connecting to \(name): \(reach.user)@\(reach.host)")
      try await transport.open(within: .seconds(10))
      line(true, name, transport.description)
      missing = try await lookForRoot(on: name, reach, transport)
      missing += try await body(transport)
    } catch {
      line(false, name, error.problem)
      let right =
        error.kind == .missingPrivilege && reach.sudo ? await sudoRight(at: name, reach) : nil
      missing.append(right ?? Complaint(error.problem, remedy: error.remedy))
    }
    await transport.close()
    return missing
  }

  /// Whoever cannot be root there can break and mend nothing.
  private func lookForRoot(
    on name: String, _ reach: Reach, _ transport: any Transport
  ) async throws(TransportError) -> [Complaint] {
    let isRoot = try await transport.run(.script("[ $(id -u) = 0 ]"), within: .seconds(5)).succeeded
    line(
      isRoot, "\(name): root", isRoot ? "by \(reach.sudo ? "sudo -n sh" : reach.user)" : "not root")
    if isRoot { return [] }
    return [
      Complaint(
        "\(reach.user) on \(name) is not root", remedy: "log in as root, or add `sudo: true`")
    ]
  }

  /// What sudoers lacks there, asked as the user who has not got the right; nil: it cannot be asked.
  private func sudoRight(at name: String, _ reach: Reach) async -> Complaint? {
    var plain = reach
    plain.sudo = false
    let transport = Wiring.transport(to: plain)
    do {
      try await transport.open(within: .seconds(10))
      let answer = try await transport.run(SudoRight.question, within: .seconds(5))
      await transport.close()
      if answer.status == 3 {
        return Complaint("there is no sudo on \(name)", remedy: "apt-get install sudo")
      }
      return SudoRight(answer.text).map { right in
        Complaint(
          "\(reach.user) on \(name) may not be root without a password",
          remedy: "as root there: visudo -f /etc/sudoers.d/takeover, with the line: \(right.line)")
      }
    } catch {
      await transport.close()
      return nil
    }
  }

  private func look(
    for programs: [String], on name: String, _ transport: any Transport
  ) async throws(TransportError) -> [Complaint] {
    var missing: [Complaint] = []
    for program in Set(programs).sorted() {
      let found = try await transport.run(
        .script("command -v \"$1\"", [program]), within: .seconds(5))
      line(found.succeeded, "\(name): \(program)", found.succeeded ? "found" : "not found")
      if !found.succeeded {
        missing.append(
          Complaint("\(program) on \(name)", remedy: "install the package that has it"))
      }
    }
    return missing
  }

  /// What the observers run there.
  private func needs(of machine: String, in site: Site) -> [String] {
    (site.captures.contains { $0.through == machine } ? RemoteCapture.programs : [])
      + (site.vantages.contains { $0.through == machine } ? RemoteProbe.programs : [])
  }
}
