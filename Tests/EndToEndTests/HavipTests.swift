// Real pairs in a lab's cloud subnet, by Plans/havip: what the subnet takes is told apart from what the pair
// takes, and where nobody is reached the run says why. All of it runs where TAKEOVER_HAVIP is set, a part
// everywhere.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A pair in a cloud subnet` {
  static let isWhole = ProcessInfo.processInfo.environment["TAKEOVER_HAVIP"] != nil

  /// The parts of an outage, in milliseconds: the least and the most of each.
  private struct Parts {
    var place: String
    var length: [Double]
    var takeover: [Double]
    var lag: [Double]
    var rest: [Double]

    init?(_ part: [String: Any]) {
      func milliseconds(_ key: String) -> [Double]? {
        (part[key] as? [Double]).map { $0.map { $0 / 1e6 } }
      }
      guard let vantage = part["vantage"] as? String, let method = part["method"] as? String,
        let length = milliseconds("length"), let takeover = milliseconds("takeover"),
        let lag = milliseconds("lag"), let rest = milliseconds("rest")
      else { return nil }
      place = "\(vantage)/\(method)"
      (self.length, self.takeover, self.lag, self.rest) = (length, takeover, lag, rest)
    }
  }

  private static func subnet(_ trial: [String: Any]) throws -> [String: Any] {
    try #require(trial["subnet"] as? [String: Any])
  }

  @Test func `has an outage that is the takeover and the subnet's lag`() async throws {
    let lags = Self.isWhole ? [500.0, 4_000, 10_000] : [500]
    try await Workplace.with { place in
      try place.renameLabs()
      let path = place.folder + "/Plans/havip/lag.yaml"
      if !Self.isWhole {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let short = text.replacing(", {lag: 4s}, {lag: 10s}", with: "")
        try #require(short != text)
        try short.write(toFile: path, atomically: true, encoding: .utf8)
      }
      let ended = try await place.run("run", "Plans/havip/lag.yaml")
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      let runs = try place.runs()
      try #require(runs.count == lags.count)
      for (run, lag) in zip(runs, lags) {
        let subnet = try Self.subnet(try #require(try place.trials(of: run).first))
        let parts = (subnet["outages"] as? [[String: Any]] ?? []).compactMap(Parts.init)
        #expect(Set(parts.map(\.place)).isSuperset(of: ["client/echo", "client/connect"]))
        for part in parts {
          #expect(part.rest[0] >= -50 && part.rest[1] <= 50, "\(part)")
          #expect(part.lag[0] >= lag && part.lag[1] <= lag + 50, "\(part)")
        }
        try Self.checkRecord(of: run, in: place)
      }
    }
  }

  /// The control plane saw the address move, and what it was asked with is nowhere.
  private static func checkRecord(of run: String, in place: Workplace) throws {
    let journal = String(decoding: try place.bytes("Reports/\(run)/journal.jsonl"), as: UTF8.self)
    let answers = journal.split(separator: "\n").filter { $0.contains("\"havip-binding\"") }
    #expect(!answers.isEmpty)
    for words in ["\"ins-a\"", "\"ins-b\"", "\"AVAILABLE\""] {
      #expect(answers.contains { $0.contains(words) }, "no answer has \(words)")
    }
    let folder = place.folder + "/Reports/\(run)"
    for file in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
    {
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
      for secret in ["takeover-lab", "Signature="] {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file) has \(secret)")
      }
    }
  }

  @Test(
    .enabled(if: isWhole, "takes TAKEOVER_HAVIP"),
    arguments: ["crash", "called", "configured"])
  func `keeps what its plan expects`(plan: String) async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let ended = try await place.run("run", "Plans/havip/\(plan).yaml")
      let report = String(decoding: try place.bytes("Reports/latest/report.md"), as: UTF8.self)
      #expect(ended.status == 0, "\(ended.messages)\(report)")
    }
  }

  @Test func `that nobody registered is not struck, and the run says why`() async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let ended = try await place.run("run", "Plans/havip/unregistered.yaml")
      #expect(ended.status == 2, "\(ended.messages)\(ended.output)")
      let trial = try #require(try place.trials().first)
      let reason = trial["reason"] as? String ?? ""
      #expect(reason.hasPrefix("There was no blow: the pair was not ready: "), "\(reason)")
      #expect(
        reason.contains(
          "announces 172.17.16.3: 172.17.16.3 is no HAVIP: only a call of the control plane can move it"
        ),
        "\(reason)")
      let journal = String(
        decoding: try place.bytes("Reports/latest/journal.jsonl"), as: UTF8.self)
      #expect(!journal.contains("\"event\":\"blow\""))
    }
  }

  private static let curl = ["/usr/bin/curl", "/usr/local/bin/curl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// As a real cloud's control plane is asked: by TLS, through the program that knows it.
  @Test(.enabled(if: curl != nil, "needs curl"))
  func `is asked through TLS by curl, and doctor says what is missing`() async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let up = try await place.run("lab", "up", "Plans/labs/havip-pair.yaml")
      try #require(up.status == 0, "\(up.messages)")
      let folder = "/run/takeover/labs/\(place.lab)"
      let text = try String(contentsOfFile: folder + "/site.yaml", encoding: .utf8)
      let secure = text.replacing("\"http://", with: "\"https://")
      try #require(secure != text)
      let path = place.folder + "/secure.yaml"
      try secure.write(toFile: path, atomically: true, encoding: .utf8)
      let asked = try await place.run(
        "doctor", "--site", path, environment: ["CURL_CA_BUNDLE": folder + "/authority.pem"])
      #expect(
        asked.output.contains(/the cloud's control plane +ok/),
        "\(asked.output)\(asked.messages)")
      let untrusted = try await place.run("doctor", "--site", path)
      #expect(
        untrusted.output.contains("→ here: https://"),
        "\(untrusted.output)")
      let nobody = secure.replacing("credentials: \"", with: "credentials: \"/nowhere")
      try nobody.write(toFile: path, atomically: true, encoding: .utf8)
      let without = try await place.run("doctor", "--site", path)
      #expect(without.output.contains("tccli configure"), "\(without.output)")
      // Nothing is broken for a run that could not see.
      let run = try await place.run(
        "run", "Plans/keepalived/link-down.yaml", "--site", path, "--yes")
      #expect(run.status == 77, "\(run.messages)")
    }
  }
}
