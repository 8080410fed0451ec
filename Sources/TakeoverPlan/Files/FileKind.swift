// What a YAML file is: told apart by the keys that only one kind has.

package enum FileKind: String, Hashable, Sendable, CaseIterable {
  case plan, site, lab

  /// The kind of the file; a text that cannot be read counts as a plan, whose reader says why.
  package init(ofText text: String) {
    let source = SourceText(text, path: "")
    var diagnostics = Diagnostics(source)
    guard let root = YAMLDocument.root(source, &diagnostics), case .map(let entries) = root.content
    else {
      self = .plan
      return
    }
    let keys = Set(entries.map(\.key))
    if keys.contains("trials") {
      self = .plan
    } else if keys.contains("lab") {
      self = .lab
    } else {
      self = keys.contains("environment") || keys.contains("nodes") ? .site : .plan
    }
  }
}
