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

  /// Every node of the site at that path.
  static func nodes(of path: String) async throws -> LintReading {
    let (place, diagnostics) = try Selection.place(at: path)
    guard let place else {
      throw Ending(.planInvalid, diagnostics.joined(separator: "\n"), remedy: "")
    }
    let site = try Wiring.site(of: place)
    return try await hosts(site.nodes.map(\.reach), named: site.nodes.map(\.name))
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

/// One node, looked at with commands that only read.
struct NodeLook: Sendable {
  var member: Member
  var texts: [String: [UInt8]]

  /// Includes within includes: deeper than that nobody looks.
  private static let rounds = 12

  static func look(at name: String, over transport: any Transport) async throws -> NodeLook {
    func ask(_ command: Command) async throws -> String {
      let result = try await transport.run(command, within: NodeQuestions.limit)
      guard !result.truncated else {
        throw Ending(
          .noVerdict, "\(name) says more than is read of one answer",
          remedy: "give the node's files instead of --site")
      }
      return result.text
    }
    let said = try await ask(NodeQuestions.facts)
    var facts = NodeAnswers.facts(said)
    let path = NodeAnswers.configurationFile(said) ?? NodeQuestions.standardFile
    var known: [String: [UInt8]?] = [:]
    var asked: Set<String> = []
    var wanted: Set<String> = [path]
    var configuration = Configuration(file: path)
    for _ in 0..<rounds where !wanted.isEmpty {
      asked.formUnion(wanted)
      let answer = try await ask(NodeQuestions.files(matching: wanted.sorted()))
      for (file, bytes) in NodeAnswers.files(answer) { known[file] = bytes }
      guard let bytes = known[path], let bytes else {
        throw Ending(
          .notFound, "\(name) has no \(path) that keepalived would read",
          remedy: "is keepalived configured there?")
      }
      let (read, missed) = read(bytes, at: path, known, facts)
      configuration = read
      wanted = missed.subtracting(asked)
    }
    let programs = Set(
      configuration.scripts.compactMap(\.program) + configuration.notifyPaths.map(\.path)
    ).filter { $0.hasPrefix("/") }.sorted()
    if !programs.isEmpty {
      facts.files = NodeAnswers.programs(
        try await ask(NodeQuestions.programs(at: programs)), at: programs)
    }
    return NodeLook(
      member: Member(name, configuration, facts: facts), texts: known.compactMapValues { $0 })
  }

  /// The configuration as far as its files are known, and the patterns of those that are not.
  private static func read(
    _ bytes: [UInt8], at path: String, _ known: [String: [UInt8]?], _ facts: NodeFacts
  ) -> (Configuration, Set<String>) {
    let patterns = Mutex<Set<String>>([])
    let files = ConfigurationFiles { pattern in
      let alternatives = GlobPattern.alternatives(of: pattern)
      patterns.withLock { $0.formUnion(alternatives) }
      return alternatives.flatMap { alternative in
        let glob = GlobPattern(alternative)
        return known.keys.sorted().filter(glob.matches).map {
          ConfigurationFiles.Match(path: $0, bytes: known[$0] ?? nil)
        }
      }
    }
    let host = Host(
      version: facts.version.flatMap { DaemonVersion($0) } ?? .bookworm,
      interfaces: facts.interfaces.map { Set($0.map(\.name)) }, directory: "/")
    let read = ConfigurationReader(host: host, files: files).read(bytes, at: path)
    return (read, patterns.withLock { $0 })
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
