// What the machine that Takeover runs on must have for a site, and for its reports.

internal import Foundation
internal import TakeoverModel
internal import TakeoverRun

enum HereVisit {
  /// A night's captures and journals seldom need more.
  private static let room = Int64(1) << 30

  static func look(
    for site: Site, output: String
  ) async -> [(need: String, cell: NeedsTable.Cell)] {
    var found: [(need: String, cell: NeedsTable.Cell)] = []
    let missing = Privileges.own.missing(for: site)
    found.append(
      (
        "may capture and ask as the site says",
        missing.map { NeedsTable.Cell.missing(problem: $0.problem, remedy: $0.remedy) } ?? .good
      ))
    let interfaces =
      site.captures.filter { $0.through == nil && $0.namespace == nil }.map(\.interface)
      + site.vantages.filter { $0.through == nil && $0.namespace == nil }.map(\.interface)
    for interface in Set(interfaces).sorted() {
      found.append(("interface \(interface)", self.interface(interface)))
    }
    let keys = (site.nodes.map(\.reach) + site.machines.map(\.reach)).compactMap(\.identity)
    for key in Set(keys).sorted() {
      found.append(
        (
          "key \(key)",
          FileManager.default.isReadableFile(atPath: key)
            ? .good
            : .missing(
              problem: "\(key) cannot be read", remedy: "correct `identity:` in the site")
        ))
    }
    if let cloud = CloudAsked(site) { found += await look(at: cloud) }
    return found + reports(in: output)
  }

  /// What is needed here to ask the control plane, and whether it answers and knows the HAVIPs.
  private static func look(
    at cloud: CloudAsked
  ) async -> [(need: String, cell: NeedsTable.Cell)] {
    var missing = cloud.missing()
    if missing.isEmpty, let trouble = await cloud.trouble() { missing.append(trouble) }
    guard !missing.isEmpty else { return [("the cloud's control plane", .good)] }
    return missing.map {
      (
        "the cloud's control plane: \($0.problem)",
        .missing(problem: $0.problem, remedy: $0.remedy)
      )
    }
  }

  private static func interface(_ name: String) -> NeedsTable.Cell {
    let path = "/sys/class/net/\(name)"
    guard FileManager.default.fileExists(atPath: path) else {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? []
      return .missing(
        problem: "there is no interface \(name)",
        remedy: "correct the site; there are \(names.sorted().joined(separator: ", "))")
    }
    let state = (try? String(contentsOfFile: "\(path)/operstate", encoding: .utf8)) ?? ""
    return state.hasPrefix("down")
      ? .missing(problem: "\(name) is down", remedy: "as root: ip link set dev \(name) up") : .good
  }

  /// Where the reports go, and whether there is room.
  private static func reports(in output: String) -> [(need: String, cell: NeedsTable.Cell)] {
    var folder = URL(fileURLWithPath: output).standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
      folder = folder.deletingLastPathComponent()
    }
    let isWritable = FileManager.default.isWritableFile(atPath: folder.path)
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? .max
    return [
      (
        "\(output) can be written",
        isWritable
          ? .good
          : .missing(
            problem: "nothing can be written in \(folder.path)",
            remedy: "name another folder with --output")
      ),
      (
        "room for reports",
        free >= room
          ? .good
          : .missing(
            problem: "only \(free >> 20) MiB are free in \(folder.path)",
            remedy: "free 1 GiB there, or name another folder with --output")
      ),
    ]
  }
}
