// The rules that every JUnit document of ours keeps, as a list of what it breaks: empty is good.

import Foundation
import Testing

enum JUnitRules {
  /// Sentences on whatever is not as it must be.
  static func broken(_ bytes: [UInt8], isStrict: Bool) throws -> [String] {
    let text = try #require(String(validating: bytes, as: UTF8.self))
    let root = try XMLTree.parsed(bytes)
    var broken: [String] = []
    for word in ["<![CDATA[", "<!DOCTYPE", "<!ENTITY", "\u{1B}"] where text.contains(word) {
      broken.append("it has \(word.debugDescription)")
    }
    if root.name != "testsuites" { broken.append("its root is \(root.name)") }
    if !root.children.allSatisfy({ $0.name == "testsuite" }) { broken.append("a suite is missing") }
    if root.all("testsuite").count != root.children.count { broken.append("suites are nested") }
    if root.all("testcase").isEmpty { broken.append("it has no case") }
    for element in [root] + root.children { broken += counts(of: element, isStrict) }
    broken += names(root.all("testcase"))
    for suite in root.children { broken += suite.children.flatMap { cases($0) } }
    for element in root.everything { broken += times(of: element) }
    return broken + (isStrict ? StrictSchema.broken(root) : [])
  }

  private static func counts(of element: XMLTree, _ isStrict: Bool) -> [String] {
    let cases = element.all("testcase")
    var kinds = [("tests", cases.count)]
    for (attribute, child) in [
      ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"),
    ]
    where attribute != "skipped" || element.name == "testsuite" || !isStrict {
      kinds.append((attribute, cases.count { $0.children.contains { $0.name == child } }))
    }
    return kinds.compactMap { attribute, count in
      element.attributes[attribute] == "\(count)"
        ? nil : "\(element.name)/@\(attribute) is not \(count)"
    }
  }

  private static func names(_ cases: [XMLTree]) -> [String] {
    let names = cases.map { [$0.attributes["classname"] ?? "", $0.attributes["name"] ?? ""] }
    var broken: [String] = []
    if Set(names).count != names.count { broken.append("two cases have one name") }
    for name in names {
      // By bytes: a reader knows nothing of letters that are made of several signs.
      let components = name[0].utf8.split(
        separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      if components.count != 3 || components[0].elementsEqual("takeover".utf8) == false
        || components.contains(where: \.isEmpty)
      {
        broken.append("\(name[0]) is not takeover, a site and a plan")
      }
      if name.joined().unicodeScalars.count > 512 { broken.append("\(name) is longer than 512") }
      if name[1].isEmpty { broken.append("a case of \(name[0]) has no name") }
    }
    return broken
  }

  private static func cases(_ one: XMLTree) -> [String] {
    guard one.name == "testcase" else { return [] }
    let name = one.attributes["name"] ?? ""
    var broken: [String] = []
    let verdicts = one.children.filter { ["failure", "error", "skipped"].contains($0.name) }
    if verdicts.count > 1 { broken.append("\(name) has several verdicts") }
    for verdict in verdicts {
      let message = verdict.attributes["message"] ?? ""
      if message.isEmpty || message.contains("\n") {
        broken.append("\(name): its message is \(message.debugDescription)")
      }
      if !verdict.text.hasPrefix(message) { broken.append("\(name): its text is another") }
      if verdict.attributes["type"]?.hasPrefix("takeover.") != true {
        broken.append("\(name): its type is \(verdict.attributes["type"] ?? "not there")")
      }
    }
    let outputs = one.children.filter { $0.name == "system-out" }
    if outputs.count > 1 { broken.append("\(name) has several outputs") }
    for output in outputs {
      if output.text.utf8.count > 65_536 {
        broken.append("\(name): its output is longer than 64 KiB")
      }
      let lines = output.text.split(separator: "\n", omittingEmptySubsequences: false)
      let mark = Array("[[ATTACHMENT|".utf8)
      let attached = lines.map { Array($0.utf8).firstRange(of: mark) != nil }
      let first = attached.prefix { $0 }.count
      if attached.dropFirst(first).contains(true) {
        broken.append("\(name): an attachment is late")
      }
      if let png = lines.firstIndex(where: { $0.hasSuffix(".png]]") }), png != 0 {
        broken.append("\(name): the picture is not first")
      }
    }
    return broken
  }

  private static func times(of element: XMLTree) -> [String] {
    var broken: [String] = []
    if let time = element.attributes["time"], time.wholeMatch(of: /[0-9]+\.[0-9]{3}/) == nil {
      broken.append("\(element.name)/@time is \(time)")
    }
    let isTime = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}/
    if let stamp = element.attributes["timestamp"], stamp.wholeMatch(of: isTime) == nil {
      broken.append("\(element.name)/@timestamp is \(stamp)")
    }
    return broken
  }
}

/// What the schema of Jenkins' xUnit plugin (junit-10.xsd) allows, as far as we could ever break it: which
/// attributes and children an element has, and which must be there.
enum StrictSchema {
  private static let attributes: [String: Set<String>] = [
    "testsuites": ["name", "time", "tests", "failures", "errors"],
    "testsuite": [
      "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname",
      "id", "package", "file", "log", "url", "version",
    ],
    "testcase": ["name", "time", "classname", "group"],
    "failure": ["type", "message"], "error": ["type", "message"], "skipped": ["type", "message"],
    "properties": [], "property": ["name", "value"], "system-out": [], "system-err": [],
  ]
  private static let required: [String: Set<String>] = [
    "testsuite": ["name", "tests", "failures", "errors"], "testcase": ["name"],
    "property": ["name", "value"],
  ]
  private static let children: [String: Set<String>] = [
    "testsuites": ["testsuite"],
    "testsuite": ["testsuite", "properties", "testcase", "system-out", "system-err"],
    "testcase": ["skipped", "error", "failure", "system-out", "system-err"],
    "properties": ["property"],
  ]

  static func broken(_ root: XMLTree) -> [String] {
    root.everything.flatMap { element -> [String] in
      guard let allowed = attributes[element.name] else { return ["it knows no \(element.name)"] }
      let present = Set(element.attributes.keys)
      let missing = required[element.name, default: []].subtracting(present)
      let strange = Set(element.children.map(\.name))
        .subtracting(children[element.name, default: []])
      let hasText = element.text.contains { !$0.isWhitespace }
      let takesText = ["failure", "error", "skipped", "system-out", "system-err"]
      var broken = present.subtracting(allowed).map { "\(element.name)/@\($0) is not allowed" }
      broken += missing.map { "\(element.name)/@\($0) is missing" }
      broken += strange.map { "\(element.name)/\($0) is not allowed" }
      if hasText, !takesText.contains(element.name) { broken.append("\(element.name) has text") }
      // SUREFIRE_TIME.
      let time = element.attributes["time"] ?? "0.000"
      if element.name != "testcase",
        time.wholeMatch(of: /(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?/) == nil
      {
        broken.append("\(element.name)/@time is \(time)")
      }
      return broken
    }
  }
}
