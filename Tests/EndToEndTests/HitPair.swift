// A pair on which the harness itself is hit: its nodes' digests, its plans, and what it left behind.

import Foundation
import FoundationXML
import TakeoverModel
import TakeoverPlan
import TakeoverRun
import Testing

/// The whole table and the slow hits run where this is set; a sample of them everywhere.
let hitsAreWhole = ProcessInfo.processInfo.environment["TAKEOVER_HITS"] != nil

struct HitPair: Sendable {
  static let lab = "keepalived-pair"
  let place: Workplace
  let site: Site

  /// Up, calm, and taken away after `body`.
  static func standing(_ body: (HitPair) async throws -> Void) async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", lab)
      try #require(up.status == 0, "\(up.messages)")
      let path = Fabric(lab: place.lab).site
      let text = try String(contentsOfFile: path, encoding: .utf8)
      var site = try #require(SiteReader().read(text: text, path: path).0)
      // Sessions that are cut or stopped are processes of sshd, and seen from outside of SSH.
      for index in site.nodes.indices { site.nodes[index].services["ssh"] = nil }
      let pair = HitPair(place: place, site: site)
      try await pair.calm()
      try await body(pair)
    }
  }

  /// One trial on the holder. `fault`: in YAML, of one line each.
  func plan(
    hold: String = "3s", expect: String = "{takeover-within: 2s}",
    fault: [String] = ["fault: stop-service"]
  ) throws -> String {
    let text = """
      version: 1
      name: hit
      site: ../labs/keepalived-pair.yaml
      lease: 5s
      trials:
        - name: one
          \(fault.joined(separator: "\n    "))
          target: holder
          hold: \(hold)
          expect: \(expect)
      """
    try text.write(
      toFile: place.folder + "/Plans/keepalived/hit.yaml", atomically: true, encoding: .utf8)
    return "Plans/keepalived/hit.yaml"
  }

  // MARK: Nodes

  /// Runs a script as root on a node, not by SSH.
  @discardableResult
  func script(_ body: String, on node: String) async throws -> String {
    let ended = try await place.run("lab", "exec", Self.lab, node, "--", "sh", "-c", body)
    #expect(ended.status == 0, "\(node): \(body): \(ended.messages)")
    return ended.output
  }

  func state(of name: String) async throws -> NodeState {
    let node = try #require(site.node(named: name))
    let digest = NodeDigest.command(for: node, in: site).arguments
    let ended = try await place.start(["lab", "exec", Self.lab, name, "--"] + digest).wait()
    return NodeDigest.state(ended.output, of: node, in: site, touching: Touches())
  }

  func states() async throws -> [String: NodeState] {
    var states: [String: NodeState] = [:]
    for node in site.nodes { states[node.name] = try await state(of: node.name) }
    return states
  }

  /// What differs now, in words.
  func differences(from before: [String: NodeState]) async throws -> [String] {
    var found: [String] = []
    for node in site.nodes {
      let old = try #require(before[node.name])
      found += try await state(of: node.name).differences(from: old, on: node)
        .map { "\(node.name): \($0.words)" }
    }
    return found
  }

  /// How long it takes until both nodes are what they were; nil: longer than `limit`.
  func whole(
    as before: [String: NodeState], within limit: Duration = .seconds(20)
  ) async throws -> Duration? {
    let began = ContinuousClock.now
    var left = try await differences(from: before)
    while !left.isEmpty {
      guard ContinuousClock.now - began < limit else {
        Issue.record("not what it was: \(left)")
        return nil
      }
      try await Task.sleep(for: .milliseconds(100))
      left = try await differences(from: before)
    }
    return ContinuousClock.now - began
  }

  /// Who has the address; waits until somebody does.
  func holder() async throws -> String {
    for _ in 0..<100 {
      for node in site.nodes {
        let found = try await script("ip -o addr show dev eth0", on: node.name)
        if found.contains(" 172.17.16.3/") { return node.name }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    return try #require(nil, "nobody holds the address")
  }

  /// No daemon is still making a child, no address is still tentative.
  private func calm() async throws {
    _ = try await holder()
    var last = try await states()
    for _ in 0..<20 {
      try await Task.sleep(for: .milliseconds(500))
      let now = try await states()
      if now == last { return }
      last = now
    }
    Issue.record("the pair does not become calm")
  }

  /// What a run has left on the nodes: files, and the units of its leases.
  func left() async throws -> String {
    var found = ""
    for node in site.nodes {
      let said = try await script(
        "ls -A /run/takeover 2>/dev/null; ls -A /run/takeover/leases 2>/dev/null;"
          + " systemctl list-units --all --plain --no-legend 'takeover-lease-*'", on: node.name)
      if !said.isEmpty { found += "\(node.name): \(said)" }
    }
    return found
  }

  // MARK: Reports

  func file(_ name: String) -> String {
    ((try? place.bytes("Reports/latest/\(name)")).map { String(decoding: $0, as: UTF8.self) }) ?? ""
  }

  var journal: String { file("journal.jsonl") }
  var junit: String { file("TEST-takeover.xml") }

  /// Whether the JUnit file is one whole XML document.
  func junitIsXML() throws -> Bool {
    XMLParser(data: try place.bytes("Reports/latest/TEST-takeover.xml")).parse()
  }
}
