// The user's own files for a lab's nodes: found beside the lab file, and known by their content.

internal import Foundation
internal import TakeoverModel

enum LabFiles {
  /// The lab with each folder of files as an absolute path and with its content's digest.
  static func found(_ lab: LabDescription, besides path: String) throws(Ending) -> LabDescription {
    var lab = lab
    for index in lab.nodes.indices {
      lab.nodes[index].files = try lab.nodes[index].files.map {
        files throws(Ending) in try found(files, besides: path)
      }
    }
    for index in lab.machines.indices {
      lab.machines[index].files = try lab.machines[index].files.map {
        files throws(Ending) in try found(files, besides: path)
      }
    }
    return lab
  }

  private static func found(
    _ files: LabNode.Files, besides path: String
  ) throws(Ending) -> LabNode.Files {
    let base = URL(filePath: path).absoluteURL.deletingLastPathComponent()
    let folder = URL(filePath: files.folder, relativeTo: base).standardizedFileURL.path
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue, let names = FileManager.default.subpaths(atPath: folder)
    else {
      throw Ending(
        .notFound, "there is no folder \(folder), whose files \(path) lays over a node's disk",
        remedy: "files: names a folder beside the lab file")
    }
    var content: [UInt8] = []
    for name in names.sorted() {
      let file = "\(folder)/\(name)"
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
      let bytes = FileManager.default.contents(atPath: file).map { [UInt8]($0) } ?? []
      // Each part is as long as it says: no two folders are alike by chance of their cuts.
      content += Array("\(name.utf8.count) \(name) \(mode) \(bytes.count)\n".utf8) + bytes
    }
    let digest = SHA256.digest(content).prefix(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return LabNode.Files(folder: folder, digest: digest.joined())
  }
}
