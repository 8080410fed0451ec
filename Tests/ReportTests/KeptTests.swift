// The checks of held connections and of requests on kept ones: each catches its case, passes the healthy
// one, and says unknown where it cannot know. The blow falls at 8000 and is acknowledged by 8000.4.

import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

/// What a client with kept connections sees, in milliseconds on the run's axis.
private struct KeptClient {
  var keeping: Keeping
  var observations: [Observation] = []
  private var sequence = 0

  init(_ keeping: Keeping) { self.keeping = keeping }

  private var source: String { keeping == .held ? "client/held" : "client/requests" }
  private var period: Double { keeping == .held ? 100 : 20 }

  mutating func connection(_ number: Int, _ end: Fate?, from: Double, to: Double) {
    observations.append(
      Observation(
        when: Interval(Scenario.at(from), Scenario.at(to)), source: source,
        event: .connection(
          ConnectionSeen(
            vantage: "client", keeping: keeping, address: Scenario.address, connection: number,
            end: end))))
  }

  /// `until` nil: pending, as it is told at `told`.
  mutating func request(
    on number: Int, sent: Double, _ fate: Fate, until: (Double, Double)?, told: Double = 0,
    status: Int? = nil, by: String? = nil, acknowledged: Bool? = nil, again: Bool = false,
    isNext: Bool = true
  ) {
    if isNext { sequence += 1 }
    let when = until.map { Interval(Scenario.at($0.0), Scenario.at($0.1)) }
    observations.append(
      Observation(
        when: Interval(Scenario.at(sent), when?.latest ?? Scenario.at(told)), source: source,
        event: .request(
          RequestSeen(
            vantage: "client", keeping: keeping, address: Scenario.address, connection: number,
            sequence: sequence, sent: Scenario.at(sent), period: Int64(period * 1_000_000),
            fate: fate, until: when, status: status, via: by, server: by == nil ? nil : "web1",
            isAcknowledged: acknowledged, isRetried: again ? true : nil))))
  }

  /// Served once a period, each in a millisecond.
  mutating func served(on number: Int, from: Double, to: Double, by: String) {
    for sent in stride(from: from, to: to, by: period) {
      request(
        on: number, sent: sent, .answered, until: (sent + 1, sent + 1), status: 200, by: by)
    }
  }
}

@Suite struct `Kept connections` {
  /// A graceful stop, at a site where a client with such connections watches.
  private static func scenario(_ check: String, _ value: ParameterValue, _ client: KeptClient)
    -> Scenario
  {
    var scenario = Scenario.gracefulStop(.one(check, value))
    scenario.site.probing.held = client.keeping == .held ? .milliseconds(100) : nil
    scenario.site.probing.requests = client.keeping == .pooled ? .milliseconds(20) : nil
    scenario.extra = client.observations
    return scenario
  }

  private static func recovers(_ limit: Duration, _ client: KeptClient) throws -> Finding {
    try scenario("established-recovers-within", .duration(limit), client).finding()
  }

  private static func resets(_ limit: Duration, _ client: KeptClient) throws -> Finding {
    try scenario("established-reset-within", .duration(limit), client).finding()
  }

  // MARK: Held

  private static func healthy() -> KeptClient {
    var client = KeptClient(.held)
    client.served(on: 1, from: 5_000, to: 20_000, by: "a")
    return client
  }

  /// Asked at 8050, reset 417 ms later, and another one made.
  private static func reset() -> KeptClient {
    var client = KeptClient(.held)
    client.served(on: 1, from: 5_050, to: 8_050, by: "a")
    client.request(on: 1, sent: 8_050, .reset, until: (8_460, 8_470))
    client.connection(1, .reset, from: 8_460, to: 8_470)
    client.connection(2, nil, from: 8_500, to: 8_501)
    client.served(on: 2, from: 8_550, to: 20_000, by: "b")
    return client
  }

  /// Silent from 8050 on: it recovers at `until`, or is still silent at the trial's end.
  private static func silent(until: Double?, acknowledged: Bool? = nil) -> KeptClient {
    var client = KeptClient(.held)
    client.served(on: 1, from: 5_050, to: 8_050, by: "a")
    client.request(on: 1, sent: 8_050, .pending, until: nil, told: 8_550)
    for told in stride(from: 9_050.0, through: min(until ?? 19_550, 19_550), by: 500) {
      client.request(
        on: 1, sent: 8_050, .pending, until: nil, told: told, acknowledged: acknowledged,
        isNext: false)
    }
    if let until {
      client.request(
        on: 1, sent: 8_050, .answered, until: (until, until), status: 200, by: "a", isNext: false)
      client.served(on: 1, from: until + 50, to: 20_000, by: "a")
    }
    return client
  }

  @Test func `one that stands all the while recovers at once`() throws {
    let finding = try Self.recovers(.milliseconds(50), Self.healthy())
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "client's connection 1 to 172.17.16.3 (a/web1) waited for 1.000 ms ± 0 ns for an answer; "
        + "the limit is 50ms.", "\(finding.sentence)")
    #expect(try Self.resets(.milliseconds(50), Self.healthy()).outcome == .pass)
  }

  @Test func `one that is reset does not recover, and its client knows within the time`() throws {
    let finding = try Self.recovers(.seconds(5), Self.reset())
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "client's connection 1 to 172.17.16.3 (a/web1) was reset 465 ms ± 5.2 ms after the blow, "
        + "so it could not recover; the limit is 5s.", "\(finding.sentence)")
    let told = try Self.resets(.seconds(1), Self.reset())
    #expect(told.outcome == .pass)
    #expect(told.measured == Elapsed(atLeast: .milliseconds(410), atMost: .milliseconds(420)))
    #expect(told.sentence.contains("for an answer, and was reset"), "\(told.sentence)")
    #expect(try Self.resets(.milliseconds(400), Self.reset()).outcome == .fail)
    #expect(try Self.resets(.milliseconds(415), Self.reset()).outcome == .unknown)
  }

  @Test func `one that recovers is judged by the time it was silent`() throws {
    let client = Self.silent(until: 10_050)
    #expect(try Self.recovers(.seconds(3), client).outcome == .pass)
    let finding = try Self.recovers(.seconds(1), client)
    #expect(finding.outcome == .fail)
    #expect(finding.measured == Elapsed(exactly: .seconds(2)))
  }

  @Test func `one that is silent to the end fails, or nobody knows yet`() throws {
    let client = Self.silent(until: nil, acknowledged: false)
    for finding in [try Self.recovers(.seconds(5), client), try Self.resets(.seconds(5), client)] {
      #expect(finding.outcome == .fail)
      #expect(
        finding.sentence
          == "client's connection 1 to 172.17.16.3 (a/web1) had no answer for at least 11.500 s and "
          + "until the end; its request had not arrived anywhere; the limit is 5s.",
        "\(finding.sentence)")
    }
    #expect(try Self.resets(.seconds(30), client).outcome == .unknown)
    let hung = try Self.resets(.seconds(5), Self.silent(until: nil, acknowledged: true))
    #expect(hung.sentence.contains("though its request had arrived"))
  }

  @Test func `one that is made after the blow is held to the promise, too`() throws {
    var client = Self.reset()
    client.observations.removeAll { $0.when.latest > Scenario.at(15_000) }
    client.request(on: 2, sent: 15_050, .reset, until: (18_050, 18_060))
    client.connection(2, .reset, from: 18_050, to: 18_060)
    client.connection(3, nil, from: 18_100, to: 18_101)
    client.served(on: 3, from: 18_150, to: 20_000, by: "a")
    let finding = try Self.resets(.seconds(2), client)
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("client's connection 2 to"), "\(finding.sentence)")
  }

  @Test func `one that was silent when the blow fell, or gone, is not judged`() throws {
    var client = KeptClient(.held)
    client.served(on: 1, from: 4_000, to: 5_000, by: "a")
    client.request(on: 1, sent: 5_050, .pending, until: nil, told: 8_550)
    client.request(on: 1, sent: 5_050, .pending, until: nil, told: 19_550, isNext: false)
    #expect(try Self.resets(.seconds(5), client).outcome == .unknown)
    client.served(on: 2, from: 5_550, to: 20_000, by: "a")
    #expect(try Self.resets(.seconds(5), client).outcome == .pass)
    #expect(try Self.recovers(.seconds(5), client).outcome == .pass)
  }

  @Test func `none at all is unknown, and so is a witness that was silent itself`() throws {
    #expect(try Self.recovers(.seconds(5), KeptClient(.held)).outcome == .unknown)
    #expect(try Self.resets(.seconds(5), KeptClient(.held)).outcome == .unknown)
    var client = Self.healthy()
    client.observations.removeAll { $0.when.latest > Scenario.at(12_000) }
    let result = try Self.scenario(
      "established-recovers-within", .duration(.seconds(5)), client
    ).result()
    #expect(
      result.timeline.doubts.contains { $0.hasPrefix("client/held asked nothing in the last") })
    #expect(result.outcome == .unknown)
  }

  // MARK: Requests

  private static func failed(_ most: Int, _ client: KeptClient) throws -> Finding {
    try scenario("requests-failed-at-most", .count(most), client).finding()
  }

  private static func slowest(_ limit: Duration, _ client: KeptClient) throws -> Finding {
    try scenario("slowest-request-within", .duration(limit), client).finding()
  }

  /// Ten fail, one is sent again, and one is answered by an error.
  private static func outage() -> KeptClient {
    var client = KeptClient(.pooled)
    client.served(on: 1, from: 5_010, to: 8_010, by: "a")
    for sent in stride(from: 8_010.0, to: 8_210, by: 20) {
      client.request(on: 2, sent: sent, .refused, until: (sent, sent + 1))
    }
    client.request(
      on: 3, sent: 8_210, .answered, until: (8_510, 8_510), status: 200, by: "b", again: true)
    client.request(on: 3, sent: 8_230, .answered, until: (8_231, 8_231), status: 503)
    client.served(on: 3, from: 8_520, to: 20_000, by: "b")
    return client
  }

  @Test func `requests that fail are counted, by what became of them`() throws {
    let finding = try Self.failed(10, Self.outage())
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix(
        "11 of 586 requests failed, client to 172.17.16.3: 11 (10 refused, 1 503) within 221.00"),
      "\(finding.sentence)")
    #expect(finding.sentence.hasSuffix("; allowed are 10."))
    #expect(try Self.failed(11, Self.outage()).outcome == .pass)
    var client = KeptClient(.pooled)
    client.served(on: 1, from: 5_010, to: 20_000, by: "a")
    #expect(try Self.failed(0, client).outcome == .pass)
  }

  @Test func `what never left may have failed`() throws {
    var client = KeptClient(.pooled)
    client.served(on: 1, from: 5_010, to: 19_000, by: "a")
    client.request(on: 0, sent: 19_010, .unsent, until: (19_010, 19_010))
    client.served(on: 1, from: 19_030, to: 20_000, by: "a")
    #expect(try Self.failed(0, client).outcome == .unknown)
    #expect(try Self.failed(1, client).outcome == .pass)
    #expect(try Self.failed(0, KeptClient(.pooled)).outcome == .unknown)
  }

  @Test func `the slowest good answer counts, with what had to be sent again`() throws {
    let finding = try Self.slowest(.milliseconds(200), Self.outage())
    #expect(finding.outcome == .fail)
    #expect(finding.measured == Elapsed(exactly: .milliseconds(300)))
    #expect(try Self.slowest(.milliseconds(400), Self.outage()).outcome == .pass)
    #expect(try Self.slowest(.seconds(1), KeptClient(.pooled)).outcome == .unknown)
  }

  // MARK: Reports

  @Test func `the reports say what became of them`() throws {
    var scenario = Self.scenario("requests-failed-at-most", .count(10), Self.outage())
    scenario.site.probing.held = .milliseconds(100)
    scenario.extra += Self.reset().observations
    let report = try scenario.judged()
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    for words in [
      "| client's connection 1 to 172.17.16.3 (a/web1) | was reset 465 ms ± 5.2 ms after the blow;",
      "| client's connection 2 to 172.17.16.3 (b/web1) | made 500.3 ms ± 700 µs after the blow, stood from then on;",
      "| client's requests to 172.17.16.3 | 586, failed 11 (10 refused, 1 503) within",
      "sent again 1, slowest 300.000 ms ± 0 ns; by b/web1: 575",
    ] { #expect(markdown.contains(words), "\(words)\n\(markdown)") }
    let results = String(decoding: ResultsReport().render(report), as: UTF8.self)
    for words in ["\"fate\": \"reset\"", "\"refused\": 10", "\"503\": 1", "\"b/web1\": 575"] {
      #expect(results.contains(words), "\(words)")
    }
    let schema = try SchemaChecker(ResultsSchema.text)
    #expect(try schema.complaints(about: ResultsReport().render(report)) == [])
    let junit = String(decoding: JUnitReport().render(report), as: UTF8.self)
    #expect(junit.contains("takeover.requests-failed-at-most"))
    #expect(junit.contains("client's requests to 172.17.16.3"))
  }

  @Test func `a held connection that ends is told of as it happens, once`() throws {
    var scenario = Self.scenario("requests-failed-at-most", .count(10), Self.reset())
    scenario.site.probing.requests = nil
    var line = MarkLine()
    var stood = KeptClient(.held)
    stood.connection(1, nil, from: 4_900, to: 4_901)
    scenario.extra += stood.observations
    let lines = scenario.observations.flatMap { line.see($0) }
    #expect(lines.count { $0.contains("client's connection 1 to 172.17.16.3 was reset") } == 1)
  }
}
