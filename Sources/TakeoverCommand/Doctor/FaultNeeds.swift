// What faults need of a node: programs, and abilities that only a command there can tell.

internal import TakeoverModel

struct FaultNeeds: Sendable {
  struct Ability: Sendable {
    var requirement: Requirement
    /// The kinds that are left out without it.
    var kinds: [String]
  }

  private let uses: [FaultUse]
  /// Whether somebody has named the plans; else every kind is meant, and none must be possible.
  let isNamed: Bool

  /// Of the plans; of every kind there is, as its first example shows it, where none is named.
  init(_ plans: [Plan]) {
    isNamed = !plans.isEmpty
    uses =
      isNamed
      ? plans.flatMap(\.trials).flatMap(\.blows).map(\.fault)
      : Wiring.faults.kinds.map { kind in
        let declaration = kind.declaration
        var values = declaration.examples.first ?? [:]
        for parameter in declaration.parameters where values[parameter.name] == nil {
          values[parameter.name] = parameter.standard
        }
        return FaultUse(kind: declaration.kind, arguments: Arguments(values))
      }
  }

  /// Programs, on Windows cmdlets; a fault that such a node cannot have needs none.
  func programs(of system: NodeSystem) -> [String] {
    let kinds = Set(uses.map(\.kind))
    return Wiring.faults.kinds.filter { kinds.contains($0.declaration.kind) }
      .flatMap { $0.declaration.needs[system, default: []] }
  }

  /// In the order of the kinds; each is asked for once.
  func abilities(of node: Node, in site: Site) -> [Ability] {
    var found: [Ability] = []
    for use in uses {
      // What the site lacks for a fault is no matter of the node's.
      guard let fault = try? Wiring.faults.fault(use),
        let procedure = try? fault.procedure(on: node, in: site)
      else { continue }
      for requirement in procedure.requirements {
        if let index = found.firstIndex(where: { $0.requirement == requirement }) {
          if !found[index].kinds.contains(use.kind) { found[index].kinds.append(use.kind) }
        } else {
          found.append(Ability(requirement: requirement, kinds: [use.kind]))
        }
      }
    }
    return found
  }
}
