// A journal is read as far as it goes, and says where it does not.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct JournalReaderTests {
  static func bytes(_ observations: [Observation]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try observations.flatMap { Array(try encoder.encode($0)) + [UInt8(ascii: "\n")] }
  }

  private static let scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))

  @Test func `what was written is read`() throws {
    let observations = Self.scenario.observations
    #expect(try JournalReader.read(Self.bytes(observations)) == observations)
  }

  @Test func `a last line that is cut off becomes a note`() throws {
    let bytes = try Self.bytes(Self.scenario.observations).dropLast(20)
    let read = try JournalReader.read(Array(bytes))
    #expect(read.count == Self.scenario.observations.count)
    guard case .note(let note)? = read.last?.event else {
      Issue.record("no note")
      return
    }
    #expect(note.text.hasSuffix("of the journal is cut off"))
    #expect(read.last?.source == JournalReader.source)
  }

  @Test func `a line that cannot be read casts doubt on its trial`() throws {
    var lines = try Self.bytes(Self.scenario.observations).split(separator: UInt8(ascii: "\n"))
    lines.insert(ArraySlice("{\"when\": nonsense".utf8), at: lines.count - 3)
    let bytes = lines.flatMap { Array($0) + [UInt8(ascii: "\n")] }
    let finding = try Judge().judge(JournalReader.read(bytes)).trials.first?.findings.first
    #expect(finding?.outcome == .unknown)
    #expect(finding?.sentence.contains("of the journal cannot be read") == true)
  }

  @Test func `a journal cut off anywhere is judged, and never passes`() throws {
    let observations = Self.scenario.observations
    for count in stride(from: 1, to: observations.count - 2, by: 97) {
      let report = try Judge().judge(Array(observations.prefix(count)))
      #expect(report.outcome != .pass)
      #expect(report.trials.count == 1)
    }
  }

  @Test func `ill-formed text does not cost the line`() throws {
    let note = Scenario.run(6000, .note(Note("caf?")))
    var bytes = try Self.bytes([Self.scenario.observations[0], note])
    let place = try #require(bytes.lastIndex(of: UInt8(ascii: "?")))
    bytes[place] = 0xE9
    #expect(try JournalReader.read(bytes).last?.event == .note(Note("caf\u{FFFD}")))
  }

  @Test func `moments beyond reason do not trap`() throws {
    var observations = Self.scenario.observations
    observations.append(
      Observation(
        when: Interval(at: Moment(nanoseconds: .max)), source: "run", event: .note(Note("far"))))
    let read = try JournalReader.read(Self.bytes(observations))
    guard case .note(let note)? = read.last?.event else {
      Issue.record("no note")
      return
    }
    #expect(note.text.hasSuffix("cannot be read"))
  }

  @Test func `a format of the future is refused with a way out`() throws {
    var observations = Self.scenario.observations
    guard case .runBegan(var header) = observations[0].event else { return }
    header.format = 2
    observations[0].event = .runBegan(header)
    let bytes = try Self.bytes(observations)
    let complaint = #expect(throws: Complaint.self) { try JournalReader.read(bytes) }
    #expect(complaint?.problem == "the journal has format 2; this version reads format 1")
  }

  @Test func `an empty journal and a foreign file are refused`() {
    #expect(throws: Complaint.self) { try JournalReader.read([]) }
    #expect(throws: Complaint.self) { try JournalReader.read(Array("hello\n".utf8)) }
  }
}
