// Where a run leaves its files: Reports/<run>/, and Reports/latest pointing there.

internal import Foundation
internal import TakeoverModel

package struct RunFolder: Sendable {
  /// The folder's own path, as the user would type it.
  let path: String

  var journal: String { path + "/journal.jsonl" }
  var undo: String { path + "/undo.jsonl" }
  var capture: String { path + "/capture.pcapng" }
  /// What another machine's tcpdump captured at a point.
  func capture(through point: String) -> String { path + "/capture-\(point).pcapng" }
  /// The capture with words beside its decisive frames.
  var evidence: String { path + "/evidence.pcapng" }
  func evidence(through point: String) -> String { path + "/evidence-\(point).pcapng" }
  var name: String { String(path.split(separator: "/").last ?? "") }

  init(path: String) { self.path = path }

  /// A new folder below `root`, named by the instant and by what is run; `latest` points to it.
  static func create(in root: String, called name: String, at date: Date = Date()) throws
    -> RunFolder
  {
    let files = FileManager.default
    try files.createDirectory(atPath: root, withIntermediateDirectories: true)
    let format = Date.ISO8601FormatStyle(
      dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
    let stem = "\(date.formatted(format))-\(plain(name))"
    var folder = stem
    var number = 2
    while files.fileExists(atPath: "\(root)/\(folder)") {
      folder = "\(stem)-\(number)"
      number += 1
    }
    do {
      try files.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: false)
    } catch {
      throw Complaint(
        "\(root)/\(folder) cannot be made: \(error.localizedDescription)",
        remedy: "choose another folder with --output")
    }
    point("\(root)/latest", to: folder)
    return RunFolder(path: "\(root)/\(folder)")
  }

  /// Replaces the symbolic link in one step, so that `latest` always leads somewhere. A `latest`
  /// that is not a link belongs to somebody else and is left alone.
  private static func point(_ link: String, to folder: String) {
    let files = FileManager.default
    let attributes = try? files.attributesOfItem(atPath: link)
    if let type = attributes?[.type] as? FileAttributeType, type != .typeSymbolicLink { return }
    let temporary = "\(link).\(ProcessInfo.processInfo.processIdentifier)"
    try? files.createSymbolicLink(atPath: temporary, withDestinationPath: folder)
    if unsafe rename(temporary, link) != 0 { try? files.removeItem(atPath: temporary) }
  }

  private static func plain(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(60))
  }

  /// Writes a file whole or not at all, by another that takes its place. What is no file but a device, a
  /// pipe or a link stays what it is, and is written to: /dev/null is everybody's.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(bytes).write(
        to: URL(fileURLWithPath: path), options: isReplaceable(path) ? .atomic : [])
    } catch {
      throw Complaint(
        "\(path) cannot be written: \(error.localizedDescription)",
        remedy: "free space there, or choose another place")
    }
  }

  private static func isReplaceable(_ path: String) -> Bool {
    var information = stat()
    guard unsafe lstat(path, &information) == 0 else { return true }
    return information.st_mode & S_IFMT == S_IFREG
  }

  func write(_ bytes: [UInt8], as name: String) throws {
    try Self.write(bytes, to: "\(path)/\(name)")
  }
}
