// What becomes of a place that a report is written to.

internal import Foundation
internal import TakeoverCommand
internal import Testing

@Suite struct RunFolderTests {
  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/takeover-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  /// The device itself is not risked.
  @Test func `what leads to a device is written to, and stays`() throws {
    try Self.inFolder { folder in
      let files = FileManager.default
      let link = folder + "/nowhere"
      try files.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
      try RunFolder.write(Array("report".utf8), to: link)
      #expect(try files.destinationOfSymbolicLink(atPath: link) == "/dev/null")
      #expect(try files.contentsOfDirectory(atPath: folder) == ["nowhere"])
    }
  }

  @Test func `a link to a file stays a link, and the file has the report`() throws {
    try Self.inFolder { folder in
      let files = FileManager.default
      try Data("old and longer".utf8).write(to: URL(filePath: folder + "/file"))
      try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "file")
      try RunFolder.write(Array("report".utf8), to: folder + "/link")
      #expect(try files.destinationOfSymbolicLink(atPath: folder + "/link") == "file")
      #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "report")
    }
  }

  @Test func `a file that is there is replaced as a whole, and one that is not is made`() throws {
    try Self.inFolder { folder in
      for text in ["long and old", "new"] {
        try RunFolder.write(Array(text.utf8), to: folder + "/deep/file")
        #expect(try String(contentsOfFile: folder + "/deep/file", encoding: .utf8) == text)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/deep") == ["file"])
    }
  }
}
