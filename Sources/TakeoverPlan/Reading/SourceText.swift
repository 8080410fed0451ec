// A file's text by lines, as libyaml counts them, and how it gets here: from a path or from stdin.

package import TakeoverModel

#if canImport(Glibc)
  internal import Glibc
#endif

struct SourceText: Sendable {
  let path: String
  let text: String
  /// Without their line breaks.
  let lines: [String]
  /// Of each line.
  private let isASCII: [Bool]

  init(_ text: String, path: String) {
    let marked = text.unicodeScalars.first == "\u{feff}"
    let whole = marked ? String(text.unicodeScalars.dropFirst()) : text
    self.path = path
    self.text = whole
    // What is refused for its size is not looked at, either.
    lines = whole.utf8.count > SourceFile.largest ? [] : Self.split(whole)
    isASCII = lines.map { $0.utf8.allSatisfy { $0 < 0x80 } }
  }

  /// libyaml breaks lines at CR LF, CR, LF, NEL, LS and PS (YAML 1.1, 4.2).
  private static func split(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where afterReturn: afterReturn = false
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(String(line))
        line = String.UnicodeScalarView()
        afterReturn = scalar == "\r"
      default:
        line.append(scalar)
        afterReturn = false
      }
    }
    lines.append(String(line))
    return lines
  }

  func line(_ number: Int) -> String { lines.indices.contains(number - 1) ? lines[number - 1] : "" }

  /// The line without anything that could move a terminal's cursor or turn its text around.
  func shown(line number: Int) -> String { Self.printable(line(number)) }

  static func printable(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let category = scalar.properties.generalCategory
      let hidden = category == .control && scalar != "\t" || category == .format
      shown.append(hidden ? "\u{fffd}" : scalar)
    }
    return String(shown)
  }

  /// A place that libyaml gives in Unicode scalars, in characters. `length` is in characters.
  func span(line number: Int, scalar column: Int, length: Int? = nil) -> Span {
    let line = line(number)
    let scalars = line.unicodeScalars
    let before = max(column - 1, 0)
    let start: String.Index
    let characters: Int
    // A long line has many places; in ASCII each is found at once.
    if isASCII.indices.contains(number - 1), isASCII[number - 1] {
      characters = min(before, line.utf8.count)
      start = line.utf8.index(line.startIndex, offsetBy: characters)
    } else {
      start =
        scalars.index(scalars.startIndex, offsetBy: before, limitedBy: scalars.endIndex)
        ?? scalars.endIndex
      characters = String(scalars[..<start]).count
    }
    let rest = String(scalars[start...].prefix(Self.longestWord))
    return Span(
      line: max(number, 1), column: characters + 1, length: length ?? Self.wordLength(rest))
  }

  /// More than is ever underlined.
  private static let longestWord = 200

  /// How far the word reaches that stands at the beginning of `rest`: a quoted text, or up to the
  /// colon, comma, bracket or comment that ends a plain one.
  static func wordLength(_ rest: String) -> Int {
    let characters = Array(rest)
    guard let first = characters.first else { return 1 }
    if first == "\"" || first == "'" {
      let end = characters.dropFirst().firstIndex(of: first)
      return (end ?? characters.count - 1) + 1
    }
    if "[{|>".contains(first) { return 1 }
    var end = 0
    while end < characters.count {
      let next = end + 1 < characters.count ? characters[end + 1] : " "
      let character = characters[end]
      if character == ":", next == " " { break }
      if ",]}".contains(character) { break }
      if character == " ", next == "#" || next == " " { break }
      end += 1
    }
    while end > 1, characters[end - 1] == " " { end -= 1 }
    return max(end, 1)
  }
}

/// Brings in the text of a file that a user named.
package enum SourceFile {
  /// Plans are written by people; 1 MiB is already a mistake.
  package static let largest = 1 << 20

  /// The text of the file, or of standard input for `-`.
  package static func text(at path: String) throws(Complaint) -> String {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Complaint(
        "\(path) cannot be read: \(reason)", remedy: "name a plan, site or lab file, or - for stdin"
      )
    }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    let bytes = try bytes(of: descriptor, path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Complaint("\(path) is not UTF-8 text", remedy: "save it as UTF-8")
    }
    return text
  }

  private static func bytes(of descriptor: Int32, _ path: String) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= largest {
      let count = unsafe buffer.withUnsafeMutableBytes { space in
        unsafe read(descriptor, space.baseAddress, space.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = unsafe String(cString: strerror(errno))
        throw Complaint("\(path) cannot be read: \(reason)", remedy: "name a plain file")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    throw Complaint("\(path) is larger than 1 MiB", remedy: "is it the right file?")
  }
}
