// A node's keepalived configuration with what it includes, and what the node says about itself: for the
// linter, for init's drafts and for the oracle.

internal import Synchronization
internal import TakeoverKeepalived
internal import TakeoverModel

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

  /// The same node with these bytes in one of its files.
  func member(with bytes: [UInt8], at path: String) -> Member {
    var known = texts.mapValues { Optional($0) }
    known[path] = bytes
    let file = member.configuration.file
    guard let facts = member.facts, let main = known[file] ?? nil else { return member }
    return Member(member.name, Self.read(main, at: file, known, facts).0, facts: facts)
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
