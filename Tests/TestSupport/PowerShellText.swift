// PowerShell as far as its brackets and strings go, by its own tokenizer's rules: enough to see that a text
// means what was put into it, and that no script ends in the middle of something.

package enum PowerShellText {
  private static let quotes: Set<Unicode.Scalar> = [
    "'", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}",
  ]
  private static let doubles: Set<Unicode.Scalar> = ["\"", "\u{201c}", "\u{201d}", "\u{201e}"]

  /// The words of a list of strings in single quotes, parted by anything else; nil: one does not end.
  package static func literals(_ text: String) -> [String]? {
    let scalars = Array(text.unicodeScalars)
    var words: [String] = []
    var place = 0
    while place < scalars.count {
      guard quotes.contains(scalars[place]) else {
        place += 1
        continue
      }
      guard let (word, next) = literal(scalars, from: place) else { return nil }
      words.append(word)
      place = next
    }
    return words
  }

  /// A string in single quotes ends at the first quote that is not doubled; of two, the second counts.
  private static func literal(
    _ scalars: [Unicode.Scalar], from start: Int
  ) -> (word: String, next: Int)? {
    var word = String.UnicodeScalarView()
    var place = start + 1
    while place < scalars.count {
      if quotes.contains(scalars[place]) {
        guard place + 1 < scalars.count, quotes.contains(scalars[place + 1]) else {
          return (String(word), place + 1)
        }
        place += 1
      }
      word.append(scalars[place])
      place += 1
    }
    return nil
  }

  /// What is not closed, or closes nothing, with the text before it; nil: all is well.
  package static func trouble(_ text: String) -> String? {
    var reading = Reading(scalars: Array(text.unicodeScalars))
    reading.code(until: nil)
    return reading.trouble
  }

  private struct Reading {
    let scalars: [Unicode.Scalar]
    var place = 0
    var trouble: String?

    private mutating func fail(_ what: String) {
      let before = String(
        String.UnicodeScalarView(scalars[max(0, place - 60)..<min(place, scalars.count)]))
      trouble = trouble ?? "\(what) behind: \(before)"
      place = scalars.count
    }

    /// Reads to the closing bracket, which is read, too.
    mutating func code(until closing: Unicode.Scalar?) {
      let pairs: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", "{": "}", "[": "]"]
      while place < scalars.count {
        let scalar = scalars[place]
        place += 1
        switch scalar {
        case "`": place += 1
        case "#" where place < 2 || " \t\n;({".unicodeScalars.contains(scalars[place - 2]):
          while place < scalars.count, scalars[place] != "\n" { place += 1 }
        case _ where quotes.contains(scalar):
          guard let (_, next) = literal(scalars, from: place - 1) else { return fail("a string") }
          place = next
        case _ where doubles.contains(scalar): expandable()
        case "(", "{", "[": code(until: pairs[scalar])
        case ")", "}", "]":
          if scalar != closing { fail("\(scalar) too much") }
          return
        default: break
        }
      }
      if let closing { fail("no \(closing)") }
    }

    /// A string in double quotes, with the code inside it.
    private mutating func expandable() {
      while place < scalars.count {
        let scalar = scalars[place]
        place += 1
        if scalar == "`" {
          place += 1
        } else if doubles.contains(scalar) {
          guard place < scalars.count, doubles.contains(scalars[place]) else { return }
          place += 1
        } else if scalar == "$", place < scalars.count, scalars[place] == "(" {
          place += 1
          code(until: ")")
        }
      }
      fail("a string")
    }
  }
}
