// takeover kinds: what a plan may say, straight from the catalogs.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverPlan

struct KindsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds", abstract: "List the faults and the checks that plans can use.",
    discussion: """
      EXAMPLES
        takeover kinds                  all of them
        takeover kinds kill-process     one fault with its parameters
        takeover kinds takeover-within  one check

      A fault is for posix nodes where nothing else is said.
      """)

  @Argument(help: "The name of a fault or a check.", completion: .kinds)
  var name: String?

  func run() throws {
    let faults = Wiring.faults.kinds.map { $0.declaration }.filter {
      name == nil || $0.kind == name
    }
    let checks = Wiring.checks.kinds.map { $0.declaration }.filter {
      name == nil || $0.name == name
    }
    if let name, faults.isEmpty, checks.isEmpty {
      let all =
        Wiring.faults.kinds.map { $0.declaration.kind }
        + Wiring.checks.kinds.map { $0.declaration.name }
      throw Ending(
        .usage, "there is no fault and no check \"\(name)\"",
        remedy: Spelling.nearest(to: name, among: all).map { "did you mean \"\($0)\"?" }
          ?? "takeover kinds lists all of them")
    }
    if !faults.isEmpty { Terminal.tell("FAULTS") }
    for fault in faults { describe(fault) }
    if !checks.isEmpty { Terminal.tell("\(faults.isEmpty ? "" : "\n")CHECKS (below `expect:`)") }
    for check in checks {
      let forms = check.forms.map(\.words).joined(separator: " or ")
      Terminal.tell("  \(check.name): \(forms)\n      \(check.summary)")
    }
  }

  private func describe(_ fault: FaultDeclaration) {
    let systems = NodeSystem.allCases.filter(fault.isOffered)
    let place =
      systems == [.posix] ? "" : " (on \(systems.map(\.rawValue).joined(separator: ", ")))"
    Terminal.tell("  \(fault.kind)\(place)\n      \(fault.summary)\n      \(fault.effect)")
    for parameter in fault.parameters {
      let standard = parameter.standard.map { " (standard \($0))" } ?? ""
      let need = parameter.required ? " (required)" : standard
      Terminal.tell(
        "        \(parameter.name): \(parameter.form.words)\(need): \(parameter.summary)")
    }
  }
}
