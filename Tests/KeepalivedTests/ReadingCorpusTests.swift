// The corpus: small configurations, good and bad, with what the daemons of three Debian suites said
// about each (`keepalived --config-test`). The end-to-end tests ask the daemon again.

import Foundation
import TakeoverKeepalived
import Testing

@Suite struct `The corpus of configurations` {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path() + "Corpus"
  static let versions: [DaemonVersion] = [.bullseye, .bookworm, .trixie]

  /// By file: whether each version refuses it.
  static func verdicts() throws -> [(file: String, isRefused: [Bool])] {
    try String(contentsOfFile: folder + "/verdicts.txt", encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { line in
        let words = line.split(separator: " ")
        return (String(words[0]), words.dropFirst().map { $0 != "ok" })
      }
  }

  @Test func `what each daemon refuses is refused, and nothing else`() throws {
    let verdicts = try Self.verdicts()
    #expect(verdicts.count >= 260)
    for (file, isRefused) in verdicts {
      let disk = DiskFiles(directory: Self.folder)
      let path = Self.folder + "/" + file
      let bytes = try #require(disk.bytes(path))
      for (version, isRefused) in zip(Self.versions, isRefused) {
        let reader = ConfigurationReader(host: Reader.host(version), files: disk.files)
        let configuration = reader.read(bytes, at: path)
        #expect(configuration.isRefused == isRefused, "\(version) \(file): \(configuration.words)")
      }
    }
  }

  @Test func `every file of the corpus has its verdict`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".conf") }
    #expect(try files.sorted() == Self.verdicts().map(\.file).sorted())
  }
}
