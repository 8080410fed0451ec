// Adding a kind is one file and one line: done in a scratch copy of the house, which is then built.

import Foundation
import Testing

/// `TAKEOVER_SCRATCH=1`: it builds the program anew, which takes minutes.
@Suite(.alone, .enabled(if: ProcessInfo.processInfo.environment["TAKEOVER_SCRATCH"] != nil))
struct `A kind added to a scratch copy` {
  private static let file = """
    package import TakeoverModel

    package struct HouseFire: Fault {
      package static let declaration = FaultDeclaration(
        kind: "house-fire", summary: "set the house on fire", effect: "everybody moves out",
        parameters: [Parameter("rooms", .count(1...9), required: true, summary: "how many burn")])

      package init(_ arguments: Arguments) throws(Complaint) {}

      package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
        Procedure(
          inject: [Command("ignite")], confirm: [Command("burns")], heal: [Command("douse")],
          confirmHealed: [Command("cold")])
      }
    }

    """

  @Test func `is in kinds, in the schema and in validation`() async throws {
    let house = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let scratch = URL(filePath: NSTemporaryDirectory())
      .appending(path: "takeover-scratch-\(UUID().uuidString)")
    let files = FileManager.default
    try files.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: scratch) }
    for name in ["Package.swift", "Sources", "Tests"] {
      try files.copyItem(at: house.appending(path: name), to: scratch.appending(path: name))
    }
    try files.copyItem(
      at: house.appending(path: "Plans/labs/keepalived-pair.yaml"),
      to: scratch.appending(path: "lab.yaml"))
    let faults = scratch.appending(path: "Sources/TakeoverPlan/Faults")
    try Self.file.write(
      to: faults.appending(path: "HouseFire.swift"), atomically: true, encoding: .utf8)
    let catalog = faults.appending(path: "FaultCatalog.swift")
    try String(contentsOf: catalog, encoding: .utf8)
      .replacing("    StopService.self,\n", with: "    StopService.self,\n    HouseFire.self,\n")
      .write(to: catalog, atomically: true, encoding: .utf8)

    let built = try await Running(
      "/usr/bin/env", ["swift", "build", "--product", "takeover"], in: scratch.path
    ).wait(atMost: .seconds(280))
    try #require(built.status == 0, "\(built.output)\(built.messages)")
    let binary = scratch.appending(path: ".build/debug/takeover").path
    func run(_ words: String...) async throws -> Workplace.Ended {
      try await Running(binary, words, in: scratch.path).wait()
    }
    #expect(try await run("kinds").output.contains("house-fire"))
    #expect(try await run("schema", "plan").output.contains("\"const\": \"house-fire\""))
    let plan = """
      version: 1
      name: fire
      site: lab.yaml
      trials:
        - {name: one, fault: house-fire, ROOMS hold: 1s, expect: {failback: allowed}}

      """
    for (rooms, status) in [("rooms: 3,", Int32(0)), ("", 65), ("rooms: 30,", 65)] {
      try plan.replacing("ROOMS", with: rooms)
        .write(to: scratch.appending(path: "fire.yaml"), atomically: true, encoding: .utf8)
      let ended = try await run("validate", "fire.yaml")
      #expect(ended.status == status, "\(rooms): \(ended.output)\(ended.messages)")
    }
  }
}
