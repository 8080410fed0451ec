// A fault is a value, decided before anything is touched.

/// Everything a fault does to one node, decided beforehand: it can be printed, kept, and undone.
/// State that must outlive the coordinator is kept on the node, below `Procedure.stateFolder`.
package struct Procedure: Hashable, Sendable, Codable {
  /// What must be so on the node; looked at first. A trial whose node lacks one of these is skipped.
  package var requirements: [Requirement]
  /// Look, and write down on the node what the blow and the healing will need. Changes nothing else.
  package var prepare: [Command]
  /// The blow. The last command is armed beforehand and fired by one byte; those before it run in
  /// order, first.
  package var inject: [Command]
  /// Exit 0 proves that the blow is in force.
  package var confirm: [Command]
  /// Mends; idempotent: harmless on a node that is whole, or mended already.
  package var heal: [Command]
  /// Exit 0 proves that it is mended. Asked repeatedly until a deadline.
  package var confirmHealed: [Command]
  /// The interface that the blow silences altogether; nil: none.
  package var silences: String?
  /// What is compared before and after beside the node's network and services.
  package var touches: Touches
  /// Where the commands are carried out.
  package var place: Place
  /// The blow starts the node anew, or its healing does: what only its memory held is gone.
  package var restarts: Bool

  /// The switch's port itself goes down: that a capture sees nothing there is no doubt.
  package var cutsPort: Bool

  package enum Place: String, Hashable, Sendable, Codable, CaseIterable {
    /// On the node itself.
    case node
    /// At its outer side, as the site names it: the hypervisor, the switch.
    case outside
  }

  package init(
    prepare: [Command] = [], inject: [Command], confirm: [Command], heal: [Command],
    confirmHealed: [Command], silences: String? = nil,
    touches: Touches = Touches(), requirements: [Requirement] = [], place: Place = .node,
    restarts: Bool = false, cutsPort: Bool = false
  ) {
    self.cutsPort = cutsPort
    self.place = place
    self.restarts = restarts
    self.requirements = requirements
    self.silences = silences
    self.touches = touches
    self.prepare = prepare
    self.inject = inject
    self.confirm = confirm
    self.heal = heal
    self.confirmHealed = confirmHealed
  }

  /// On a POSIX node; a tmpfs on every systemd machine, so it does not outlive a reboot.
  package static let root = "/run/takeover"
  /// What faults write down there. It goes away with the healing.
  package static let stateFolder = "\(root)/state"
}

/// Something that a fault needs of a node beyond programs: a kernel's ability, a clock of its own.
package struct Requirement: Hashable, Sendable, Codable {
  /// Exit 0: the node has it. Changes nothing.
  package var command: Command
  /// What is missing when it does not, behind the node's name: `has no netem in its kernel`.
  package var otherwise: String

  package init(_ command: Command, otherwise: String) {
    self.command = command
    self.otherwise = otherwise
  }
}

extension Procedure {
  /// Whether the blow silences the interface by which the coordinator comes, as far as the site
  /// tells: only the node knows for certain.
  package func cutsRoad(to node: Node) -> Bool {
    guard silences == node.interface, let host = IPAddress(node.reach.host) else { return false }
    return node.addresses.contains(host)
  }
}

/// One kind of fault with its parameters filled in.
package protocol Fault: Sendable {
  static var declaration: FaultDeclaration { get }
  init(_ arguments: Arguments) throws(Complaint)
  /// The commands for this node; pure. Throws when the site lacks what the fault needs.
  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure
  /// What the blow means to a VRRP speaker on the node, or why that cannot be said beforehand.
  var consequence: Consequence { get }
}

extension Fault {
  package var consequence: Consequence {
    .open("nobody has said what \(Self.declaration.kind) means to VRRP")
  }
}

/// What help, schema, validation and documentation need to know of a kind of fault.
package struct FaultDeclaration: Sendable {
  /// The YAML word: `kill-process`.
  package let kind: String
  /// One line: what it does.
  package let summary: String
  /// What it is expected to do to a VRRP pair, in one sentence.
  package let effect: String
  package let parameters: [Parameter]
  /// Where it can be done, and what must be there: programs, on Windows cmdlets.
  package let needs: [NodeSystem: [String]]
  /// Why not, where there is more to say than that it cannot.
  package let refusals: [NodeSystem: String]
  /// Arguments beside the standards, to show the kind by and to try it with: each is a use of the
  /// kind that makes sense on a keepalived pair. At least one; `[:]` is the standards alone.
  package let examples: [[String: ParameterValue]]
  /// Whom it hits when the plan does not say.
  package let target: Target

  /// - Parameters:
  ///   - requires: the programs that a POSIX node must have; nil: it cannot be done there.
  ///   - cmdlets: what a Windows node's PowerShell must know; nil: it cannot be done there.
  package init(
    kind: String, summary: String, effect: String, parameters: [Parameter] = [],
    requires: [String]? = [], cmdlets: [String]? = nil, refusals: [NodeSystem: String] = [:],
    examples: [[String: ParameterValue]] = [[:]], target: Target = .holder
  ) {
    var needs: [NodeSystem: [String]] = [:]
    needs[.posix] = requires
    needs[.windows] = cmdlets
    self.needs = needs
    self.refusals = refusals
    self.target = target
    self.examples = examples
    self.kind = kind
    self.summary = summary
    self.effect = effect
    self.parameters = parameters
  }

  package func isOffered(on system: NodeSystem) -> Bool { needs[system] != nil }
}

/// A fault as a plan names it: pure data, so that it can stand in a journal.
package struct FaultUse: Hashable, Sendable, Codable {
  package var kind: String
  package var arguments: Arguments

  package init(kind: String, arguments: Arguments) {
    self.kind = kind
    self.arguments = arguments
  }
}

extension Catalog where Kind == any Fault.Type {
  /// The fault that a plan names, with its arguments.
  package func fault(_ use: FaultUse) throws(Complaint) -> any Fault {
    guard let kind = kinds.first(where: { $0.declaration.kind == use.kind }) else {
      throw Complaint(
        "unknown fault \"\(use.kind)\"", remedy: "see `takeover kinds` for what there is")
    }
    return try kind.init(use.arguments)
  }

  /// The commands of the fault that a plan names; refused where it cannot be done on such a node.
  package func procedure(
    of use: FaultUse, on node: Node, in site: Site
  ) throws(Complaint) -> Procedure {
    let fault = try fault(use)
    let declaration = type(of: fault).declaration
    guard declaration.isOffered(on: node.system) else {
      let why = declaration.refusals[node.system].map { ": \($0)" } ?? ""
      throw Complaint(
        "\(use.kind) cannot be done to \(node.name), a \(node.system) node\(why)",
        remedy: "offered on \(node.system): \(offered(on: node.system).joined(separator: ", "))")
    }
    return try fault.procedure(on: node, in: site)
  }

  /// The kinds that can be done on such nodes, in the catalog's order.
  package func offered(on system: NodeSystem) -> [String] {
    kinds.map { $0.declaration }.filter { $0.isOffered(on: system) }.map(\.kind)
  }
}
