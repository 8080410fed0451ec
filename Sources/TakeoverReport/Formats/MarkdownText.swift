// Text for Markdown as GitHub and GitLab render it: what comes from nodes and plans may not become
// markup, a mention, or a second table row.

enum MarkdownText {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in CleanText.line(text).unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "$", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      // A mention would call somebody.
      case "@": result += "&#64;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func table(_ header: [String], _ rows: [[String]]) -> [String] {
    let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
    return [line(header), line(header.map { _ in "---" })] + rows.map { line($0.map(escaped)) }
  }
}
