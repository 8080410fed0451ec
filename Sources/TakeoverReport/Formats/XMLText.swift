// A small writer of XML: elements, attributes, text; everything escaped, two spaces a level.

struct XMLElement: Sendable {
  var name: String
  var attributes: [(name: String, value: String)]
  /// An element has either text or children.
  var text: String?
  var children: [XMLElement]

  init(
    _ name: String, _ attributes: [(name: String, value: String)] = [], text: String? = nil,
    children: [XMLElement] = []
  ) {
    self.name = name
    self.attributes = attributes
    self.text = text
    self.children = children
  }

  /// The whole document, with this element as its root.
  var document: [UInt8] {
    var lines = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(into: &lines, indent: "")
    return Array(lines.utf8)
  }

  private func write(into lines: inout String, indent: String) {
    lines += indent + "<" + name
    for (name, value) in attributes { lines += " \(name)=\"\(Self.escaped(value, quoted: true))\"" }
    if let text {
      lines += ">" + Self.escaped(text, quoted: false) + "</\(name)>\n"
    } else if children.isEmpty {
      lines += "/>\n"
    } else {
      lines += ">\n"
      for child in children { child.write(into: &lines, indent: indent + "  ") }
      lines += indent + "</\(name)>\n"
    }
  }

  /// In an attribute a parser turns bare line ends and tabs into spaces (XML 1.0, 3.3.3), and a
  /// bare carriage return into a line end anywhere (2.11).
  private static func escaped(_ text: String, quoted: Bool) -> String {
    var result = ""
    for scalar in CleanText.legible(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where quoted: result += "&quot;"
      case "\n" where quoted: result += "&#10;"
      case "\t" where quoted: result += "&#9;"
      case "\r": result += "&#13;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
