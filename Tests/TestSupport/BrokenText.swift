// Texts of lines that nobody meant: copies of real ones with their bytes, pieces and lines broken.

package struct BrokenText: Sendable {
  package enum Change: Sendable {
    /// A byte becomes another one; a bit of it.
    case byte, bit
    case piece
    /// Up to 40 bytes are cut out; all the rest.
    case cut, end
    /// Up to six lines are doubled.
    case lines
    /// A word of 3,000 letters.
    case word
    /// The rest of another file is put in the place of its own.
    case splice
  }

  /// Each as likely as it is often here.
  private let changes: [Change]
  private let pieces: [String]

  package init(_ changes: [Change], pieces: [String]) {
    self.changes = changes
    self.pieces = pieces
  }

  /// One to five changes.
  package func broken(
    _ file: [UInt8], among files: [[UInt8]], _ random: inout SplitMix
  ) -> [UInt8] {
    var bytes = file
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let end = min(place + Int.random(in: 0...40, using: &random), bytes.count)
      switch changes[Int.random(in: 0..<changes.count, using: &random)] {
      case .byte: if place < bytes.count { bytes[place] = .random(in: 0...255, using: &random) }
      case .bit:
        if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
      case .piece:
        bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
      case .cut: bytes.removeSubrange(place..<end)
      case .end: bytes.removeSubrange(place...)
      case .lines:
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        let from = Int.random(in: 0..<lines.count, using: &random)
        let to = min(from + Int.random(in: 1...6, using: &random), lines.count)
        bytes = Array((lines[..<to] + lines[from...]).joined(separator: [10]))
      case .word:
        let word = [UInt8](repeating: .random(in: 33...126, using: &random), count: 3_000)
        bytes.insert(contentsOf: word, at: place)
      case .splice:
        let other = files.randomElement(using: &random) ?? []
        bytes.replaceSubrange(
          place..., with: other[Int.random(in: 0...other.count, using: &random)...])
      }
    }
    return bytes
  }
}
