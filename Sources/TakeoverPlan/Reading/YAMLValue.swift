// A YAML document as values with their places: what Yams composed, without what plans do not need.

struct YAMLValue: Sendable {
  indirect enum Content: Sendable {
    /// `plain` tells `3s` from `"3s"`.
    case scalar(String, plain: Bool)
    case list([YAMLValue])
    case map([Entry])
    /// Something that has been reported already: it stands here, and that is all.
    case refused
  }

  struct Entry: Sendable {
    let key: String
    let span: Span
    let value: YAMLValue
  }

  let content: Content
  let span: Span

  /// `key:` with nothing behind it, `~` and `null`.
  var isNothing: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// In words, for a message.
  var described: String {
    if isNothing { return "nothing" }
    return switch content {
    case .scalar(let text, _): "\"\(text.prefix(40))\""
    case .list: "a list"
    case .map: "a mapping"
    case .refused: "that"
    }
  }
}
