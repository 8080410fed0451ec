// Names of test cases: unique in a document, the same from run to run, and short enough for
// databases.

struct JUnitName: Hashable, Sendable {
  var classname: String
  var name: String
}

struct JUnitNames: Sendable {
  /// Jenkins and GitLab keep class name and name together in columns of 512 characters.
  private static let longest = 512
  private var taken: Set<JUnitName> = []

  /// `components` become the class name; a second case of the same name gets ` (2)`.
  mutating func unique(classname components: [String], name: String) -> JUnitName {
    let classname = CleanText.line(components.map(Self.component).joined(separator: "."))
    let short = String(classname.prefix(Self.longest / 2))
    let room = Self.longest - short.count
    var count = 1
    while true {
      let suffix = count == 1 ? "" : " (\(count))"
      let candidate = JUnitName(
        classname: short,
        name: Self.shortened(CleanText.line(name), to: room - suffix.count) + suffix)
      if taken.insert(candidate).inserted { return candidate }
      count += 1
    }
  }

  /// Readers split class names at dots.
  private static func component(_ text: String) -> String {
    let plain = String(text.map { $0 == "." ? "_" : $0 })
    return plain.isEmpty ? "_" : plain
  }

  /// The check's name stands at the end, so the middle goes.
  private static func shortened(_ name: String, to room: Int) -> String {
    guard name.count > room else { return name.isEmpty ? "_" : name }
    let tail = name.suffix(room / 4)
    return name.prefix(max(0, room - tail.count - 1)) + "…" + tail
  }
}
