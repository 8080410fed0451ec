// takeover kinds: what a plan may say, straight from the catalogs.

internal import ArgumentParser
internal import TakeoverModel

struct KindsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds", abstract: "List the faults and the checks that plans can use.")

  func run() {
    Terminal.tell("FAULTS")
    for kind in Wiring.faults.kinds { describe(kind.declaration) }
    Terminal.tell("\nCHECKS (below `expect:`)")
    for kind in Wiring.checks.kinds {
      let declaration = kind.declaration
      let forms = declaration.forms.map(word).joined(separator: " or ")
      Terminal.tell("  \(declaration.name): \(forms)\n      \(declaration.summary)")
    }
  }

  private func describe(_ fault: FaultDeclaration) {
    Terminal.tell("  \(fault.kind)\n      \(fault.summary)\n      \(fault.effect)")
    for parameter in fault.parameters {
      let standard = parameter.standard.map { " (standard \($0))" } ?? ""
      let need = parameter.required ? " (required)" : standard
      Terminal.tell(
        "        \(parameter.name): \(word(parameter.form))\(need): \(parameter.summary)")
    }
  }

  private func word(_ form: Parameter.Form) -> String {
    switch form {
    case .text: "text"
    case .duration: "a duration (20ms, 3s)"
    case .flag: "true or false"
    case .address: "an IP address"
    case .count(let range):
      range.upperBound == .max
        ? "a number from \(range.lowerBound)" : "a number \(range.lowerBound)–\(range.upperBound)"
    case .choice(let words): words.joined(separator: "|")
    }
  }
}
