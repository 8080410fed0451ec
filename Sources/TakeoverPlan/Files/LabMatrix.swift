// A plan with a lab-matrix is carried out in several labs: one for each combination of changes of the
// lab that it names. `nodes: [{a: {image: bullseye}}, {a: {image: trixie}}]` makes two.

internal import TakeoverModel

enum LabMatrix {
  static let key = "lab-matrix"
  /// A lab takes a second and 70 MB.
  static let most = 50

  static func variants(
    of plan: YAMLValue, _ diagnostics: inout Diagnostics
  ) -> [LabVariant] {
    guard case .map(let entries) = plan.content,
      let matrix = entries.first(where: { $0.key == key })
    else { return [] }
    let found = Matrix.combinations(matrix.value, &diagnostics)
    guard found.count <= most else {
      diagnostics.report(
        .outOfBounds, at: matrix.span, "\(found.count) labs", suggestion: "at most \(most)")
      return []
    }
    return found.map { combination in
      LabVariant(
        settings: combination.flatMap { settings($0.value, at: [$0.key], &diagnostics) })
    }
  }

  private static func settings(
    _ value: YAMLValue, at path: [String], _ diagnostics: inout Diagnostics
  ) -> [LabVariant.Setting] {
    switch value.content {
    case .scalar(let text, _): return [LabVariant.Setting(path: path, value: text)]
    case .map(let entries):
      return entries.flatMap { settings($0.value, at: path + [$0.key], &diagnostics) }
    case .list, .refused:
      diagnostics.report(
        .wrongForm, at: value.span, "a lab is changed by single values, not by \(value.described)")
      return []
    }
  }

  /// The lab file with these values in their places.
  static func changed(_ lab: YAMLValue, by settings: [LabVariant.Setting]) -> YAMLValue {
    settings.reduce(lab) { changed($0, at: $1.path[...], to: $1.value) }
  }

  private static func changed(
    _ value: YAMLValue, at path: ArraySlice<String>, to text: String
  ) -> YAMLValue {
    guard let key = path.first else {
      return YAMLValue(content: .scalar(text, plain: true), span: value.span)
    }
    var entries: [YAMLValue.Entry] = []
    if case .map(let own) = value.content { entries = own }
    let old = entries.first { $0.key == key }
    let inner = old?.value ?? YAMLValue(content: .map([]), span: value.span)
    let new = YAMLValue.Entry(
      key: key, span: old?.span ?? value.span,
      value: changed(inner, at: path.dropFirst(), to: text))
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index] = new
    } else {
      entries.append(new)
    }
    return YAMLValue(content: .map(entries), span: value.span)
  }
}
