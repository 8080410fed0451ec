// Did you mean: the nearest known word to one that is not known.

package enum Spelling {
  /// The known word with the fewest edits, when they are few for a word of that length.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let limit = max(1, min(word.count, 24) / 3)
    guard word.count <= 64 else { return nil }
    var best: (word: String, distance: Int)?
    // So many edits at least as the lengths differ by.
    for candidate in known where abs(candidate.count - word.count) <= limit {
      let distance = edits(Array(word.lowercased()), Array(candidate.lowercased()))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The text behind an underline; empty when nothing is near.
  static func suggestion(for word: String, among known: [String]) -> String {
    nearest(to: word, among: known).map { "did you mean \"\($0)\"?" } ?? ""
  }

  /// Levenshtein's distance.
  static func edits(_ one: [Character], _ other: [Character]) -> Int {
    var row = Array(0...other.count)
    for (index, character) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, opposite) in other.enumerated() {
        let substituted = diagonal + (character == opposite ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
