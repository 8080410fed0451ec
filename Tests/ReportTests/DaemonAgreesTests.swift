// What the daemons said of themselves beside what the wire and the kernels showed.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `The daemons' own view` {
  private typealias Instance = DaemonView.Instance

  private static func instance(
    _ state: Instance.State?, priority: Int = 100, refused: [DaemonView.Refusal: Int] = [:]
  ) -> Instance {
    Instance(
      name: "web", interface: "eth0", vrid: 51, state: state, priority: 100,
      effectivePriority: priority, addresses: [Scenario.address],
      counters: .init(
        received: 1, sent: 2, becameMaster: 1, releasedMaster: 0, refused: refused))
  }

  private static func view(
    _ node: String, at time: Double, _ instances: Instance..., processes: [Int] = [40, 41],
    trouble: String = ""
  ) -> Observation {
    Observation(
      when: Interval(Scenario.at(time), Scenario.at(time + 200)), source: "run",
      event: .daemonView(
        DaemonView(
          node: node, daemon: "keepalived 2.2.7", means: "JSON", processes: processes,
          instances: instances, trouble: trouble)))
  }

  /// a is stopped and b takes over; both are asked at 7100 and at 18600, and the trial ends at 20000.
  private static func pair(
    before: [Observation]? = nil, after: [Observation]? = nil,
    _ edit: (inout Scenario) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.gracefulStop(.one("daemon-agrees", .text("everywhere")))
    scenario.kernels = [
      .init(node: "a", from: 0, to: 8000), .init(node: "b", from: 8688, to: 30000),
    ]
    scenario.extra +=
      before ?? [view("a", at: 7100, instance(.master)), view("b", at: 7100, instance(.backup))]
    scenario.extra +=
      after ?? [view("a", at: 18_600, instance(.backup)), view("b", at: 18_600, instance(.master))]
    edit(&scenario)
    return scenario
  }

  @Test func `a healthy pair passes, and the sentence says what was compared`() throws {
    let finding = try Self.pair().finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "The daemons said a MASTER, b BACKUP before the blow; a BACKUP, b MASTER at the trial's "
        + "end: as the wire (4 of 4) and the kernels (4 of 4) had it.", "\(finding.sentence)")
  }

  @Test func `a master whose kernel has no address fails`() throws {
    let scenario = Self.pair { scenario in scenario.kernels[1].to = 15_000 }
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "b's keepalived 2.2.7 said MASTER at the trial's end, and its kernel did not have "
        + "172.17.16.3.", "\(finding.sentence)")
  }

  @Test func `an address that a backup's kernel has fails`() throws {
    let finding = try Self.pair { scenario in scenario.kernels[1].from = 0 }.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "b's keepalived 2.2.7 said BACKUP before the blow, and its kernel had 172.17.16.3.",
      "\(finding.sentence)")
  }

  @Test func `whoever advertises and says BACKUP contradicts himself, and the other way round`()
    throws
  {
    let silent = Self.pair(
      before: [
        Self.view("a", at: 5500, Self.instance(.master)),
        Self.view("b", at: 5500, Self.instance(.master)),
      ]) { $0.kernels = [] }
    let finding = try silent.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "b's keepalived 2.2.7 said MASTER before the blow, and it did not advertise.",
      "\(finding.sentence)")
    let shy = Self.pair(
      before: [
        Self.view("a", at: 5500, Self.instance(.fault)),
        Self.view("b", at: 5500, Self.instance(.backup)),
      ]) { $0.kernels = [] }
    #expect(
      try shy.finding().sentence
        == "a's keepalived 2.2.7 said FAULT before the blow, and it advertised.")
  }

  @Test func `two masters that both advertise and have the address are one finding`() throws {
    let scenario = Self.pair(
      after: [
        Self.view("a", at: 18_600, Self.instance(.master)),
        Self.view("b", at: 18_600, Self.instance(.master)),
      ]
    ) { scenario in
      scenario.advertising.append(.init(node: "a", from: 15_000, to: 20_000))
      scenario.kernels[0].to = 30_000
    }
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence == "a and b both said MASTER of 172.17.16.3 at the trial's end.",
      "\(finding.sentence)")
  }

  @Test func `an effective priority that is not the advertised one fails`() throws {
    let scenario = Self.pair(
      after: [
        Self.view("a", at: 18_600, Self.instance(.backup, priority: 60)),
        Self.view("b", at: 18_600, Self.instance(.master, priority: 90)),
      ])
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "b's keepalived 2.2.7 said MASTER at the trial's end with priority 90, and it advertised "
        + "100.", "\(finding.sentence)")
  }

  @Test func `what was not read, not asked, or stands beside nothing is unknown`() throws {
    let none = Scenario.gracefulStop(.one("daemon-agrees", .text("everywhere")))
    #expect(try none.finding().sentence == "No daemon was asked how it sees itself.")
    let unread = Self.pair(
      after: [
        Self.view("a", at: 18_600, trouble: "it is frozen"),
        Self.view("b", at: 18_600, Self.instance(.master)),
      ])
    #expect(try unread.finding().outcome == .unknown)
    #expect(
      try unread.finding().sentence
        == "a's keepalived 2.2.7 was not read at the trial's end: it is frozen.")
    let once = Self.pair(after: [Self.view("b", at: 18_600, Self.instance(.master))])
    #expect(try once.finding().sentence == "a's daemon was not asked at the trial's end.")
    let other = Self.pair(after: [
      Self.view("a", at: 18_600), Self.view("b", at: 18_600, Self.instance(.master)),
    ])
    #expect(
      try other.finding().sentence
        == "a's keepalived 2.2.7 has no instance with 172.17.16.3 at the trial's end.")
    let alone = Self.pair {
      $0.kernels = []
      $0.captures = false
    }
    #expect(try alone.finding().outcome == .unknown)
    let strange = Self.pair(
      before: [
        Self.view("a", at: 7100, Self.instance(nil)),
        Self.view("b", at: 7100, Self.instance(.backup)),
      ])
    #expect(try strange.finding().outcome == .unknown)
  }

  @Test func `what changes while a daemon is asked is compared with nothing`() throws {
    // a's kernel loses the address between the looks around the reading.
    let scenario = Self.pair(
      before: [
        Self.view("a", at: 7100, Self.instance(.backup)),
        Self.view("b", at: 7100, Self.instance(.backup)),
      ]
    ) { scenario in
      scenario.kernels[0].to = 7250
      scenario.advertising[0].to = 6400
      scenario.givesUp = []
    }
    let readings = try scenario.timeline().daemonReadings
    let own = try #require(readings.first { $0.view.node == "a" && $0.stage == .before })
    #expect(own.comparisons.first?.held == nil)
    #expect(own.comparisons.first?.advertises == nil)
    #expect(try scenario.finding().outcome == .unknown)
  }

  @Test func `measuring is over when the daemons are asked`() throws {
    let scenario = Self.pair()
    #expect(try scenario.timeline().window?.to == Scenario.at(18_600))
    #expect(try scenario.timeline().span?.to == Scenario.at(20_000))
    // What comes while they are asked is nobody's fault.
    let late = Self.pair { scenario in
      scenario.expectations.append(.singleHolder(.zero))
      scenario.held.append(.init(node: "a", from: 18_700, to: 18_900))
    }
    #expect(try late.result().findings.map(\.outcome) == [.pass, .pass])
  }

  // MARK: What was refused

  private static func refusing(
    _ before: Int, _ after: Int, processes: [Int] = [40, 41]
  ) -> Scenario {
    Self.pair(
      before: [
        view("a", at: 7100, instance(.master)),
        view("b", at: 7100, instance(.backup, refused: [.authenticationFailure: before])),
      ],
      after: [
        view("a", at: 18_600, instance(.backup)),
        view(
          "b", at: 18_600, instance(.master, refused: [.authenticationFailure: after]),
          processes: processes),
      ])
  }

  @Test func `counters of refused advertisements that grew are told`() throws {
    let words = "b's keepalived 2.2.7 refused 3 advertisements of virtual router 51: wrong password"
    let report = try Self.refusing(4, 7).judged()
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    #expect(markdown.contains("- **note**: \(words)\n"), "\(markdown)")
    // A daemon that was started anew has counted from nothing.
    let anew = try Self.refusing(4, 7, processes: [90, 91]).timeline()
    #expect(anew.refusedAdvertisements.map(\.count) == [7])
    #expect(try Self.refusing(4, 4).timeline().refusedAdvertisements.isEmpty)
    #expect(try Self.refusing(7, 4).timeline().refusedAdvertisements.isEmpty)
    #expect(try Self.refusing(.min, .max).timeline().refusedAdvertisements.count == 1)
  }

  @Test func `they stand beside two holders as a hint`() throws {
    var scenario = Self.refusing(0, 1)
    scenario.expectations = [.singleHolder(.milliseconds(50))]
    scenario.held[0].to = 10_000
    #expect(
      try scenario.finding().hint
        == "b's keepalived 2.2.7 refused 1 advertisement of virtual router 51: wrong password.")
  }

  // MARK: Shown

  @Test func `the report shows the view beside wire and kernel`() throws {
    let report = try Self.pair { scenario in scenario.kernels[1].to = 15_000 }.judged()
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    for row in [
      "| read | node | its daemon | the wire | its kernel |",
      "| before the blow | a | keepalived 2.2.7: web is MASTER, priority 100 | advertises 100 | has "
        + "172.17.16.3 |",
      "| at the trial's end | b | keepalived 2.2.7: web is MASTER, priority 100 | advertises 100 | "
        + "has none |",
    ] { #expect(markdown.contains(row + "\n"), "\(markdown)") }
  }

  @Test func `results.json has it for machines, where somebody asked`() throws {
    func trial(_ scenario: Scenario) throws -> [String: Any] {
      let bytes = ResultsReport().render(try scenario.judged())
      let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      return try #require((object?["trials"] as? [[String: Any]])?.first)
    }
    let told = try trial(Self.refusing(0, 2))
    let daemons = try #require(told["daemons"] as? [[String: Any]])
    #expect(daemons.count == 4)
    let last = try #require(daemons.last)
    #expect(last["node"] as? String == "b" && last["stage"] as? String == "after")
    let instance = try #require((last["instances"] as? [[String: Any]])?.first)
    #expect(instance["state"] as? String == "MASTER")
    #expect(instance["kernel"] as? [String] == ["172.17.16.3"])
    #expect((instance["wire"] as? [String: Any])?["priority"] as? Int == 100)
    let refused = try #require((told["refused"] as? [[String: Any]])?.first)
    #expect(refused["reason"] as? String == "authenticationFailure")
    #expect(refused["count"] as? Int == 2)
    #expect(try trial(.gracefulStop())["daemons"] == nil)
  }
}
