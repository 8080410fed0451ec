// A page as a browser would take it apart, for tests: its tags in order, its text, what it refers to. It
// reads only what our own writer writes, and fails the test on anything else.

import Testing

struct PageTags {
  struct Tag: Hashable {
    var name: String
    var attributes: [String: String]
    /// From 0, the root's.
    var depth: Int
  }

  private(set) var tags: [Tag] = []
  /// The text between the tags, entities undone, one entry for each stretch.
  private(set) var texts: [String] = []

  private static let void: Set<String> = ["meta"]

  init(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let text = try #require(
      String(validating: bytes, as: UTF8.self), sourceLocation: sourceLocation)
    let doctype = "<!DOCTYPE html>\n"
    try #require(text.hasPrefix(doctype), sourceLocation: sourceLocation)
    var rest = text.dropFirst(doctype.count)
    var open: [String] = []
    while let begin = rest.firstIndex(of: "<") {
      if begin > rest.startIndex { texts.append(Self.undone(rest[..<begin])) }
      let end = try #require(rest[begin...].firstIndex(of: ">"), sourceLocation: sourceLocation)
      var inside = rest[rest.index(after: begin)..<end]
      rest = rest[rest.index(after: end)...]
      if inside.hasPrefix("/") {
        try #require(open.popLast() == String(inside.dropFirst()), sourceLocation: sourceLocation)
        continue
      }
      let isClosed = inside.hasSuffix("/")
      if isClosed { inside = inside.dropLast() }
      let tag = try Self.tag(inside, depth: open.count, sourceLocation)
      tags.append(tag)
      if !isClosed, !Self.void.contains(tag.name) { open.append(tag.name) }
      if tag.name == "style", let close = rest.firstRange(of: "</style>") {
        rest = rest[close.upperBound...]
        open.removeLast()
      }
    }
    try #require(open.isEmpty, "\(open) stay open", sourceLocation: sourceLocation)
  }

  private static func tag(
    _ inside: Substring, depth: Int, _ sourceLocation: SourceLocation
  ) throws -> Tag {
    let name = inside.prefix { $0 != " " }
    try #require(
      name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } && !name.isEmpty,
      "no tag: <\(inside)>", sourceLocation: sourceLocation)
    var attributes: [String: String] = [:]
    var rest = inside.dropFirst(name.count)
    while rest.hasPrefix(" ") {
      rest = rest.dropFirst()
      let key = rest.prefix { $0 != "=" && $0 != " " }
      rest = rest.dropFirst(key.count)
      guard rest.hasPrefix("=\"") else {
        attributes[String(key)] = ""
        continue
      }
      rest = rest.dropFirst(2)
      let value = rest.prefix { $0 != "\"" }
      rest = rest.dropFirst(value.count + 1)
      try #require(
        attributes.updateValue(undone(value), forKey: String(key)) == nil, "twice: \(key)",
        sourceLocation: sourceLocation)
    }
    try #require(rest.isEmpty, "no tag: <\(inside)>", sourceLocation: sourceLocation)
    return Tag(name: String(name), attributes: attributes, depth: depth)
  }

  private static func undone(_ text: Substring) -> String {
    String(
      text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        .replacing("&quot;", with: "\"").replacing("&amp;", with: "&"))
  }

  func all(_ name: String) -> [Tag] { tags.filter { $0.name == name } }
}
