// The wire's sightings again, from the capture instead of from the journal: the same frames through
// the same record. Pure: pieces of capture.pcapng in, observations out.

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

  private let header: RunHeader
  private let points: [CapturePoint]
  private var stream = PcapngStream()
  private var record: WireRecord
  private var interfaces = 0
  private var frames = 0
  private var seen: [(frame: Int, observation: Observation)] = []
  /// Up to when the capture is known to reach.
  private var end = Moment.began

  package init(_ header: RunHeader) throws(Complaint) {
    self.header = header
    points = header.site.captures.filter { $0.through == nil }
    guard !points.isEmpty else {
      throw Complaint(
        "the run at \(header.site.name) captured nothing here",
        remedy: "judge without --from-captures")
    }
    record = WireRecord(
      addresses: Set(header.site.addresses.map(\.address)), ports: points.map(\.name),
      origin: header.origin)
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
    let sighting = PacketCapture.Sighting(point: frame.interface, frame: frame.frame)
    let number = frames
    seen += record.take(sighting, number: number).observations.map { (number, $0) }
  }

  private mutating func reach(_ time: Int64) {
    // What a damaged file says may be any number.
    end = max(end, Moment(nanoseconds: time.subtractingReportingOverflow(header.origin).0))
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
      guard let frame = frame(of: observation) else {
        if case .trialEnded = observation.event { needed = max(needed, observation.when.latest) }
        merged.append(observation)
        continue
      }
      needed = max(needed, observation.when.latest)
      // Where the journal has the frame, so that equal sightings stand in equal order.
      while next < seen.count, seen[next].frame <= frame {
        merged.append(seen[next].observation)
        next += 1
      }
    }
    merged += seen[next...].map(\.observation)
    if end < needed {
      let lost = needed.since(end)
      merged.append(
        Observation(
          when: Interval(end, needed), source: "wire",
          event: .observerDied(
            Note("the capture ends \(TimeText.least(lost)) before what the journal tells of"))))
    }
    return merged
  }

  package func compared(with journal: [Observation]) -> Comparison {
    var theirs: [Int: Set<Observation>] = [:]
    for observation in journal {
      if let frame = frame(of: observation) { theirs[frame, default: []].insert(observation) }
    }
    var ours: [Int: Set<Observation>] = [:]
    for (frame, observation) in seen { ours[frame, default: []].insert(observation) }
    let differing = Set(theirs.keys).union(ours.keys).filter { theirs[$0] != ours[$0] }
    return Comparison(
      frames: frames, sightings: seen.count, differing: differing.count,
      firstDiffering: differing.min())
  }

  /// The number of the frame that a sighting of one of these points is of.
  private func frame(of observation: Observation) -> Int? {
    let sight: FrameSight
    switch observation.event {
    case .advertisement(let seen): sight = seen.sight
    case .announcement(let seen): sight = seen.sight
    case .datagram(let seen): sight = seen.sight
    default: return nil
    }
    return points.contains { $0.name == sight.port } ? sight.frame : nil
  }
}
