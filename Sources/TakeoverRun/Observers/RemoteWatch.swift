// What a remote capture writes down: the frames once they have their place on the axis, and how the
// capture fares.

import Synchronization
import TakeoverModel
import TakeoverWire

struct RemoteWatch {
  static let silence = "the node does not answer"

  var record: RemoteRecord
  private let point: CapturePoint
  private var wire: WireRecord
  private let file: FrameFile
  private let journal: any Journal
  private let clock: any RunClock
  private var troubles: [String: Int] = [:]
  private var dropped = 0
  private var lastState: Moment
  /// The tightest reading of the machine's clock since one was written down.
  private var best: ClockBracket.Sample?

  init(
    _ point: CapturePoint, own: MACAddress, site: Site, capturePath: String,
    journal: any Journal, clock: any RunClock
  ) throws {
    self.point = point
    let node = point.node.flatMap(site.node(named:))
    record = RemoteRecord(
      point, own: own, addresses: node?.addresses ?? [], origin: clock.origin)
    wire = WireRecord(
      addresses: Set(site.addresses.map(\.address)), points: [point], origin: clock.origin)
    file = FrameFile(
      try PcapngFile(path: capturePath, points: [point], names: site.wireNames))
    self.journal = journal
    self.clock = clock
    lastState = clock.now()
  }

  mutating func take(_ bytes: [UInt8]) throws {
    if !bytes.isEmpty { try record.feed(bytes, at: clock.now()) }
  }

  mutating func take(_ sample: ClockBracket.Sample) {
    let steps = record.clockSteps
    record.add(sample)
    if record.clockSteps > steps { troubles["the node's clock was set", default: 0] += 1 }
    if best.map({ sample.width < $0.width }) ?? true { best = sample }
  }

  /// `means`: how it was read.
  mutating func tellClock(by means: String) {
    guard let sample = best else { return }
    best = nil
    let reading = ClockReading(
      clock: point.through ?? point.name, realtime: sample.node, resolution: sample.resolution,
      means: means)
    write(.clock(reading), Interval(sample.sent, sample.received))
  }

  /// Writes down the frames that have their place; all of them at the end.
  mutating func settle(all: Bool = false) throws {
    for settled in record.settle(at: clock.now(), all: all) {
      let number = try file.append(settled.frame)
      let sighting = PacketCapture.Sighting(point: 0, frame: settled.frame)
      let place = WireRecord.Place(when: settled.when, stamp: settled.stamp)
      let seen = wire.take(sighting, number: number, at: place)
      for observation in seen.observations { write(observation.event, settled.when) }
      for trouble in seen.trouble { troubles[trouble, default: 0] += 1 }
      if !settled.isConsistent {
        troubles["a frame whose time is not known: the node's clock was set", default: 0] += 1
      }
    }
    try file.flush()
  }

  mutating func tellBegan() {
    let now = clock.now()
    write(.captureBegan(state()), Interval(at: now))
    lastState = now
  }

  /// `said`: what tcpdump said of itself.
  mutating func tellState(isAnswering: Bool, said: String) throws {
    if let dropped = RemoteTools.dropped(in: said) { self.dropped = max(self.dropped, dropped) }
    // What is not heard of may be lost or on its way.
    if !isAnswering { troubles[Self.silence, default: 0] += 1 }
    let now = clock.now()
    write(.captureState(state()), Interval(lastState, now))
    lastState = now
    troubles = [:]
  }

  /// What is here is written down, with what is known of the clock.
  mutating func finish() throws {
    try settle(all: true)
    try tellState(isAnswering: true, said: "")
    // Not at every state: frames that came before it may still wait for their place.
    try file.finish(at: clock.origin &+ lastState.nanoseconds, record.received, dropped: dropped)
  }

  private func state() -> CaptureState {
    CaptureState(
      port: point.name, received: record.received, dropped: dropped,
      trouble: troubles.keys.sorted(), counts: troubles.isEmpty ? nil : troubles)
  }

  private func write(_ event: Event, _ when: Interval) {
    journal.record(Observation(when: when, source: "remote/\(point.name)", event: event))
  }
}

/// A capture file that goes from task to task, used by one at a time.
private final class FrameFile: Sendable {
  private let file: Mutex<PcapngFile>

  init(_ file: sending PcapngFile) { self.file = Mutex(file) }

  func append(_ frame: CapturedFrame) throws -> Int {
    try file.withLock { try $0.append(PcapngBlock.Frame(interface: 0, frame: frame)) }
  }

  func flush() throws { try file.withLock { try $0.flush() } }

  func finish(at time: Int64, _ received: Int, dropped: Int) throws {
    try file.withLock {
      $0.appendStatistics(interface: 0, time: time, received: received, dropped: dropped)
      try $0.flush()
    }
  }
}
