// The ruleset of nftables as lines of a node's state: one for each table and for each thing in it.

/// Reads `nft -s list ruleset`, which indents by tabs: a table, in it chains, sets and the like, in
/// them statements.
struct RulesetLines {
  /// Table, kind and name of the thing (nothing: the table itself), its statements, parted by tabs.
  static func objects(_ lines: [Substring]) -> [String] {
    var reader = RulesetLines()
    for line in lines { reader.take(line) }
    return reader.found
  }

  private var found: [String] = []
  private var table: String?
  private var ofTable: [String] = []
  /// The thing that is being read, nil between two.
  private var object: String?
  private var statements: [String] = []
  /// Braces that the last statement left open: a list over several lines.
  private var open = 0

  private mutating func take(_ line: Substring) {
    let words = DigestWords.of(line)
    guard let first = words.first, !first.hasPrefix("#") else { return }
    guard let table else {
      if first == "table", words.last == "{" {
        self.table = words.dropFirst().dropLast().joined(separator: " ")
        ofTable = []
      }
      return
    }
    let text = Self.steady(words)
    let depth = line.utf8.prefix { $0 == UInt8(ascii: "\t") }.count
    if open > 0, let last = statements.popLast() {
      statements.append(last + " " + text)
      open = max(0, open + Self.braces(text))
    } else if let object {
      if depth == 1, text == "}" {
        keep(table, object, Self.lasting(statements))
        self.object = nil
      } else {
        statements.append(text)
        open = max(0, Self.braces(text))
      }
    } else if depth == 0, text == "}" {
      keep(table, "", ofTable)
      self.table = nil
    } else if words.count > 1, words.last == "{" {
      (object, statements, open) = (words.dropLast().joined(separator: " "), [], 0)
    } else {
      ofTable.append(text)
    }
  }

  /// keepalived keeps the virtual addresses in tables of its own (`nftables`, keepalived.conf(5)).
  private mutating func keep(_ table: String, _ object: String, _ statements: [String]) {
    if table.split(separator: " ").last?.hasPrefix("keepalived") == true { return }
    found.append("\(table)\t\(object)\t" + statements.joined(separator: "\t"))
  }

  /// Sets to which packets add, and from which time takes, change without anybody's doing.
  private static func lasting(_ statements: [String]) -> [String] {
    let isMoving = statements.contains { statement in
      statement.hasPrefix("timeout ")
        || statement.hasPrefix("flags ")
          && (statement.contains("dynamic") || statement.contains("timeout"))
    }
    return isMoving ? statements.filter { !$0.hasPrefix("elements") } : statements
  }

  /// Without counts: an nft before `-s` prints them.
  private static func steady(_ words: [String]) -> String {
    var kept: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "packets", rest.dropFirst().first == "bytes", rest.count > 2 {
        rest = rest.dropFirst(3)
      } else {
        kept.append(word)
      }
    }
    return kept.joined(separator: " ")
  }

  /// How many braces a statement opens and leaves open; those in quotes are text.
  private static func braces(_ text: String) -> Int {
    var (depth, isQuoted) = (0, false)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "{") where !isQuoted: depth += 1
      case UInt8(ascii: "}") where !isQuoted: depth -= 1
      default: break
      }
    }
    return depth
  }
}
