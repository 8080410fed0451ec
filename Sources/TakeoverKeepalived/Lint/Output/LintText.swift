// Findings as a person reads them: the place, the sentence, the line, and what mends it.

package struct LintText: Sendable {
  private let findings: [LintFinding]
  private let sources: LintSources
  private let names: LintNames

  package init(_ findings: [LintFinding], of members: [Member], sources: LintSources) {
    self.findings = findings
    self.sources = sources
    names = LintNames(members)
  }

  /// All of them, an empty line between; no newline at the end.
  package var rendered: String { findings.map(rendered).joined(separator: "\n\n") }

  /// `2 errors, 1 warning and 3 notes`.
  package var summary: String {
    let counts = LintSeverity.allCases.reversed().compactMap { severity -> String? in
      let count = findings.filter { $0.severity == severity }.count
      return count == 0 ? nil : Words.count(count, severity.rawValue)
    }
    return counts.isEmpty ? "nothing found" : Words.list(counts)
  }

  private func rendered(_ finding: LintFinding) -> String {
    let place = finding.place
    let sentence = sources.shown(finding.sentence)
    let header =
      "\(names.shown(finding.member, place)): \(finding.severity.rawValue)[\(finding.code)]: \(sentence)"
    let number = String(place.line)
    let gutter = String(repeating: " ", count: number.count + 1)
    var lines = [header]
    if let line = sources.line(of: finding.member, at: place),
      let shown = sources.shown(of: finding.member, at: place),
      !shown.allSatisfy(\.isWhitespace)
    {
      let (start, length) = Self.underline(line, place.column)
      let padding = line.prefix(start).map { $0 == "\t" ? "\t" : " " }.joined()
      let marks = "^" + String(repeating: "~", count: max(0, length - 1))
      lines += ["\(gutter)|", "\(number) | \(shown)", "\(gutter)| \(padding)\(marks)"]
    }
    let remedy = sources.shown(finding.remedy)
    lines.append("\(gutter)= write: \(remedy)          takeover explain \(finding.code)")
    if finding.isRefused {
      lines.append("\(gutter)= keepalived -t refuses the configuration because of this")
    }
    lines += finding.others.prefix(3).map { other in
      "\(gutter)= see \(names.shown(other.member, other.place))"
    }
    return lines.joined(separator: "\n")
  }

  /// Where the word at that byte begins, and how long it is, in characters.
  private static func underline(_ line: String, _ column: Int) -> (start: Int, length: Int) {
    let bytes = line.utf8.prefix(max(column - 1, 0))
    let start = String(decoding: Array(bytes), as: UTF8.self).count
    let word = line.dropFirst(start).prefix { !$0.isWhitespace && $0 != "{" }
    return (min(start, 200), min(max(word.count, 1), 60))
  }
}

/// How nodes and their files are called: the file alone where that is enough.
struct LintNames: Sendable {
  /// Whether two nodes have files of one name, as they have when both were read over SSH.
  let clash: Bool

  init(_ members: [Member]) {
    let files = members.map(\.configuration.file)
    clash = Set(files).count < files.count
  }

  func shown(_ member: String, _ place: Place) -> String {
    Legible.line(clash ? "\(member):\(place)" : place.description)
  }

  /// RFC 3986: a path as it is given, or `ssh://NODE/PATH` for a node's own file.
  func uri(_ member: String, _ file: String) -> String {
    let path = Self.encoded(file)
    guard clash else { return path }
    return "ssh://\(Self.encoded(member))" + (path.hasPrefix("/") ? path : "/" + path)
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte -> String in
      let isPlain =
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~/".utf8.contains(byte)
        }
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
