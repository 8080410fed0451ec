// The schemas: JSON, the same every time, and complete.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct SchemaTests {
  static let plan = Schema.plan(faults: FaultCatalog.faults, checks: Sample.checks)

  @Test(arguments: [plan, Schema.site, Schema.lab])
  func `a schema is JSON of draft 7`(text: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(object?["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    #expect(object?["additionalProperties"] as? Bool == false)
  }

  @Test func `a schema is the same every time`() {
    #expect(Self.plan == Schema.plan(faults: FaultCatalog.faults, checks: Sample.checks))
  }

  @Test func `the plan's schema names every fault, parameter and check`() {
    for declaration in FaultCatalog.faults.kinds.map({ $0.declaration }) {
      #expect(Self.plan.contains("\"const\": \"\(declaration.kind)\""))
      for parameter in declaration.parameters {
        #expect(Self.plan.contains("\"\(parameter.name)\": {"))
      }
    }
    for check in Sample.checks { #expect(Self.plan.contains("\"\(check.name)\": {")) }
  }

  @Test func `the schemas beside the plans are the current ones`() throws {
    for (name, text) in [("site", Schema.site), ("lab", Schema.lab), ("plan", Self.plan)] {
      let file = PlansTests.folder.appending(path: ".schema/\(name).json")
      if !FileManager.default.fileExists(atPath: file.path) {
        try text.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("recorded Plans/.schema/\(name).json: read it")
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == text, "remove \(name).json")
    }
  }
}
