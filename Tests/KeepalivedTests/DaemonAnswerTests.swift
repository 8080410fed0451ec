// What keepalived 2.1.5, 2.2.7 and 2.3.3 wrote of themselves on a node whose password was wrong: read as
// JSON and as text, whole, cut, and broken.

import Foundation
import TakeoverKeepalived
import TakeoverModel
import TestSupport
import Testing

@Suite struct `What a daemon says of itself` {
  private static let versions = ["2.1.5", "2.2.7", "2.3.3"]

  private static func sample(_ name: String) throws -> String {
    let path = `The corpus of configurations`.folder + "/daemon/" + name
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  private static func head(_ version: String) -> String {
    "version Keepalived v\(version) (07/13,2020)\nprocesses 37 40\n"
  }

  private static func json(_ version: String, _ sample: String? = nil) throws -> String {
    try head(version) + "== json\n" + Self.sample(sample ?? "\(version).json")
  }

  private static func text(_ version: String) throws -> String {
    try head(version) + "== data\n" + sample("\(version).data") + "== stats\n"
      + sample("\(version).stats")
  }

  private static func view(_ text: String, status: Int = 0, _ error: String = "") -> DaemonView {
    DaemonAnswer.view(
      of: "b",
      CommandResult(status: status, output: Array(text.utf8), errorOutput: Array(error.utf8)))
  }

  /// Of the samples: `web` is a second master, as its password is another than the peer's.
  private static func refused(_ version: String) -> (sent: Int, failures: Int, received6: Int) {
    switch version {
    case "2.1.5": (2, 12, 29)
    case "2.2.7": (7, 7, 29)
    default: (11, 4, 28)
    }
  }

  @Test(arguments: versions) func `each version's JSON is read`(version: String) throws {
    let view = Self.view(try Self.json(version))
    let numbers = Self.refused(version)
    #expect(view.trouble.isEmpty)
    #expect(view.daemon == "keepalived \(version)")
    #expect(view.means == "JSON")
    #expect(view.processes == [37, 40])
    let web = try #require(view.instances.first)
    #expect(
      web
        == DaemonView.Instance(
          name: "web", interface: "eth0", vrid: 51, state: .master, priority: 90,
          effectivePriority: 90, addresses: [.v4(0x0a09_0064), .v4(0x0a09_0065)],
          counters: .init(
            received: 0, sent: numbers.sent, becameMaster: 1, releasedMaster: 0,
            refused: Dictionary(
              uniqueKeysWithValues: DaemonView.Refusal.allCases.map {
                ($0, $0 == .authenticationFailure ? numbers.failures : 0)
              }))))
    let six = try #require(view.instances.last)
    #expect(six.vrid == 52 && six.state == .backup && view.instances.count == 2)
    #expect(six.addresses == [try #require(IPAddress("fd00::100"))])
    #expect(six.counters?.received == numbers.received6)
  }

  @Test(arguments: versions) func `the text says what the JSON says`(version: String) throws {
    let text = Self.view(try Self.text(version))
    #expect(text.means == "text")
    #expect(text.trouble.isEmpty)
    #expect(text.instances == Self.view(try Self.json(version)).instances)
  }

  @Test func `every state is told from the others`() throws {
    func states(_ text: String) -> [DaemonView.Instance.State?] {
      Self.view(text).instances.map(\.state)
    }
    #expect(try states(Self.json("2.3.3", "2.3.3-fault.json")) == [.fault, .fault])
    #expect(try states(Self.json("2.2.7", "2.2.7-master.json")) == [.master, .master])
    let json = try Self.json("2.2.7")
    #expect(states(json.replacing("\"state\":2", with: "\"state\":0")) == [.initial, .backup])
    #expect(states(json.replacing("\"state\":2", with: "\"state\":98")) == [nil, .backup])
    let text = try Self.text("2.3.3").replacing("   State = MASTER", with: "   State = FAULT")
    #expect(states(text) == [.fault, .backup])
  }

  @Test func `the second form of the JSON, and addresses that are not advertised`() throws {
    let list = try Self.sample("2.3.3.json").trimmingCharacters(in: .newlines)
    let second = "{\"vrrp\":\(list),\"track_process\":[{\"process\":\"haproxy\"}]}\n"
    let view = Self.view(Self.head("2.3.3") + "== json\n" + second)
    #expect(view.instances == Self.view(try Self.json("2.3.3")).instances)
    let excluded = try Self.json("2.2.7").replacing("\"vips\":", with: "\"evips\":")
    #expect(Self.view(excluded).instances == Self.view(try Self.json("2.2.7")).instances)
  }

  @Test func `the password goes nowhere`() throws {
    for version in Self.versions {
      for text in [try Self.json(version), try Self.text(version)] {
        #expect(text.contains("other"))
        #expect(!"\(Self.view(text))".contains("other"))
        // Not even where it is all that could be told.
        #expect(!"\(Self.view(text, status: 1))".contains("other"))
        #expect(!"\(Self.view(String(text.dropLast(50))))".contains("other"))
      }
    }
  }

  @Test func `what could not be asked says why`() {
    let head = Self.head("2.2.7")
    #expect(
      Self.view(head + "== json\n", status: 1, "it did not write keepalived.json within 2 s\n")
        .trouble == "it did not write keepalived.json within 2 s")
    #expect(Self.view("", status: 3).trouble == "it cannot be asked: exit 3")
    #expect(Self.view(head).trouble == "what it wrote cannot be read")
    let long = DaemonAnswer.view(
      of: "b", CommandResult(status: 0, output: Array(head.utf8), truncated: true))
    #expect(long.trouble == "it says more than is read of one answer")
    #expect(Self.view("version bash: not found\n== json\n[]").daemon == "keepalived")
  }

  // MARK: What nobody meant

  @Test(arguments: versions) func `what is cut is not taken for the whole`(version: String) throws {
    for text in [try Self.json(version), try Self.text(version)] {
      let whole = Self.view(text)
      let bytes = Array(text.utf8)
      let last = text.contains("== json") ? bytes.count - 2 : bytes.count
      for length in 0..<last {
        let view = DaemonAnswer.view(
          of: "b", CommandResult(status: 0, output: Array(bytes[..<length])))
        guard view.trouble.isEmpty else { continue }
        // Of the text, states may be whole where counters are not.
        #expect(view.means == "text", "\(length)")
        #expect(view.instances.map(\.state) == whole.instances.map(\.state), "\(length)")
        for (one, other) in zip(view.instances, whole.instances) {
          #expect(one.counters == nil || one.counters?.sent == other.counters?.sent, "\(length)")
        }
      }
    }
  }

  @Test func `every broken copy is read`() throws {
    var random = SplitMix(state: Fuzz.seed)
    let samples = try Self.versions.flatMap { [try Self.json($0), try Self.text($0)] }
      .map { Array($0.utf8) }
    let breaking = BrokenText(
      [.byte, .byte, .bit, .piece, .piece, .cut, .end, .lines, .word, .splice],
      pieces: [
        "[", "]", "{", "}", "\"", "\\", "\"vrid\":", "99999999999999999999", "-1", "1e999", "null",
        " VRRP Instance = ", "------< ", "== stats\n", "== json\n", "   Virtual IP:\n", " = ", ":",
        "\u{0}", "é\u{301}", String(repeating: "[", count: 5_000),
      ])
    var (unread, count) = (0, 2_000)
    count = max(Fuzz.count.map { $0 / 10 } ?? count, count)
    for number in 0..<count {
      let bytes = breaking.broken(samples[number % samples.count], among: samples, &random)
      let view = DaemonAnswer.view(of: "b", CommandResult(status: 0, output: bytes))
      if !view.trouble.isEmpty { unread += 1 }
    }
    // They were broken, and yet not beyond recognition.
    #expect(unread > count / 5 && unread < count)
  }
}
