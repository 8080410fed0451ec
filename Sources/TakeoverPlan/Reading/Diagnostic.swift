// What is wrong with a file, where, and the way out: one diagnostic, and how a person sees it.

/// Where a piece of a file stands. Lines and columns count from 1, columns in characters.
package struct Span: Hashable, Sendable {
  package var line: Int
  package var column: Int
  package var length: Int

  package init(line: Int, column: Int, length: Int = 1) {
    self.line = line
    self.column = column
    self.length = length
  }
}

package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable { case error, warning }

  package var code: DiagnosticCode
  package var severity: Severity
  package var file: String
  package var span: Span
  package var message: String
  /// The line of the file, ready to be shown.
  package var sourceLine: String
  /// What stands behind the underline: `did you mean "kill-process"?`; may be empty.
  package var suggestion: String
  /// What would be right, with the word for it: `faults: kill-process, stop-service`; may be empty.
  package var allowed: String

  /// The diagnostic as one line of a log: `plan.yaml:14:7: error[TK012]: unknown fault "x"`.
  package var headline: String {
    "\(file):\(span.line):\(span.column): \(severity.rawValue)[\(code.rawValue)]: \(message)"
  }

  /// The diagnostic with the source line, an underline and the way out; no newline at the end.
  package var rendered: String {
    let number = String(span.line)
    let gutter = String(repeating: " ", count: number.count + 1)
    let explain = "takeover explain \(code.rawValue)"
    let note = allowed.isEmpty ? explain : "\(allowed)          \(explain)"
    let (line, start) = window
    let length = max(1, min(span.length, max(line.count - start, 1)))
    let padding = line.prefix(start).map { $0 == "\t" ? "\t" : " " }.joined()
    let missing = String(repeating: " ", count: max(0, start - line.count))
    let marks = "^" + String(repeating: "~", count: length - 1)
    let hint = suggestion.isEmpty ? "" : " \(suggestion)"
    return """
      \(headline)
      \(gutter)|
      \(number) | \(line)
      \(gutter)| \(padding)\(missing)\(marks)\(hint)
      \(gutter)= \(note)
      """
  }

  /// At most 120 characters of the line around the place, and where the place is in them.
  private var window: (line: String, start: Int) {
    let start = span.column - 1
    guard sourceLine.count > 120, start > 60 else {
      return (Self.bounded(sourceLine.prefix(120)), start)
    }
    return ("…" + Self.bounded(sourceLine.dropFirst(start - 40).prefix(118)), 41)
  }

  /// One character may be any number of combining marks.
  private static func bounded(_ text: Substring) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(500)))
  }
}

/// Collects every diagnostic of one pass over one file.
struct Diagnostics {
  /// Nobody reads more of one file; what is beyond is counted.
  static let most = 200
  /// Of a text of the file in a message, in characters.
  private static let longest = 300

  let source: SourceText
  private(set) var all: [Diagnostic] = []
  /// All that were reported, also those that were not kept.
  private(set) var count = 0

  init(_ source: SourceText) { self.source = source }

  mutating func report(
    _ code: DiagnosticCode, at span: Span, _ message: String,
    suggestion: @autoclosure () -> String = "", allowed: @autoclosure () -> String = "",
    severity: Diagnostic.Severity = .error
  ) {
    count += 1
    guard all.count < Self.most else { return }
    all.append(
      Diagnostic(
        code: code, severity: severity, file: source.path, span: span,
        message: Self.shown(message), sourceLine: source.shown(line: span.line),
        suggestion: Self.shown(suggestion()), allowed: Self.shown(allowed())))
  }

  private static func shown(_ text: String) -> String {
    let head = text.unicodeScalars.prefix(longest + 1)
    let cut = head.count > longest ? String(head.dropLast()) + "…" : text
    return SourceText.printable(cut)
  }

  var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// In the order of the file; the last one tells how many are not there.
  var sorted: [Diagnostic] {
    guard count > all.count, var last = inOrder.last else { return inOrder }
    last.code = .tooMuch
    last.severity = .error
    last.message = "\(count - all.count) more mistakes are not shown"
    last.suggestion = ""
    last.allowed = ""
    return inOrder + [last]
  }

  /// What is wrong in each combination of a matrix is wrong once.
  private var inOrder: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return all.enumerated().sorted { one, other in
      let left = one.element.span
      let right = other.element.span
      return (left.line, left.column, one.offset) < (right.line, right.column, other.offset)
    }.map(\.element).filter { seen.insert($0).inserted }
  }
}
