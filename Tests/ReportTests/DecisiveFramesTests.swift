// Which frames the marks are, by their numbers in the capture.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct DecisiveFramesTests {
  /// The scenario's journal with its frames numbered as a capture would.
  private func numbered(_ scenario: Scenario) throws -> (Report, [Observation]) {
    let observations = scenario.observations.enumerated().map { index, observation in
      var observation = observation
      switch observation.event {
      case .advertisement(var seen):
        seen.sight.frame = index
        observation.event = .advertisement(seen)
      case .announcement(var seen):
        seen.sight.frame = index
        observation.event = .announcement(seen)
      default: break
      }
      return observation
    }
    return (try Judge().judge(observations), observations)
  }

  @Test func `each mark that is a frame is found at its sender's port, with its trial's name`()
    throws
  {
    let (report, observations) = try numbered(.crash(.singleHolder(.zero)))
    let marks = try #require(report.trials.first?.timeline.marks)
    let found = DecisiveFrames.found(for: report, in: observations)
    #expect(
      found.map { String($0.words.prefix(28)) }.allSatisfy {
        $0.hasPrefix("trial 1 'graceful stop': t")
      })
    #expect(found.map(\.port) == ["port-a", "port-b", "port-b"])
    let wanted = [
      marks.lastAdvertisement, marks.firstAdvertisement, marks.announcements.values.first,
    ]
    #expect(found.map { observations[$0.frame].when } == wanted)
    #expect(found[1].words.contains("t2, first advertisement of b, 3.0"), "\(found[1].words)")
    #expect(found[2].words.contains("t3, announcement of 172.17.16.3 by b"))
  }

  @Test func `a trial without a takeover has no decisive frame`() throws {
    let (report, observations) = try numbered(.noTakeover(.takeoverWithin(.seconds(1))))
    #expect(DecisiveFrames.found(for: report, in: observations).isEmpty)
    #expect(report.trials.count == 1)
  }
}
