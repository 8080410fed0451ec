// TEST-takeover.xml as another reader sees it: parsed by libxml2, not by whoever wrote it.

import Foundation
import FoundationXML
import Testing

/// The cases of a document, and the names of all its elements.
struct JUnitDocument {
  struct Case: Hashable {
    var classname: String
    var name: String
    /// `passed`, `failure`, `error` or `skipped`.
    var status = "passed"
    var attributes: [String: String] = [:]
    /// The text of every element below it, in order.
    var texts: [String] = []
  }

  private(set) var cases: [Case] = []
  private(set) var elements: Set<String> = []

  /// Fails the test when the document is not well-formed.
  init(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(bytes))
    parser.delegate = reader
    let isWellFormed = parser.parse()
    try #require(
      isWellFormed, "\(String(describing: parser.parserError)) at line \(parser.lineNumber)",
      sourceLocation: sourceLocation)
    cases = reader.cases
    elements = reader.elements
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var cases: [Case] = []
    var elements: Set<String> = []
    private var text = ""

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.insert(element)
      text = ""
      switch element {
      case "testcase":
        cases.append(
          Case(
            classname: attributes["classname"] ?? "", name: attributes["name"] ?? "",
            attributes: attributes))
      case "failure", "error", "skipped":
        guard !cases.isEmpty else { return }
        cases[cases.count - 1].status = element
        cases[cases.count - 1].texts.append(attributes["message"] ?? "")
      default: break
      }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
      _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      if !cases.isEmpty, !text.isEmpty, element != "testcase" {
        cases[cases.count - 1].texts.append(text)
      }
      text = ""
    }
  }
}
