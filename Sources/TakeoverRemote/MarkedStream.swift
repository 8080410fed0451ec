// Finds the marker that ends a command's output, in bytes that come in pieces of any size.

internal import Glibc

/// One of the two outputs of a command: what it wrote, then `marker`, a status and a newline.
struct MarkedStream {
  let marker: [UInt8]
  /// How many bytes are kept; the rest is dropped, and `truncated` says so.
  let cap: Int
  private(set) var kept: [UInt8] = []
  private(set) var truncated = false
  /// The status behind the marker, once it was read.
  private(set) var status: Int?
  /// More than any status has; what has no line end by then is no marker.
  private static let mostDigits = 24
  /// The end of what was read, as long as it may be the beginning of the marker.
  private var undecided: [UInt8] = []

  init(marker: [UInt8], cap: Int) {
    self.marker = marker
    self.cap = cap
  }

  mutating func feed(_ bytes: [UInt8]) {
    guard status == nil else { return }
    let text = undecided.isEmpty ? bytes : undecided + bytes
    undecided = []
    var from = 0
    while let start = firstByte(in: text, from: from) {
      let rest = text[start...]
      if rest.count < marker.count {
        if marker.starts(with: rest) { return split(text, at: start) }
      } else if rest.starts(with: marker) {
        let digits = rest.dropFirst(marker.count).prefix(Self.mostDigits + 1)
        if let end = digits.firstIndex(of: UInt8(ascii: "\n")) {
          keep(text[..<start])
          status = Int(String(decoding: digits[..<end], as: UTF8.self)) ?? -1
          return
        }
        if digits.count <= Self.mostDigits { return split(text, at: start) }
      }
      from = start + 1
    }
    keep(text[...])
  }

  /// Hands over what is kept so far and forgets it: for output that is passed on as it comes.
  mutating func take() -> [UInt8] {
    defer { kept = [] }
    return kept
  }

  private mutating func split(_ text: [UInt8], at start: Int) {
    keep(text[..<start])
    undecided = Array(text[start...])
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = cap - kept.count
    if bytes.count > room { truncated = true }
    kept.append(contentsOf: bytes.prefix(max(0, room)))
  }

  private func firstByte(in text: [UInt8], from: Int) -> Int? {
    guard let first = marker.first, from < text.count else { return nil }
    return unsafe text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + from, CInt(first), bytes.count - from)
      else { return nil }
      return unsafe base.distance(to: UnsafeRawPointer(found))
    }
  }
}
