// The keys of a file in the order in which a manual tells them, from the same shapes as the readers.

package import TakeoverModel

package struct KeyEntry: Hashable, Sendable {
  /// 0: at the top of the file.
  package var depth: Int
  /// `NAME`: whatever the file's author calls it.
  package var name: String
  /// `a duration`, `a list of names`
  package var form: String
  package var isRequired: Bool
  package var standard: String?
  package var summary: String
}

package enum KeyEntries {
  package static func plan(
    faults: Catalog<any Fault.Type>, checks: [CheckDeclaration]
  ) -> [KeyEntry] { entries(PlanShape(faults: faults, checks: checks).shape, 0) }

  package static var site: [KeyEntry] { entries(SiteShape.shape, 0) }
  package static var lab: [KeyEntry] { entries(LabShape.shape, 0) }

  private static func entries(_ shape: Shape, _ depth: Int) -> [KeyEntry] {
    switch shape {
    case .scalar, .unchecked: return []
    case .list(let element, _): return entries(element, depth)
    case .either(let shapes):
      var seen: Set<KeyEntry> = []
      return shapes.flatMap { entries($0, depth) }.filter { seen.insert($0).inserted }
    case .named(let element, let noun, _):
      let one = KeyEntry(
        depth: depth, name: "NAME", form: "\(noun), by the name that you give it",
        isRequired: false, standard: nil, summary: "")
      return [one] + entries(element, depth + 1)
    case .addressed(let element, let noun):
      let one = KeyEntry(
        depth: depth, name: "ADDRESS", form: "\(noun), by its address", isRequired: false,
        standard: nil, summary: "")
      return [one] + entries(element, depth + 1)
    case .fields(let fields):
      // The checks have a chapter of their own.
      guard fields.definition == nil else { return [] }
      return fields.list.flatMap { entry($0, depth) }
    case .kinds(let kinds):
      // The faults and their parameters, too.
      let key = KeyEntry(
        depth: depth, name: kinds.key, form: "one of the \(kinds.key)s", isRequired: true,
        standard: nil, summary: kinds.keySummary)
      return [key] + kinds.common.flatMap { entry($0, depth) }
    }
  }

  private static func entry(_ field: Shape.Field, _ depth: Int) -> [KeyEntry] {
    [
      KeyEntry(
        depth: depth, name: field.name, form: form(field.shape), isRequired: field.required,
        standard: field.standard, summary: field.summary)
    ] + entries(field.shape, depth + 1)
  }

  private static func form(_ shape: Shape) -> String {
    switch shape {
    case .scalar(let scalar): scalar.words
    case .list(let element, _): "a list: \(form(element))"
    case .fields(let fields): "\(fields.noun), by its keys"
    case .named(_, let noun, _): "for each \(noun) its name"
    case .addressed(_, let noun): "for each \(noun) its address"
    case .kinds(let kinds): "\(kinds.noun), by its keys"
    case .unchecked: "keys of another file"
    case .either(let shapes):
      shapes.map(form).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        .joined(separator: ", or ")
    }
  }
}

extension Shape.Scalar {
  /// What may be written there.
  fileprivate var words: String {
    switch self {
    case .form(.text): "text"
    case .form(.duration): "a duration"
    case .form(.flag): "true or false"
    case .form(.address): "an IP address"
    case .form(.count(let range)):
      range.upperBound == .max
        ? "a number from \(range.lowerBound)"
        : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .form(.choice(let words)): words.joined(separator: "|")
    case .name: "a name of a-z, 0-9 and -"
    case .interface: "an interface's name"
    case .network: "an address with its prefix length"
    case .version: "1"
    case .target: "holder|standby|both|machine, or a name"
    case .unit: "a systemd unit's name"
    case .windowsService: "the name of a service of Windows"
    case .phase: "any|stratified, or a part from 0 to 1"
    case .bounded(let bounds): "a duration, \(bounds.words)"
    case .window: "a window such as Mon-Fri 22:00-06:00"
    case .timezone: "a time zone such as Europe/Berlin"
    }
  }
}
