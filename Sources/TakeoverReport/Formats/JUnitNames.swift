// Names of test cases: unique in a document, the same from run to run, and short enough for
// databases.

struct JUnitName: Hashable, Sendable {
  var classname: String
  var name: String
}

struct JUnitNames: Sendable {
  /// Jenkins and GitLab keep class name and name together in columns of 512 characters.
  private static let longest = 512
  /// What a component of a class name may have of that.
  private static let longestComponent = 120
  private var taken: Set<JUnitName> = []

  /// `components` become the class name; a second case of the same name gets ` (2)`.
  mutating func unique(classname components: [String], name: String) -> JUnitName {
    let classname = components.map(Self.component).joined(separator: ".")
    let room = Self.longest - classname.unicodeScalars.count
    var count = 1
    while true {
      let suffix = count == 1 ? "" : " (\(count))"
      let candidate = JUnitName(
        classname: classname,
        name: Self.shortened(CleanText.line(name), to: room - suffix.count) + suffix)
      if taken.insert(candidate).inserted { return candidate }
      count += 1
    }
  }

  /// Readers split class names at dots.
  private static func component(_ text: String) -> String {
    let scalars = CleanText.line(text).unicodeScalars.map { $0 == "." ? "_" : $0 }
    var plain = String.UnicodeScalarView()
    plain.append(contentsOf: scalars)
    return shortened(String(plain), to: longestComponent)
  }

  /// The check's name stands at the end, so the middle goes.
  private static func shortened(_ name: String, to room: Int) -> String {
    let scalars = name.unicodeScalars
    guard scalars.count > room else { return name.isEmpty ? "_" : name }
    let tail = scalars.suffix(room / 4)
    return String(scalars.prefix(max(0, room - tail.count - 1))) + "…" + String(tail)
  }
}
