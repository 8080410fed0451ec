// The wire's sightings again, from a capture instead of from the journal: the same frames through the
// same record. Pure: pieces of a capture file in, observations out.

package import TakeoverModel
import TakeoverWire

package struct WireReplay: Sendable {
  /// How the capture's sightings compare with those that the journal has.
  package struct Comparison: Hashable, Sendable {
    package var frames = 0
    package var sightings = 0
    /// Frames of which the journal says something else, or nothing, or the capture does.
    package var differing = 0
    /// The first of them.
    package var firstDiffering: Int?
  }

  private let origin: Int64
  private let points: [CapturePoint]
  /// When the frames of a capture made elsewhere were, by their numbers: what its machine's clock
  /// showed is in the file, how well that clock was known is in the journal.
  private let places: [Int: WireRecord.Place]
  private var stream = PcapngStream()
  private var record: WireRecord
  private var interfaces = 0
  private var frames = 0
  private var seen: [(frame: Int, observation: Observation)] = []
  /// Up to when the capture is known to reach.
  private var end = Moment.began

  /// `points`: those of one capture file, in the order of its interfaces.
  package init(_ header: RunHeader, of points: [CapturePoint], besides journal: [Observation]) {
    origin = header.origin
    self.points = points
    record = WireRecord(
      addresses: Set(header.site.addresses.map(\.address)), points: points, origin: origin)
    var places: [Int: WireRecord.Place] = [:]
    if points.contains(where: { $0.through != nil }) {
      for observation in journal {
        guard let sight = Self.sight(of: observation, at: points) else { continue }
        places[sight.frame] = WireRecord.Place(when: observation.when, stamp: sight.stamp)
      }
    }
    self.places = places
  }

  /// Takes the next piece. Throws where the capture is damaged; what came before it was taken.
  package mutating func feed(_ bytes: some Sequence<UInt8>) throws {
    for block in try stream.feed(bytes) {
      switch block.content {
      case .interface(let name): try check(name)
      case .frame(let frame): take(frame)
      case .statistics(_, let time): reach(time)
      case .section, .other: break
      }
    }
  }

  /// Takes the end. Throws when nothing can be judged by the capture.
  package mutating func finish() throws {
    try feed([])
    guard interfaces == points.count else {
      throw Complaint(
        "the capture ends before its first frame",
        remedy: "judge without --from-captures: the journal has what was seen, too")
    }
  }

  private mutating func check(_ name: String) throws(Complaint) {
    guard interfaces < points.count, points[interfaces].interface == name else {
      throw Complaint(
        "the capture's interface \(interfaces + 1) is \(name), which is not the run's",
        remedy: "use the capture that the run left in its folder")
    }
    interfaces += 1
  }

  private mutating func take(_ frame: PcapngBlock.Frame) {
    frames += 1
    reach(frame.frame.stamp)
    guard points.indices.contains(frame.interface) else { return }
    let number = frames
    let sighting = PacketCapture.Sighting(point: frame.interface, frame: frame.frame)
    let point = points[frame.interface]
    for var observation in record.take(sighting, number: number, at: places[number]).observations {
      if point.through != nil { observation.source = "remote/\(point.name)" }
      seen.append((number, observation))
    }
  }

  private mutating func reach(_ time: Int64) {
    // What a damaged file says may be any number.
    end = max(end, Moment(nanoseconds: time.subtractingReportingOverflow(origin).0))
  }

  // MARK: The journal with the capture's sightings

  /// `journal` with the capture's sightings in the place of its own. A capture that does not reach
  /// as far as the journal does is an observer that died there.
  package func observations(insteadOf journal: [Observation]) -> [Observation] {
    var merged: [Observation] = []
    merged.reserveCapacity(journal.count)
    var next = 0
    var needed = Moment.began
    for observation in journal {
      guard let frame = Self.frame(of: observation, at: points) else {
        if case .trialEnded = observation.event { needed = max(needed, observation.when.latest) }
        merged.append(observation)
        continue
      }
      // A frame lies in the middle of its interval.
      needed = max(needed, observation.when.middle)
      // Where the journal has the frame, so that equal sightings stand in equal order.
      while next < seen.count, seen[next].frame <= frame {
        merged.append(seen[next].observation)
        next += 1
      }
    }
    merged += seen[next...].map(\.observation)
    if end < needed {
      let lost = needed.since(end)
      let source = points.first { $0.through != nil }.map { "remote/\($0.name)" } ?? "wire"
      merged.append(
        Observation(
          when: Interval(end, needed), source: source,
          event: .observerDied(
            Note("the capture ends \(TimeText.least(lost)) before what the journal tells of"))))
    }
    return merged
  }

  package func compared(with journal: [Observation]) -> Comparison {
    var theirs: [Int: Set<Observation>] = [:]
    for observation in journal {
      guard let frame = Self.frame(of: observation, at: points) else { continue }
      theirs[frame, default: []].insert(observation)
    }
    var ours: [Int: Set<Observation>] = [:]
    for (frame, observation) in seen { ours[frame, default: []].insert(observation) }
    let differing = Set(theirs.keys).union(ours.keys).filter { theirs[$0] != ours[$0] }
    return Comparison(
      frames: frames, sightings: seen.count, differing: differing.count,
      firstDiffering: differing.min())
  }

  /// The number of the frame that a sighting at one of `points` is of.
  private static func frame(of observation: Observation, at points: [CapturePoint]) -> Int? {
    sight(of: observation, at: points)?.frame
  }

  private static func sight(
    of observation: Observation, at points: [CapturePoint]
  ) -> FrameSight? {
    let sight: FrameSight
    switch observation.event {
    case .advertisement(let seen): sight = seen.sight
    case .announcement(let seen): sight = seen.sight
    case .datagram(let seen): sight = seen.sight
    default: return nil
    }
    return points.contains { $0.name == sight.port } ? sight : nil
  }
}
