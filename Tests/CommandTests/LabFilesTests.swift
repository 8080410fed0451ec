// A node's own files are found beside the lab file, and known by their content.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverCommand

@Suite struct `Files for a lab's nodes` {
  /// A folder with a lab file's place and a node's files, taken away afterwards.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "takeover-files-\(UInt32.random(in: .min ... .max))"
    let files = FileManager.default
    try files.createDirectory(atPath: folder + "/own/etc", withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    try write("one", to: folder)
    try body(folder)
  }

  private func write(_ text: String, to folder: String) throws {
    try text.write(toFile: folder + "/own/etc/file", atomically: false, encoding: .utf8)
  }

  private func found(_ name: String, besides folder: String) throws -> LabNode.Files? {
    let machine = LabMachine(name: "a", address: .v4(0x0a00_0001), prefix: 24)
    let node = LabNode(machine: machine, priority: 100, files: LabNode.Files(folder: name))
    let lab = LabDescription(
      name: "lab", nodes: [node], clients: [], addresses: [], keepalived: LabKeepalived(),
      machines: [node])
    let read = try LabFiles.found(lab, besides: folder + "/lab.yaml")
    #expect(read.nodes[0].files == read.machines[0].files)
    return read.nodes[0].files
  }

  @Test func `the folder stands beside the lab file`() throws {
    try inFolder { folder in
      let own = try found("own", besides: folder)
      #expect(own?.folder.hasSuffix("/own") == true)
      #expect(own?.folder.hasPrefix("/") == true)
      #expect(own?.digest.count == 16)
      #expect(try found("./own/", besides: folder)?.digest == own?.digest)
    }
  }

  @Test func `another content or mode is another digest`() throws {
    try inFolder { folder in
      let first = try found("own", besides: folder)?.digest
      #expect(try found("own", besides: folder)?.digest == first)
      try write("two", to: folder)
      let second = try found("own", besides: folder)?.digest
      #expect(second != first)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder + "/own/etc/file")
      #expect(try found("own", besides: folder)?.digest != second)
    }
  }

  @Test func `a folder that is not there is named`() throws {
    try inFolder { folder in
      let ending = #expect(throws: Ending.self) { try found("other", besides: folder) }
      #expect(ending?.status == .notFound)
      #expect(ending?.problem.contains("/other") == true)
      #expect(throws: Ending.self) { try found("own/etc/file", besides: folder) }
    }
  }
}
