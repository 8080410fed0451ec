// Every file under Plans/ is read without a word; broken in any way, it is refused without a trap.

import Foundation
import TakeoverModel
import TakeoverPlan
import TestSupport
import Testing

@Suite struct PlansTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Plans")

  /// Path below Plans/ and text.
  static func files() throws -> [(path: String, text: String)] {
    let all = FileManager.default.enumerator(atPath: folder.path)
    let paths = (all?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    return try paths.map { path in
      (path, try String(contentsOf: folder.appending(path: path), encoding: .utf8))
    }
  }

  /// Whether something was read, and what was said.
  static func read(_ text: String, _ path: String) -> (Bool, [Diagnostic]) {
    switch FileKind(ofText: text) {
    case .plan:
      let (plan, diagnostics) = Sample.planReader.read(text: text, path: path)
      return (plan != nil, diagnostics)
    case .site:
      let (site, diagnostics) = SiteReader().read(text: text, path: path)
      return (site != nil, diagnostics)
    case .lab:
      let (lab, diagnostics) = LabReader().read(text: text, path: path)
      return (lab != nil, diagnostics)
    }
  }

  @Test func `every file is what its folder says and is read without a diagnostic`() throws {
    let files = try Self.files()
    #expect(files.count >= 10)
    for (path, text) in files {
      let kind = FileKind(ofText: text)
      let expected: FileKind =
        path.hasPrefix("labs/") ? .lab : path.hasPrefix("sites/") ? .site : .plan
      #expect(kind == expected, "\(path)")
      let (wasRead, diagnostics) = Self.read(text, path)
      #expect(wasRead, "\(path)")
      #expect(diagnostics.map(\.rendered) == [], "\(path)")
    }
  }

  @Test func `every fault of every plan can be planned for every node of a pair`() throws {
    for (path, text) in try Self.files() where FileKind(ofText: text) == .plan {
      let plan = try #require(Sample.planReader.read(text: text, path: path).0)
      let isWindows = plan.site?.hasSuffix("windows-cluster.yaml") == true
      var site = isWindows ? `Faults of a Windows node`.site : FaultTests.site()
      // What every node of a lab has besides.
      for index in site.nodes.indices where !isWindows {
        site.nodes[index].services["haproxy"] = .unit("haproxy")
        site.nodes[index].services["postgresql"] = .unit("postgresql")
      }
      for trial in plan.trials {
        for node in site.nodes {
          let procedure = try FaultCatalog.faults.procedure(of: trial.fault, on: node, in: site)
          #expect(!procedure.inject.isEmpty && !procedure.confirm.isEmpty, "\(path)")
          #expect(!procedure.heal.isEmpty && !procedure.confirmHealed.isEmpty, "\(path)")
        }
      }
    }
  }

  @Test func `a site or lab that a plan names exists`() throws {
    for (path, text) in try Self.files() where FileKind(ofText: text) == .plan {
      guard let site = Sample.planReader.read(text: text, path: path).0?.site else { continue }
      let file = Self.folder.appending(path: path).deletingLastPathComponent().appending(path: site)
      #expect(FileManager.default.fileExists(atPath: file.path), "\(path): \(site)")
    }
  }

  /// Something was read, or an error says why not; and every place lies in the text.
  static func holds(_ text: String) -> Bool {
    let (wasRead, diagnostics) = read(text, "fuzz.yaml")
    let refused = diagnostics.contains { $0.severity == .error }
    let placed = diagnostics.allSatisfy {
      $0.span.line >= 1 && $0.span.column >= 1 && !$0.rendered.isEmpty
    }
    return wasRead != refused && placed
  }

  @Test func `truncated anywhere, every file is read or refused`() throws {
    // Every prefix of each would take a minute (TAKEOVER_FUZZ): each file is cut at other places.
    let step = Fuzz.count == nil ? 17 : 1
    for (index, (path, text)) in try Self.files().enumerated() {
      let bytes = Array(text.utf8)
      for length in stride(from: index % step, to: bytes.count, by: step) {
        let part = String(decoding: bytes[..<length], as: UTF8.self)
        if !Self.holds(part) { Issue.record("\(path) up to byte \(length)") }
      }
    }
  }
}
