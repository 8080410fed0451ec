// One suite: a plan on a pair. Its counts are those of its cases.

internal import TakeoverModel

struct JUnitSuite: Sendable {
  var name: String
  /// UTC, without a zone.
  var began: String
  var properties: [(name: String, value: String)]
  var cases: [JUnitCase]

  func element(_ dialect: JUnitReport.Dialect, attachments: [String]) -> XMLElement {
    XMLElement(
      "testsuite",
      [
        ("name", CleanText.line(name)), ("tests", "\(cases.count)"),
        ("failures", "\(cases.count(where: \.isFailure))"),
        ("errors", "\(cases.count(where: \.isError))"),
        ("skipped", "\(cases.count(where: \.isSkipped))"),
        ("time", Self.seconds(cases.map(\.time).reduce(.zero, +))), ("timestamp", began),
      ],
      children: (properties.isEmpty ? [] : [Self.element(properties)])
        + cases.map { $0.element(dialect, attachments: attachments) })
  }

  static func element(_ properties: [(name: String, value: String)]) -> XMLElement {
    XMLElement(
      "properties",
      children: properties.map {
        XMLElement("property", [("name", $0.name), ("value", $0.value)])
      })
  }

  /// Seconds with three decimals.
  static func seconds(_ duration: Duration) -> String {
    let milliseconds = (max(duration, .zero).nanoseconds / 1_000 + 500) / 1_000
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
