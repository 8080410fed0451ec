// Single words of a file: text, durations, counts, addresses and names, each strictly.

internal import TakeoverModel

extension ShapeReader {
  mutating func readScalar(_ value: YAMLValue, as scalar: Shape.Scalar) -> Checked? {
    guard case .scalar(let text, let plain) = value.content, !value.isNothing else {
      diagnostics.report(
        .wrongForm, at: value.span, "\(scalar.described) belongs here, not \(value.described)")
      return nil
    }
    if plain, scalar.isWord, ScalarText.looksLikeFlag(text) {
      diagnostics.report(
        .wrongForm, at: value.span, "\(scalar.described) belongs here, not a boolean",
        suggestion: "quote it: \"\(text)\"")
      return nil
    }
    guard let read = checked(text, plain: plain, at: value.span, as: scalar) else { return nil }
    return Checked(value: read, span: value.span)
  }

  private mutating func checked(
    _ text: String, plain: Bool, at span: Span, as scalar: Shape.Scalar
  ) -> Checked.Value? {
    switch scalar {
    case .form(let form): return checked(text, plain: plain, at: span, as: form)
    case .name, .interface:
      let fits = scalar == .name ? ScalarText.isName(text) : ScalarText.isInterface(text)
      if !fits { reportName(text, at: span, noun: scalar == .name ? "" : "interface") }
      return fits ? .text(text) : nil
    case .network:
      guard let network = ScalarText.network(text) else {
        diagnostics.report(
          .notAnAddress, at: span, "\"\(text)\" is not an address with its prefix length",
          suggestion: IPAddress(text).map { "\($0)/\($0.isV4 ? 24 : 64), for example" } ?? "")
        return nil
      }
      return .network(network)
    case .version:
      guard plain, text == "1" else {
        diagnostics.report(
          .badVersion, at: span, "version \"\(text)\" is not known", allowed: "versions: 1")
        return nil
      }
      return .count(1)
    case .target:
      guard ScalarText.isName(text) else {
        diagnostics.report(
          .badTarget, at: span, "\"\(text)\" is not a target",
          allowed: "targets: \(Target.roles.joined(separator: ", ")), or a node's name")
        return nil
      }
      return .text(text)
    case .unit:
      guard ScalarText.isUnit(text) else {
        diagnostics.report(
          .badName, at: span, "\"\(text)\" is not a unit's name",
          allowed: "units: letters, digits and :-_.\\@, not - first")
        return nil
      }
      return .text(text)
    case .phase:
      guard Phase(text) != nil else {
        diagnostics.report(
          .notAChoice, at: span, "\"\(text)\" is not a phase",
          allowed: "phases: any, stratified, or a part of the interval such as 0.25")
        return nil
      }
      return .text(text)
    case .bounded(let bounds): return checked(text, plain: plain, at: span, within: bounds)
    case .window:
      guard TimeWindow(text) != nil else {
        diagnostics.report(
          .notAWindow, at: span, "\"\(text)\" is not a window of time",
          allowed: "windows: 22:00-06:00, Mon-Fri 01:30-05:00, Sat,Sun 00:00-24:00")
        return nil
      }
      return .text(text)
    case .timezone:
      guard TimeZoneName.exists(text) else {
        diagnostics.report(
          .notATimeZone, at: span, "there is no time zone \"\(text)\"",
          suggestion: Spelling.suggestion(for: text, among: TimeZoneName.all),
          allowed: "time zones: UTC, Europe/Berlin, Asia/Shanghai, …")
        return nil
      }
      return .text(text)
    }
  }

  private mutating func checked(
    _ text: String, plain: Bool, at span: Span, within bounds: Shape.Bounds
  ) -> Checked.Value? {
    let duration = DurationText.duration(text)
    if let duration, bounds.contains(duration) { return .duration(duration) }
    let isNever = ["0", "none", "never", "off", "no", "false"].contains(text.lowercased())
    guard isNever || duration != nil else {
      return checked(text, plain: plain, at: span, as: .duration)
    }
    let isOff = isNever || duration == .zero
    diagnostics.report(
      .outOfBounds, at: span, isOff ? bounds.never : "\(text) is not within \(bounds.words)",
      allowed: "durations: \(bounds.words)")
    return nil
  }

  private mutating func checked(
    _ text: String, plain: Bool, at span: Span, as form: Parameter.Form
  ) -> Checked.Value? {
    switch form {
    case .text:
      if !ScalarText.hasControl(text) { return .text(text) }
      diagnostics.report(
        .wrongForm, at: span, "text without control characters belongs here",
        suggestion: "only line breaks and tabs can stand in it")
    case .duration:
      if let duration = DurationText.duration(text) { return .duration(duration) }
      let bare = !text.isEmpty && text.utf8.allSatisfy { 48...57 ~= $0 || $0 == 46 }
      diagnostics.report(
        .notADuration, at: span, "\"\(text)\" is not a duration",
        suggestion: bare ? "with its unit: \(text)s or \(text)ms?" : "",
        allowed: "durations: 250us, 20ms, 1.5s, 2m, 1h")
    case .count(let range):
      if plain, let count = ScalarText.count(text), range.contains(count) { return .count(count) }
      diagnostics.report(
        .notACount, at: span, "\"\(text)\" is not a whole number \(ScalarText.words(range))")
    case .flag:
      if plain, text == "true" || text == "false" { return .flag(text == "true") }
      let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][text.lowercased()]
      diagnostics.report(
        .notAFlag, at: span, "\"\(text)\" is neither true nor false",
        suggestion: (meant ?? Spelling.nearest(to: text, among: ["true", "false"]))
          .map { "did you mean \($0)?" } ?? "")
    case .address:
      if let address = IPAddress(text) { return .address(address) }
      diagnostics.report(.notAnAddress, at: span, "\"\(text)\" is not an IP address")
    case .choice(let words):
      if words.contains(text) { return .text(text) }
      diagnostics.report(
        .notAChoice, at: span, "\"\(text)\" is not allowed here",
        suggestion: Spelling.suggestion(for: text, among: words),
        allowed: Self.listed("allowed", words))
    }
    return nil
  }

  mutating func reportName(_ text: String, at span: Span, noun: String) {
    let rule =
      noun == "interface"
      ? "1 to 15 characters, no space and no /" : "1 to 24 of a-z, 0-9 and -, not - first"
    diagnostics.report(
      .badName, at: span, "\"\(text)\" is not a good \(noun.isEmpty ? "" : "\(noun) ")name",
      allowed: "names: \(rule)")
  }
}

extension Shape.Scalar {
  /// Whether any words may stand here, so that a boolean is a mistake.
  var isWord: Bool {
    [.form(.text), .name, .interface, .target, .timezone, .unit].contains(self)
  }

  /// In words, for a message.
  var described: String {
    switch self {
    case .form(.text): "text"
    case .form(.duration), .bounded: "a duration"
    case .form(.flag): "true or false"
    case .form(.address): "an IP address"
    case .form(.count): "a whole number"
    case .form(.choice(let words)): "one of \(words.joined(separator: ", "))"
    case .name: "a name"
    case .interface: "an interface"
    case .network: "an address with its prefix length"
    case .version: "the version"
    case .target: "a target"
    case .unit: "a unit"
    case .phase: "a phase"
    case .window: "a window of time"
    case .timezone: "a time zone"
    }
  }
}

/// The spelling rules of single words.
enum ScalarText {
  static let namePattern = "^[a-z0-9][a-z0-9-]{0,23}$"
  static let windowPattern: String = {
    let day = "(\(TimeWindow.dayNames.joined(separator: "|")))"
    let days = "\(day)(-\(day))?"
    let time = "([01][0-9]|2[0-3]):[0-5][0-9]"
    return "^(\(days)(,\(days))* )?\(time)-(\(time)|24:00)$"
  }()
  static let interfacePattern = "^[^ /\\t*]{1,15}$"
  static let unitPattern = "^[a-zA-Z0-9:_.\\\\@][a-zA-Z0-9:_.\\\\@-]{0,254}$"

  static func isName(_ text: String) -> Bool {
    (1...24).contains(text.utf8.count) && !text.hasPrefix("-")
      && text.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 }
  }

  /// As dev_valid_name() in Linux' net/core/dev.c; printable ASCII only, no leading dash, and no `*`:
  /// to nft `eth*` is every interface whose name begins so.
  static func isInterface(_ text: String) -> Bool {
    (1...15).contains(text.utf8.count) && text != "." && text != ".." && !text.hasPrefix("-")
      && text.utf8.allSatisfy { 33...126 ~= $0 && !"/:\"'\\*".utf8.contains($0) }
  }

  /// A NUL would end the text for every program that gets it; an escape would move a cursor.
  static func hasControl(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
  }

  /// As systemd.unit(5) has it: `systemctl stop '*'` would mean every unit that is loaded.
  static func isUnit(_ text: String) -> Bool {
    (1...255).contains(text.utf8.count) && !text.hasPrefix("-")
      && text.utf8.allSatisfy {
        97...122 ~= $0 || 65...90 ~= $0 || 48...57 ~= $0 || ":-_.\\@".utf8.contains($0)
      }
  }

  /// Words that a YAML 1.2 reader takes for booleans.
  static func looksLikeFlag(_ text: String) -> Bool {
    ["true", "false"].contains(text.lowercased())
  }

  /// Decimal digits, without sign or leading zeros.
  static func count(_ text: String) -> Int? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }),
      text == "0" || !digits.hasPrefix("0")
    else { return nil }
    return Int(text)
  }

  static func words(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "from \(range.lowerBound) up" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  static func network(_ text: String) -> VirtualAddress? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(parts[0]), let prefix = count(String(parts[1])),
      prefix <= (address.isV4 ? 32 : 128)
    else { return nil }
    return VirtualAddress(address, prefix: prefix)
  }
}
