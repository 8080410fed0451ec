// From the bytes of journal.jsonl to observations. A journal whose run was killed is read as far as
// it goes; what could not be read stands among the observations as a note, so that it casts doubt.

internal import FoundationEssentials
package import TakeoverModel

package enum JournalReader {
  /// The format that this version reads.
  package static let format = 1
  /// Whose notes say that the journal is not whole.
  package static let source = "journal"
  /// Moments beyond ±31 years of the run's beginning are nonsense, and would overflow sums.
  private static let furthest: Int64 = 1_000_000_000_000_000_000

  /// Throws when nothing can be judged: no first line, or a format that this version does not know.
  package static func read(_ bytes: [UInt8]) throws(Complaint) -> [Observation] {
    let decoder = JSONDecoder()
    var observations: [Observation] = []
    var last = Moment.began
    var number = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      number += 1
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      let line = rest[..<(end ?? rest.endIndex)]
      rest = end.map { rest[($0 + 1)...] } ?? []
      guard !line.isEmpty else { continue }
      if number == 1 { try checkFormat(line, decoder) }
      if let observation = observation(in: line, decoder) {
        observations.append(observation)
        last = max(last, observation.when.latest)
      } else if number == 1 {
        throw Complaint(
          "the journal's first line cannot be read",
          remedy: "judge a run folder that \"takeover run\" wrote")
      } else {
        let what = end == nil ? "is cut off" : "cannot be read"
        // What is cut off at the end was written after all that was: it is no doubt of a trial whose
        // end stands before it.
        let when = end == nil ? last + .nanoseconds(1) : last
        observations.append(
          Observation(
            when: Interval(at: when), source: source,
            event: .note(Note("line \(number) of the journal \(what)"))))
      }
    }
    guard !observations.isEmpty else {
      throw Complaint("the journal is empty", remedy: "judge a run folder that has a journal")
    }
    return observations
  }

  private static func observation(
    in line: ArraySlice<UInt8>, _ decoder: JSONDecoder
  ) -> Observation? {
    var observation = try? decoder.decode(Observation.self, from: Data(line))
    if observation == nil {
      // Ill-formed UTF-8 in a node's output must not cost the line.
      let repaired = Data(String(decoding: line, as: UTF8.self).utf8)
      observation = try? decoder.decode(Observation.self, from: repaired)
    }
    guard let observation, isSane(observation) else { return nil }
    return observation
  }

  private struct FormatOnly: Decodable { var format: Int? }

  private static func checkFormat(
    _ line: ArraySlice<UInt8>, _ decoder: JSONDecoder
  ) throws(Complaint) {
    guard let found = try? decoder.decode(FormatOnly.self, from: Data(line)).format,
      found != format
    else { return }
    throw Complaint(
      "the journal has format \(found); this version reads format \(format)",
      remedy: "judge it with the version of takeover that wrote it")
  }

  private static func isSane(_ observation: Observation) -> Bool {
    guard isSane(observation.when) else { return false }
    switch observation.event {
    case .runBegan(let header):
      return (0...(4 * furthest)).contains(header.origin)
        && header.site.captures.allSatisfy { isFileName($0.name) }
    case .probe(let probe):
      return isSane(Interval(at: probe.sent)) && (0...furthest).contains(probe.slack ?? 0)
        && (0...furthest).contains(probe.period)
        && probe.answers.allSatisfy { isSane(Interval(at: $0.at)) }
    case .advertisement(let seen): return (0...255).contains(seen.priority)
    case .captureBegan(let state), .captureState(let state):
      return state.received >= 0 && state.dropped >= 0
    default: return true
    }
  }

  /// Files of the run's folder are named by it, and a journal may be somebody else's.
  private static func isFileName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0 }
  }

  private static func isSane(_ interval: Interval) -> Bool {
    interval.earliest.nanoseconds >= -furthest && interval.latest.nanoseconds <= furthest
  }
}
