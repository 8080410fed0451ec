// A page for man(1), in the macros of man(7): text is escaped, so that no sentence becomes a request.

package struct Roff: Sendable {
  package private(set) var text: String
  /// A chapter has just begun, and with it its first paragraph.
  private var isHeaded = false

  /// `section`: 1 for programs, 5 for files. Without a date: the version says what the page is of.
  package init(_ name: String, section: Int, version: String, summary: String) {
    text = ".TH \(name.uppercased()) \(section) \"\" \"takeover \(version)\"\n"
    head("NAME")
    text += "\(Self.escaped(name)) \\- \(Self.escaped(summary))\n"
    isHeaded = false
  }

  package mutating func head(_ words: String) { begin(".SH \(Self.quoted(words))") }
  package mutating func subhead(_ words: String) { begin(".SS \(Self.quoted(words))") }

  private mutating func begin(_ request: String) {
    text += request + "\n"
    isHeaded = true
  }

  private mutating func beginParagraph() {
    text += isHeaded ? "" : ".PP\n"
    isHeaded = false
  }

  package mutating func paragraph(_ words: String) {
    beginParagraph()
    text += "\(Self.lines(words))\n"
  }

  /// A term and what it means; `more` are paragraphs below it.
  package mutating func item(_ term: String, _ words: String, more: [String] = []) {
    isHeaded = false
    text += ".TP\n.B \(Self.quoted(term))\n\(Self.lines(words.isEmpty ? "\u{2013}" : words))\n"
    for paragraph in more { text += ".IP\n\(Self.lines(paragraph))\n" }
  }

  /// Lines as they stand, in a fixed width.
  package mutating func example(_ lines: [String]) {
    beginParagraph()
    text += ".EX\n"
    for line in lines { text += Self.guarded(Self.escaped(line)) + "\n" }
    text += ".EE\n"
  }

  /// Deeper from here on, until `dedent`.
  package mutating func indent() { text += ".RS\n" }
  package mutating func dedent() { text += ".RE\n" }

  // MARK: Escapes

  /// A backslash begins an escape (groff(7)), and a plain hyphen may become a dash that nobody can paste.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "`": result += "\\(ga"
      case "'": result += "\\(aq"
      case "~": result += "\\(ti"
      case "^": result += "\\(ha"
      default: result.append(character)
      }
    }
    return result
  }

  /// A line that begins with a point or an apostrophe would be a request.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") || line.isEmpty ? "\\&" + line : line
  }

  private static func lines(_ words: String) -> String {
    words.split(separator: "\n").map { guarded(escaped(String($0))) }.joined(separator: "\n.br\n")
  }

  /// One argument of a macro.
  private static func quoted(_ text: String) -> String {
    "\"\(escaped(text.replacing("\"", with: "\u{201D}")))\""
  }
}
