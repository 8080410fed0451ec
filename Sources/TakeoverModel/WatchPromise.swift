// What a plan may promise of a command that it has run: `primary: good within 5s`.

package struct WatchPromise: Hashable, Sendable {
  package enum Promise: Hashable, Sendable {
    /// From so long after the blow on it ends with 0.
    case goodWithin(Duration)
    /// It never ends with anything but 0 for longer.
    case badAtMost(Duration)
    case neverBad
    /// At the trial's end it ends with 0.
    case goodAtEnd
    /// It prints what it printed before the blow.
    case outputStays
    /// It prints this at the trial's end.
    case outputIs(String)
  }

  package let watch: String
  package let promise: Promise

  package init(watch: String, promise: Promise) {
    self.watch = watch
    self.promise = promise
  }

  /// In words, for messages and help.
  package static let forms = [
    "NAME: good within 5s", "NAME: bad at most 2s", "NAME: never bad", "NAME: good at the end",
    "NAME: output stays", "NAME: output is TEXT",
  ]

  package static let summary =
    "what a command below observe: promises, or a list of such: " + forms.joined(separator: "; ")

  /// Why a value is no promise of one of these commands; nil: it is.
  @Sendable package static func refusal(
    of value: ParameterValue, among watches: [String]
  ) -> Complaint? {
    guard let promise = WatchPromise(value.description) else {
      return Complaint(
        "\"\(value)\" is no promise of a command",
        remedy: "promises: \(forms.joined(separator: "; "))")
    }
    guard !watches.contains(promise.watch) else { return nil }
    return Complaint(
      "there is no command \"\(promise.watch)\"",
      remedy: watches.isEmpty
        ? "name it below the plan's observe:"
        : "commands below observe: \(watches.joined(separator: ", "))")
  }

  /// nil when the text is no promise.
  package init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = Self.trimmed(text[..<colon])
    let rest = Self.trimmed(text[text.index(after: colon)...])
    guard !name.isEmpty else { return nil }
    watch = name
    let behind = { (words: String) -> String? in
      rest.hasPrefix(words + " ") ? Self.trimmed(rest.dropFirst(words.count)) : nil
    }
    switch rest {
    case "never bad": promise = .neverBad
    case "good at the end": promise = .goodAtEnd
    case "output stays": promise = .outputStays
    default:
      if let limit = behind("good within").flatMap(DurationText.duration) {
        promise = .goodWithin(limit)
      } else if let limit = behind("bad at most").flatMap(DurationText.duration) {
        promise = .badAtMost(limit)
      } else if let output = behind("output is"), output.utf8.count <= CommandWatch.mostOutput {
        promise = .outputIs(output)
      } else {
        return nil
      }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
