// What a CI is told, and where it finds a case's pictures.

import Foundation
import TakeoverCommand
import TakeoverModel
import Testing

@Suite struct `Continuous integration` {
  private static func place(
    _ folder: String, _ environment: [String: String] = [:], here: String = "/builds/shop"
  ) -> String {
    ContinuousIntegration.place(of: folder, environment: environment, here: here)
  }

  @Test func `a folder is named from the project's root, else from here, else as a whole`() {
    #expect(Self.place("Reports/x") == "Reports/x")
    #expect(Self.place("/builds/shop/Reports/x") == "Reports/x")
    #expect(Self.place("/elsewhere/x") == "/elsewhere/x")
    #expect(Self.place("../Reports/x", here: "/builds/shop/tests") == "/builds/shop/Reports/x")
    let gitlab = ["CI_PROJECT_DIR": "/builds/shop"]
    #expect(Self.place("Reports/x", gitlab, here: "/builds/shop/tests") == "tests/Reports/x")
    let jenkins = ["WORKSPACE": "/builds/shop/"]
    #expect(Self.place("../Reports/x", jenkins, here: "/builds/shop/tests") == "Reports/x")
    #expect(Self.place("Reports/x", ["WORKSPACE": "relative"]) == "Reports/x")
    #expect(Self.place("Reports/x", ["WORKSPACE": "/"]) == "Reports/x")
    // A folder beside it whose name begins alike is another one.
    #expect(Self.place("/builds/shop-2/x") == "/builds/shop-2/x")
  }

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/takeover-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `by a link to it the same run has the same path`() throws {
    try Self.withFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: folder + "/run", withIntermediateDirectories: true)
      try files.createSymbolicLink(atPath: folder + "/latest", withDestinationPath: "run")
      #expect(Self.place(folder + "/latest", here: folder) == "run")
      #expect(Self.place("latest", here: folder) == "run")
    }
  }

  private static let report = Report(
    header: RunHeader(
      run: "r", version: "1", origin: 0, plans: [],
      site: Site(name: "s", environment: .lab, nodes: [], addresses: [])),
    nodes: [], trials: [], end: RunEnd(reason: .completed), outcome: .unknown)

  @Test func `a summary is appended to what a step has written before`() throws {
    try Self.withFolder { folder in
      let path = folder + "/summary.md"
      try ContinuousIntegration.append(Self.report, toSummary: path)
      let once = try String(contentsOfFile: path, encoding: .utf8)
      #expect(once.hasPrefix("# UNKNOWN: no trial was planned"))
      try ContinuousIntegration.append(Self.report, toSummary: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == once + "\n" + once)
    }
  }

  @Test func `a full summary is left as it is, with words`() throws {
    try Self.withFolder { folder in
      let path = folder + "/summary.md"
      let full = Data(repeating: UInt8(ascii: "x"), count: 999_990)
      try full.write(to: URL(fileURLWithPath: path))
      #expect(throws: Complaint.self) {
        try ContinuousIntegration.append(Self.report, toSummary: path)
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == full)
    }
  }
}
