// What must agree between different places of one file.

internal import TakeoverModel

struct CrossCheck {
  var diagnostics: Diagnostics

  init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// No two machines and virtual addresses are the same.
  mutating func addressesDiffer(_ all: [Checked]) {
    var places: [IPAddress: Span] = [:]
    for checked in all {
      guard let address = checked.address ?? checked.network?.address else { continue }
      if let first = places[address] {
        diagnostics.report(
          .sameAddress, at: checked.span, "the address \(address) is used twice",
          suggestion: "it already stands at \(first.line):\(first.column)")
      } else {
        places[address] = checked.span
      }
    }
  }

  mutating func namesDiffer(_ all: [Checked], noun: String) {
    namesDiffer(
      all.compactMap { checked in
        checked["name"].flatMap { name in name.text.map { ($0, name.span) } }
      }, noun: noun)
  }

  mutating func namesDiffer(_ all: [(name: String, span: Span)], noun: String) {
    var places: [String: Span] = [:]
    for (name, span) in all {
      if let first = places[name] {
        diagnostics.report(
          .sameName, at: span, "a \(noun) with the name \"\(name)\" exists already",
          suggestion: "at \(first.line):\(first.column)")
      } else {
        places[name] = span
      }
    }
  }

  /// A node may not be called as a role: a plan's `target` could not tell them apart.
  mutating func rolesAreNoNames(_ nodes: [Checked.Named]) {
    for node in nodes where Target.roles.contains(node.name) {
      diagnostics.report(
        .badName, at: node.span, "\"\(node.name)\" is a role, not a node's name",
        suggestion: "call it by another name")
    }
  }

  mutating func isNode(_ checked: Checked, among names: [String]) {
    guard let name = checked.text, !names.contains(name) else { return }
    diagnostics.report(
      .unknownNode, at: checked.span, "there is no node \"\(name)\"",
      suggestion: Spelling.suggestion(for: name, among: names),
      allowed: ShapeReader.listed("nodes", names))
  }

  /// A thousand questions a second are a measurement; many more are a flood.
  private static let shortestPeriod = Duration.milliseconds(1)

  mutating func isUsablePeriod(_ checked: Checked) {
    guard let period = checked.duration, period < Self.shortestPeriod else { return }
    diagnostics.report(
      .notADuration, at: checked.span,
      period == .zero
        ? "a period of zero has no meaning" : "a period of less than 1ms would flood the segment",
      suggestion: "write never to leave it out")
  }
}
