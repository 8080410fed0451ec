// One frame is seen at several points: at its sender's port, at the others that it was sent out of,
// by a node's own tcpdump. All that is one event, placed as tightly as its sightings tell together.

internal import TakeoverModel

/// One frame, however many points saw it.
struct SeenFrame: Sendable {
  /// As the best of its sightings shows it.
  var event: Event
  /// A node's name, or a stranger's MAC.
  var sender: String
  var when: Interval
  /// Where the best of them was made by a clock that is not the coordinator's.
  var stamp: ClockStamp?
}

struct FrameGathering: Sendable {
  /// So long a frame is under way between two points of one segment, at most: a switch's full
  /// buffer. Less than the shortest advertisement interval (10 ms, RFC 9568 5.2.7).
  static let transit = Duration.milliseconds(2)

  /// What every sighting of one frame shows alike. Frames sent again look the same: they are told
  /// apart by their order, which every point keeps.
  private enum Content: Hashable {
    case advertisement(MACAddress, IPAddress, vrid: Int, priority: Int)
    case claim(MACAddress, AnnouncementSeen.Form, IPAddress, MACAddress)
  }

  private struct Place: Hashable {
    var content: Content
    var port: String
  }

  private let attribution: Attribution
  private var frames: [SightedFrame] = []
  /// The frames of one content, by their indices, in the order in which they were first seen.
  private var alike: [Content: [Int]] = [:]
  /// Where in `alike` the next sighting at a port may belong.
  private var next: [Place: Int] = [:]

  init(_ attribution: Attribution) { self.attribution = attribution }

  /// Sightings come in the order of time. What is no frame is left out.
  mutating func take(_ observation: Observation) {
    guard let sight = observation.event.sight,
      let sender = attribution.sender(of: observation.event)
    else { return }
    let sighting = SightedFrame.Sighting(
      event: observation.event, sender: sender, when: observation.when)
    // Of a busy service's datagrams every point writes down others.
    guard let content = Self.content(of: observation.event) else {
      frames.append(SightedFrame(sighting))
      return
    }
    let known = alike[content, default: []]
    let place = Place(content: content, port: sight.port)
    var index = next[place] ?? 0
    while index < known.count, frames[known[index]].isOver(by: sighting.when) { index += 1 }
    next[place] = index + 1
    if index < known.count, frames[known[index]].mayBe(sighting.when) {
      frames[known[index]].add(sighting)
    } else {
      // Frames that only others saw stay where they are: this one comes after them.
      next[place] = known.count + 1
      alike[content, default: []].append(frames.count)
      frames.append(SightedFrame(sighting))
    }
  }

  /// In the order of time.
  func gathered() -> [SeenFrame] {
    let seen = frames.map(\.seen)
    return seen.enumerated()
      .sorted { ($0.element.when.middle, $0.offset) < ($1.element.when.middle, $1.offset) }
      .map(\.element)
  }

  private static func content(of event: Event) -> Content? {
    switch event {
    case .advertisement(let seen):
      .advertisement(seen.sight.source, seen.from, vrid: seen.vrid, priority: seen.priority)
    case .announcement(let seen):
      .claim(seen.sight.source, seen.form, seen.address, seen.claimant)
    default: nil
    }
  }
}

/// The sightings of one frame.
private struct SightedFrame: Sendable {
  struct Sighting: Sendable {
    var event: Event
    var sender: Attribution.Sender
    var when: Interval
  }

  /// The one that places it best.
  private var best: Sighting
  /// When the first of them began and the first of them ended.
  private var earliest: Moment
  private var latest: Moment

  init(_ first: Sighting) {
    best = first
    earliest = first.when.earliest
    latest = first.when.latest
  }

  mutating func add(_ other: Sighting) {
    earliest = min(earliest, other.when.earliest)
    latest = min(latest, other.when.latest)
    let sender = other.sender.port < best.sender.port ? other.sender : best.sender
    let isTighter = other.sender.port == .ownHere || other.when.width < best.when.width
    if isTighter, best.sender.port != .ownHere { best = other }
    best.sender = sender
  }

  /// Whether it was over before anything that was seen then, with all that a frame may be delayed.
  func isOver(by when: Interval) -> Bool {
    when.earliest.since(best.when.latest) > FrameGathering.transit
  }

  func mayBe(_ when: Interval) -> Bool {
    best.when.earliest.since(when.latest) <= FrameGathering.transit
  }

  var seen: SeenFrame {
    let sight = best.event.sight
    let stamp = sight.flatMap { sight in
      sight.stamp.map { ClockStamp(port: sight.port, nanoseconds: $0) }
    }
    return SeenFrame(event: best.event, sender: best.sender.name, when: when, stamp: stamp)
  }

  /// A stamp of our own at the sender's own port is exact. Else the tightest sighting, which ends
  /// where another one does: a frame is sent before it is seen anywhere.
  private var when: Interval {
    if best.sender.port == .ownHere { return best.when }
    return latest >= best.when.earliest
      ? Interval(best.when.earliest, latest) : Interval(earliest, latest)
  }
}
