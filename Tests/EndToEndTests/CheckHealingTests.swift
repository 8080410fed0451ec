// A check's healing, at every point at which whoever replaced it may have died; on files of this
// machine's temporary folder, by a real shell.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct `The healing of a check` {
  enum Point: String, CaseIterable, Sendable {
    case untouched, linked, written, replaced
  }

  private func run(_ commands: [TakeoverModel.Command]) async throws -> Int32 {
    for command in commands {
      let program = try ChildProgram("/usr/bin/env", command.arguments)
      while program.status == nil { try await Task.sleep(for: .milliseconds(5)) }
      if let status = program.status, status != 0 { return status }
    }
    return 0
  }

  @Test(arguments: Point.allCases)
  func `puts it back from wherever its replacement stood still`(_ point: Point) async throws {
    let folder = NSTemporaryDirectory() + "takeover-check-\(UUID().uuidString)"
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    let path = folder + "/check"
    let original = "#!/bin/sh\nexit 0\n"
    try original.write(toFile: path, atomically: true, encoding: .utf8)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let procedure = try CheckFails(Arguments(["script": .text(path)]))
      .procedure(on: Self.node, in: Self.site)

    switch point {
    case .untouched: break
    case .linked: try files.linkItem(atPath: path, toPath: folder + "/.check.takeover-kept")
    case .written: #expect(try await run(Array(procedure.inject.dropLast())) == 0)
    case .replaced:
      #expect(try await run(procedure.inject + procedure.confirm) == 0)
      #expect(try await run(procedure.confirmHealed) != 0)
    }
    for _ in 0..<2 {
      #expect(try await run(procedure.heal) == 0)
      #expect(try await run(procedure.confirmHealed) == 0)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == original)
      #expect(try files.contentsOfDirectory(atPath: folder) == ["check"])
    }
  }

  private static let node = Node(
    name: "a", reach: Reach(host: "a"), interface: "eth0", addresses: [], services: [:])
  private static let site = Site(
    name: "pair", environment: .lab, nodes: [node], addresses: [])
}
