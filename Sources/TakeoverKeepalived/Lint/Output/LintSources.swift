// The texts that were read, for showing the line that a finding speaks of: made harmless, and without
// passwords.

package struct LintSources: Sendable {
  private struct Key: Hashable, Sendable {
    var member: String
    var file: String
  }

  private var lines: [Key: [String]] = [:]
  private var secrets: [String] = []

  package init() {}

  package mutating func add(_ bytes: [UInt8], of member: String, at file: String) {
    lines[Key(member: member, file: file)] =
      bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What must never be shown, wherever it stands.
  package mutating func hide(passwordsOf configuration: Configuration) {
    for password in configuration.instances.compactMap(\.authentication?.password?.value)
    where password.utf8.count > 2 && !secrets.contains(password) {
      secrets.append(password)
    }
    secrets.sort { $0.utf8.count > $1.utf8.count }
  }

  func line(of member: String, at place: Place) -> String? {
    guard let all = lines[Key(member: member, file: place.file)],
      all.indices.contains(place.line - 1)
    else { return nil }
    return all[place.line - 1]
  }

  /// The line as it may be shown.
  func shown(of member: String, at place: Place) -> String? {
    line(of: member, at: place).map { Legible.line(hiding($0)) }
  }

  /// Where the place is in the line, counted in Unicode scalars from 1; places count bytes.
  func scalarColumn(of member: String, at place: Place) -> Int {
    guard let line = line(of: member, at: place) else { return max(place.column, 1) }
    let head = line.utf8.prefix(max(place.column - 1, 0))
    return String(decoding: Array(head), as: UTF8.self).unicodeScalars.count + 1
  }

  /// A sentence about the text as it may be shown: without the configurations' passwords.
  func shown(_ sentence: String) -> String { Legible.line(withoutSecrets(sentence)) }

  private func withoutSecrets(_ text: String) -> String {
    secrets.reduce(text) { Self.replacing($1, in: $0) }
  }

  /// A line with a mark in the place of every password: what follows `auth_pass`, a misspelling of it or
  /// a definition that speaks of a password, and every word that is one of the configurations' passwords.
  private func hiding(_ line: String) -> String {
    let scalars = Array(withoutSecrets(line).unicodeScalars)
    guard let word = Self.speaksOfPassword(scalars),
      let end = scalars[word...].firstIndex(where: {
        $0.properties.isWhitespace || $0 == "=" || $0 == "\"" || $0 == "'"
      }), scalars[end...].contains(where: { !$0.properties.isWhitespace })
    else { return withoutSecrets(line) }
    // Where a password ends (a quote, a brace, a `#` within it?) is the daemon's secret: nothing of
    // the line behind it is shown.
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: scalars[...end])
    kept.append(contentsOf: Self.mark.unicodeScalars)
    return String(kept)
  }

  /// Where a word begins that announces a password.
  private static func speaksOfPassword(_ scalars: [Unicode.Scalar]) -> Int? {
    let lower = scalars.map { scalar -> Unicode.Scalar in
      ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar
    }
    let harmless = range(of: Array("auth_type".unicodeScalars), in: lower, from: 0)
    return ["pass", "secret", "auth_"].compactMap { word in
      range(of: Array(word.unicodeScalars), in: lower, from: 0)?.lowerBound
    }.filter { $0 != harmless?.lowerBound }.min()
  }

  private static let mark = "(hidden)"

  private static func replacing(_ secret: String, in text: String) -> String {
    let wanted = Array(secret.unicodeScalars)
    let scalars = Array(text.unicodeScalars)
    guard range(of: wanted, in: scalars, from: 0) != nil else { return text }
    var result = String.UnicodeScalarView()
    var index = 0
    while let found = range(of: wanted, in: scalars, from: index) {
      result.append(contentsOf: scalars[index..<found.lowerBound])
      let isWhole =
        (found.lowerBound == 0 || !isWord(scalars[found.lowerBound - 1]))
        && (found.upperBound == scalars.count || !isWord(scalars[found.upperBound]))
      result.append(contentsOf: isWhole ? Array(mark.unicodeScalars) : wanted)
      index = found.upperBound
    }
    result.append(contentsOf: scalars[index...])
    return String(result)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
      || scalar == "." || scalar == "-"
  }

  private static func range(
    of wanted: [Unicode.Scalar], in scalars: [Unicode.Scalar], from start: Int
  ) -> Range<Int>? {
    guard let first = wanted.first, scalars.count - start >= wanted.count else { return nil }
    var index = start
    while index <= scalars.count - wanted.count {
      if scalars[index] == first, scalars[index..<index + wanted.count].elementsEqual(wanted) {
        return index..<index + wanted.count
      }
      index += 1
    }
    return nil
  }
}

/// Text from a node or a file, fit for a terminal and a log.
enum Legible {
  /// More than this of one line nobody reads.
  private static let longest = 400

  /// On one line, without anything that moves a cursor, turns text round or cannot be seen.
  static func line(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < longest else {
        shown.append("…")
        break
      }
      count += 1
      if (0x20..<0x7f).contains(scalar.value) {
        shown.append(scalar)
        continue
      }
      let category = scalar.properties.generalCategory
      let isHidden =
        category == .control && scalar != "\t" || category == .format
        || category == .lineSeparator || category == .paragraphSeparator || category == .privateUse
        || category == .unassigned
      shown.append(isHidden ? "\u{fffd}" : scalar)
    }
    return String(shown)
  }
}
