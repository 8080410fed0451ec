// What the program says to bad input: no root, no network, only files.

import Foundation
import Testing

@Suite struct `The command line` {
  private func ended(_ words: String...) async throws -> Workplace.Ended {
    var ended: Workplace.Ended?
    try await Workplace.with { place in ended = try await place.start(words).wait() }
    return try #require(ended)
  }

  @Test func `five mistakes in a plan are five errors, each with its place, and exit 65`()
    async throws
  {
    try await Workplace.with { place in
      let plan = """
        version: 1
        name: five
        site: Plans/labs/keepalived-pair.yaml
        trials:
          - name: one
            fault: kill-proces
            target: holder
            hold: 6
            expect: {takeover-within: 1s}
          - name: two
            fault: stop-service
            servise: keepalived
            target: holder
            hold: 2s
            expect: {takeover-witin: 1s, transitions: many}
        """
      try plan.write(toFile: place.folder + "/five.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("validate", "five.yaml")
      #expect(ended.status == 65)
      for place in ["6:12", "8:11", "12:5", "15:14", "15:47"] {
        #expect(ended.messages.contains("five.yaml:\(place): error[TK"), "\(ended.messages)")
      }
      #expect(ended.messages.components(separatedBy: ": error[").count == 6, "\(ended.messages)")
      #expect(ended.messages.contains("did you mean \"kill-process\"?"))
    }
  }

  @Test func `a plan that cannot be read still leaves a JUnit file with an error`() async throws {
    try await Workplace.with { place in
      try "version: [".write(
        toFile: place.folder + "/bad.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("run", "bad.yaml", "--junit", "out/TEST-takeover.xml")
      #expect(ended.status == 65)
      let junit = String(decoding: try place.bytes("out/TEST-takeover.xml"), as: UTF8.self)
      #expect(junit.contains("<error "))
    }
  }

  @Test func `nothing selected is exit 5, and says how to find the names`() async throws {
    let ended = try await ended("run", "Plans/keepalived", "--only", "no-such-thing")
    #expect(ended.status == 5)
    #expect(ended.messages.contains("no trial is selected"))
  }

  @Test func `a plan that is not there is exit 66`() async throws {
    #expect(try await ended("run", "Plans/none.yaml").status == 66)
  }

  @Test func `a lab that is not there hides nothing that is wrong with another plan`() async throws
  {
    try await Workplace.with { place in
      let plan = """
        version: 1
        name: one
        site: no-lab.yaml
        trials: [{name: t, fault: stop-service, hold: 2s, expect: {takeover-within: 1s}}]
        """
      try plan.write(toFile: place.folder + "/1.yaml", atomically: true, encoding: .utf8)
      let alone = try await place.run("validate", "1.yaml")
      #expect(alone.status == 66)
      #expect(alone.messages.contains("no-lab.yaml"))
      let wrong = plan.replacing("stop-service", with: "stop-servise")
        .replacing("no-lab.yaml", with: "Plans/labs/keepalived-pair.yaml")
      try wrong.write(toFile: place.folder + "/2.yaml", atomically: true, encoding: .utf8)
      let both = try await place.run("validate", "1.yaml", "2.yaml")
      #expect(both.status == 65)
      #expect(both.messages.contains("no-lab.yaml"))
      #expect(both.messages.contains("stop-servise"))
    }
  }

  @Test func `a lab that cannot be laid out is a mistake of the file, not a missing verdict`()
    async throws
  {
    try await Workplace.with { place in
      let path = place.folder + "/Plans/labs/keepalived-pair.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("  client: ", with: "  lo: ")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let ended = try await place.run("validate", "Plans/keepalived/crash.yaml")
      #expect(ended.status == 65, "\(ended.messages)")
      #expect(ended.messages.contains("a machine cannot be called lo"))
    }
  }

  @Test func `a mistyped command gets a suggestion and exit 64`() async throws {
    let ended = try await ended("vaildate")
    #expect(ended.status == 64)
    #expect(ended.messages.contains("Did you mean \"validate\"?"))
  }

  @Test func `real machines are not broken unasked`() async throws {
    let ended = try await ended(
      "run", "Plans/keepalived/crash.yaml", "--site", "Plans/sites/two-machines.yaml")
    #expect(ended.status == 64)
    #expect(ended.messages.contains("--yes"))
  }

  @Test func `a dry run prints each node's commands and touches nothing`() async throws {
    let ended = try await ended("run", "Plans/keepalived/link-down.yaml", "--dry-run")
    #expect(ended.status == 0)
    #expect(ended.output.contains("# on a (when it is the holder)"))
    #expect(ended.output.contains("ip link set dev eth0 down"))
  }

  @Test func `a dry run says what is captured and asked elsewhere, and with what`() async throws {
    try await Workplace.with { place in
      let path = place.folder + "/Plans/sites/two-machines.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let elsewhere = text.replacing(
        "\n  - {name: lan, interface: eth0}",
        with: "\n  - {name: on-a, interface: eth1, through: a}"
      ).replacing(
        "  from: {name: here, interface: eth0}",
        with: "  from: {name: far, interface: eth7, through: desk}"
      ).replacing("addresses: [", with: "machines: {desk: {host: desk.example}}\naddresses: [")
      try elsewhere.write(toFile: path, atomically: true, encoding: .utf8)
      let ended = try await place.run(
        "run", "Plans/keepalived/crash.yaml", "--dry-run", "--site", path)
      #expect(ended.status == 0, "\(ended.messages)")
      #expect(ended.output.contains("# on a, throughout: capture on-a\ntcpdump "))
      #expect(ended.output.contains("# on desk, throughout: the probes of far\nperl -e "))
    }
  }

  @Test func `a judgement of nothing is exit 66`() async throws {
    #expect(try await ended("judge", "Reports/none").status == 66)
  }

  @Test(arguments: ["plan", "site", "lab"])
  func `the schemas beside the plans are the program's own`(kind: String) async throws {
    try await Workplace.with { place in
      let printed = try await place.run("schema", kind)
      #expect(printed.status == 0)
      let kept = String(decoding: try place.bytes("Plans/.schema/\(kind).json"), as: UTF8.self)
      #expect(printed.output == kept, "takeover schema \(kind) > Plans/.schema/\(kind).json")
    }
  }
}

@Suite struct `What the program says of itself` {
  private func ended(_ words: String...) async throws -> Workplace.Ended {
    var ended: Workplace.Ended?
    try await Workplace.with { place in ended = try await place.start(words).wait() }
    return try #require(ended)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `is a completion script`(shell: String)
    async throws
  {
    let script = try await ended("completion", shell)
    #expect(script.status == 0)
    for word in ["watch", "dry-run", "explain"] { #expect(script.output.contains(word)) }
  }

  @Test func `completes plans, sites, faults and runs by their names`() async throws {
    try await Workplace.with { place in
      func offered(_ words: String...) async throws -> [Substring] {
        let asked = try await place.start(["---completion"] + words).wait()
        #expect(asked.status == 0, "\(asked.messages)")
        return asked.output.split(separator: "\n")
      }
      let plans = try await offered("run", "--", "positional@0", "0", "0", "takeover", "run", "")
      #expect(plans.contains("Plans/demo.yaml"), "\(plans)")
      #expect(!plans.contains { $0.contains("labs/") && $0.hasSuffix(".yaml") })
      let sites = try await offered(
        "run", "--", "--site", "0", "0", "takeover", "run", "--site", "")
      #expect(sites.contains("Plans/sites/two-machines.yaml"), "\(sites)")
      #expect(sites.contains("Plans/labs/keepalived-pair.yaml"))
      let codes = try await offered(
        "explain", "--", "positional@0", "0", "0", "takeover", "explain", "")
      for code in ["KA050", "TK012", "kill-process", "two-claimants", "exit-3"] {
        #expect(codes.contains { $0 == code }, "\(code)")
      }
      let labs = try await offered(
        "lab", "up", "--", "positional@0", "0", "0", "takeover", "lab", "up", "")
      #expect(labs.contains("keepalived-pair"), "\(labs)")
      let folder = place.folder + "/Reports/20261122T175333Z-nightly"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try "".write(toFile: folder + "/journal.jsonl", atomically: true, encoding: .utf8)
      let runs = try await offered("judge", "--", "positional@0", "0", "0", "takeover", "judge", "")
      #expect(runs == ["Reports/20261122T175333Z-nightly"], "\(runs)")
    }
  }

  @Test(arguments: ["takeover", "plan", "site"]) func `is a page of the manual`(page: String)
    async throws
  {
    let printed = try await ended("man", page)
    #expect(printed.status == 0)
    #expect(printed.output.hasPrefix(".TH TAKEOVER"))
  }

  @Test(arguments: ["results", "journal"]) func `is a schema of what a run leaves`(kind: String)
    async throws
  {
    let printed = try await ended("schema", kind)
    #expect(printed.status == 0)
    let schema = try JSONSerialization.jsonObject(with: Data(printed.output.utf8))
    #expect((schema as? [String: Any])?["$schema"] != nil)
  }

  @Test func `is an explanation, or what lies near`() async throws {
    let found = try await ended("explain", "takeover-within")
    #expect(found.status == 0)
    #expect(found.output.hasPrefix("takeover-within: from the blow until"), "\(found.output)")
    let near = try await ended("explain", "KA49")
    #expect(near.status == 64)
    #expect(near.messages.contains("KA050"), "\(near.messages)")
    let all = try await ended("explain")
    #expect(all.output.contains("EXIT STATUSES") && all.output.contains("two-claimants"))
  }
}
