// A small writer of HTML: elements that close themselves, everything escaped. What nodes say is hostile.

struct Markup: Sendable {
  typealias Attributes = [(name: String, value: String)]

  private(set) var text = ""

  /// An element with whatever `content` writes; it is closed in any case.
  mutating func element(
    _ name: String, _ attributes: Attributes = [], _ content: (inout Markup) -> Void
  ) {
    open(name, attributes)
    content(&self)
    text += "</\(name)>"
    if Self.isBlock(name) { text += "\n" }
  }

  /// An element with text.
  mutating func element(_ name: String, _ attributes: Attributes = [], words: String) {
    element(name, attributes) { $0.write(words) }
  }

  /// An element that has no end: `meta`.
  mutating func void(_ name: String, _ attributes: Attributes = []) {
    open(name, attributes)
    text += "\n"
  }

  /// One line of text.
  mutating func write(_ words: String) { text += Self.escaped(words) }

  /// Text with its line ends, for `pre`.
  mutating func writeLines(_ words: String) {
    text += Self.entities(in: CleanText.legible(words))
  }

  /// What is markup already, and our own.
  mutating func place(_ markup: String) { text += markup }

  private mutating func open(_ name: String, _ attributes: Attributes) {
    text += "<\(name)"
    for (name, value) in attributes {
      text += value.isEmpty ? " \(name)" : " \(name)=\"\(Self.escaped(value))\""
    }
    text += ">"
  }

  /// Where a line end in the source changes nothing on the page.
  private static func isBlock(_ name: String) -> Bool {
    !["a", "b", "code", "span", "h3", "p", "td", "th", "pre", "caption"].contains(name)
  }

  static func escaped(_ words: String) -> String { entities(in: CleanText.line(words)) }

  private static func entities(in words: String) -> String {
    guard words.utf8.contains(where: { "&<>\"".utf8.contains($0) }) else { return words }
    var result = ""
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Markup {
  /// A table with a head; a cell that is a number in a column of numbers needs no more than to be read.
  mutating func table(_ caption: String, _ heads: [String], _ rows: [[String]]) {
    table(caption, heads) { table in
      for row in rows {
        table.element("tr") { line in for cell in row { line.element("td", words: cell) } }
      }
    }
  }

  /// `rows` writes the rows itself.
  mutating func table(_ caption: String, _ heads: [String], rows: (inout Markup) -> Void) {
    element("div", [("class", "wide")]) { box in
      box.element("table") { table in
        table.element("caption", words: caption)
        table.element("thead") { head in
          head.element("tr") { line in
            for word in heads { line.element("th", [("scope", "col")], words: word) }
          }
        }
        table.element("tbody") { rows(&$0) }
      }
    }
  }

  /// A picture in both of its forms. The narrow one is hidden, also where styles are blocked, until
  /// a style for telephones shows it in the broad one's place.
  mutating func pictures(_ id: String, _ picture: (Picture.Form) -> Picture?) {
    for form in Picture.Form.allCases {
      guard let drawn = picture(form) else { continue }
      let attributes: Attributes =
        form == .broad ? [("class", "broad")] : [("class", "narrow"), ("hidden", "")]
      element("div", attributes) {
        $0.place(PictureSVG.element(drawn, id: form == .broad ? id : "\(id)-narrow"))
      }
    }
  }

  /// `PASS` in its colour; the word says the same.
  mutating func verdict(_ word: String, _ kind: String) {
    element("b", [("class", "v \(kind)")], words: word)
  }

  /// A link within the run's folder.
  mutating func link(to path: String, _ words: String) {
    element("a", [("href", Self.reference(path))], words: words)
  }

  /// RFC 3986, 2.3: everything else is percent-encoded, so that a name is no scheme, query or fragment.
  static func reference(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        if "-._~/".utf8.contains(byte) {
          result.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
          let digits = String(byte, radix: 16, uppercase: true)
          result += "%" + (digits.count == 1 ? "0" : "") + digits
        }
      }
    }
    return result
  }
}
