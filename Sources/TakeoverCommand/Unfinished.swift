// Runs that ended without healing what they had broken, found by their undo logs.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

struct Unfinished {
  let folder: RunFolder
  /// What nobody has shown to be whole, as it was written down before the blows.
  let entries: [UndoLog.Entry]

  /// nil: nothing is open there, or the run still lives.
  init?(in folder: RunFolder) {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder.undo)) else { return nil }
    entries = UndoLog.open(in: Array(bytes))
    guard !entries.isEmpty, !UndoLog.isInUse(folder.undo) else { return nil }
    self.folder = folder
  }

  var nodes: [String] { Set(entries.map(\.node)).sorted() }

  /// The site as it was when the run began: the journal's first line.
  func site() throws -> Site {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.journal))
    let first = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    guard case .runBegan(let header)? = try JournalReader.read(first).first?.event else {
      throw Complaint(
        "\(folder.journal) does not say where the run was",
        remedy: "takeover heal --site with the site's file")
    }
    return header.site
  }

  /// How many runs are looked through: the latest by name, which begins with the time.
  private static let most = 100

  static func all(in root: String) -> [Unfinished] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { $0 != "latest" }.sorted().suffix(most)
      .compactMap { Unfinished(in: RunFolder(path: "\(root)/\($0)")) }
  }

  /// What the next start says of it.
  var words: String {
    "takeover: the run \(folder.name) ended before \(nodes.joined(separator: " and ")) "
      + "\(nodes.count == 1 ? "was" : "were") shown to be whole: takeover heal \(folder.path)"
  }
}
