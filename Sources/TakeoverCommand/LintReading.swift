// Where the linter's pair comes from: files here, or the nodes of a site, read over their transports.

internal import Foundation
internal import Synchronization
internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct LintReading: Sendable {
  var members: [Member] = []
  var sources = LintSources()

  /// Files of this machine, with what they include.
  static func files(_ paths: [String], named names: [String]) throws -> LintReading {
    var reading = LintReading()
    let disk = DiskFiles(directory: FileManager.default.currentDirectoryPath)
    let called = names.isEmpty ? MemberNames.names(of: paths) : names
    for (path, name) in zip(paths, called) {
      guard let bytes = disk.bytes(path) else {
        throw Ending(
          .notFound, "\(path) cannot be read, or is executable, which keepalived does not read",
          remedy: "name the keepalived.conf of a node")
      }
      let seen = Mutex<[String: [UInt8]]>([path: bytes])
      let files = ConfigurationFiles { pattern in
        let matches = disk.files.matching(pattern)
        seen.withLock { seen in
          for match in matches { seen[match.path] = match.bytes ?? [] }
        }
        return matches
      }
      let configuration = ConfigurationReader(host: Host(), files: files).read(bytes, at: path)
      for (file, bytes) in seen.withLock({ $0 }) { reading.sources.add(bytes, of: name, at: file) }
      reading.add(Member(name, configuration))
    }
    return reading
  }

  private mutating func add(_ member: Member) {
    sources.hide(passwordsOf: member.configuration)
    members.append(member)
  }

  /// Every node of the site.
  static func nodes(of site: Site) async throws -> LintReading {
    try await hosts(site.nodes.map(\.reach), named: site.nodes.map(\.name))
  }

  /// Whoever is reached by these ways.
  static func hosts(_ reaches: [Reach], named names: [String]) async throws -> LintReading {
    var reading = LintReading()
    for (reach, name) in zip(reaches, names) {
      Terminal.note("takeover: reading \(name): \(reach.user)@\(reach.host)")
      let transport = Wiring.transport(to: reach)
      do {
        try await transport.open(within: .seconds(10))
        let look = try await NodeLook.look(at: name, over: transport)
        await transport.close()
        for (file, bytes) in look.texts { reading.sources.add(bytes, of: name, at: file) }
        reading.add(look.member)
      } catch {
        await transport.close()
        throw error
      }
    }
    return reading
  }
}

/// What nodes are called when nobody says: by what tells their files apart.
package enum MemberNames {
  /// `a.conf` and `b.conf` are a and b; `a/keepalived.conf` and `b/keepalived.conf`, too.
  package static func names(of paths: [String]) -> [String] {
    let files = paths.map { path in
      let last = path.split(separator: "/").last.map(String.init) ?? path
      return last.hasSuffix(".conf") && last.count > 5 ? String(last.dropLast(5)) : last
    }
    if Set(files).count == files.count { return files }
    let folders = paths.map { path in
      path.split(separator: "/").dropLast().last.map(String.init) ?? path
    }
    if Set(folders).count == folders.count { return folders }
    return paths.indices.map { "node-\($0 + 1)" }
  }
}
