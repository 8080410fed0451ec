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

  /// A line with a mark in the place of every password: what follows `auth_pass`, and every word that
  /// is one of the configurations' passwords.
  private func hiding(_ line: String) -> String {
    let scalars = Array(withoutSecrets(line).unicodeScalars)
    guard let keyword = Self.range(of: "auth_pass", in: scalars),
      let start = scalars[keyword.upperBound...].firstIndex(where: { !$0.properties.isWhitespace })
    else { return withoutSecrets(line) }
    // Where a password ends (a quote, a brace, a `#` within it?) is the daemon's secret: nothing of
    // the line behind it is shown.
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: scalars[..<start])
    kept.append(contentsOf: mark.unicodeScalars)
    return String(kept)
  }

  private let mark = "(hidden)"

  private static func replacing(_ secret: String, in text: String) -> String {
    let wanted = Array(secret.unicodeScalars)
    var scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    while !scalars.isEmpty {
      if scalars.starts(with: wanted), !isWord(previous),
        scalars.count == wanted.count || !isWord(scalars[wanted.count])
      {
        result.append(contentsOf: "(hidden)".unicodeScalars)
        scalars.removeFirst(wanted.count)
        previous = ")"
      } else {
        previous = scalars.removeFirst()
        result.append(previous)
      }
    }
    return String(result)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
      || scalar == "." || scalar == "-"
  }

  private static func range(
    of word: String, in scalars: [Unicode.Scalar]
  ) -> Range<Int>? {
    let wanted = Array(word.unicodeScalars)
    guard scalars.count >= wanted.count else { return nil }
    return (0...scalars.count - wanted.count).first {
      scalars[$0..<$0 + wanted.count].elementsEqual(wanted)
    }.map { $0..<$0 + wanted.count }
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
