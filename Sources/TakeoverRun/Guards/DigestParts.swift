// Takes the output of the digest apart. The node is not trusted: whatever it prints is read without
// harm, and no more is kept than a section may have.

extension NodeDigest {
  /// More bytes than this are no section: a full routing table is not compared.
  static let largestPart = 1 << 20

  /// One part of the output.
  struct Part {
    /// Without their ends.
    var lines: [Substring]
    /// nil: the output broke off before the part was whole, or the part is too large.
    var status: Int?
  }

  /// The parts of an output by name, in their order.
  static func parts(_ output: String) -> [String: [Part]] {
    let pieces = output.utf8.split(separator: 0, omittingEmptySubsequences: false)
    var found: [String: [Part]] = [:]
    for index in stride(from: 1, to: pieces.count, by: 2) {
      let piece = pieces[index]
      guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      let content = piece[piece.index(after: end)...]
      var part = Part(lines: [], status: nil)
      if content.count <= largestPart, index + 1 < pieces.count {
        part.lines = lines(content)
        part.status = status(pieces[index + 1])
      }
      found[String(Substring(piece[..<end])), default: []].append(part)
    }
    return found
  }

  /// By bytes: a carriage return before a line feed makes one `Character` of both.
  private static func lines(_ text: Substring.UTF8View) -> [Substring] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Substring($0) }
  }

  /// Whole only with its line feed.
  private static func status(_ text: Substring.UTF8View) -> Int? {
    guard text.last == UInt8(ascii: "\n") else { return nil }
    return Int(Substring(text.dropLast()))
  }
}

/// The words of a line, as ip, tc and nft part them; with `-o` ip writes `\` for a line's end.
enum DigestWords {
  static func of(_ line: Substring) -> [String] {
    line.utf8.split { $0 == 32 || $0 == 9 || $0 == 13 || $0 == UInt8(ascii: "\\") }
      .map { String(Substring($0)) }
  }

  static func of(_ lines: [Substring]) -> [[String]] {
    lines.map { of($0) }.filter { !$0.isEmpty }
  }

  /// The word behind `word`.
  static func value(_ word: String, in words: [String]) -> String? {
    guard let at = words.firstIndex(of: word), at + 1 < words.count else { return nil }
    return words[at + 1]
  }

  /// One field of a line: the node's own text, but no tab that would part fields.
  static func field(_ text: Substring) -> String {
    of(text).joined(separator: " ")
  }
}
