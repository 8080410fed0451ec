// What becomes of the captures after the run: copies with words beside the decisive frames, for
// whoever wants to see in Wireshark or tcpdump what a report says; and a second source to judge by.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun
internal import TakeoverWire

enum Evidence {
  /// A capture file of the run, and the points whose frames it has.
  private struct Capture {
    var points: [CapturePoint]
    var path: String
    /// The copy with words.
    var copy: String
  }

  private static func captures(of site: Site, in folder: RunFolder) -> [Capture] {
    let here = site.captures.filter { $0.through == nil }
    let elsewhere = site.captures.filter { $0.through != nil }.map { point in
      Capture(
        points: [point], path: folder.capture(through: point.name),
        copy: folder.evidence(through: point.name))
    }
    guard !here.isEmpty else { return elsewhere }
    return [Capture(points: here, path: folder.capture, copy: folder.evidence)] + elsewhere
  }

  // MARK: Copies

  /// Writes a copy beside each capture, whole or not at all. A damaged capture is copied as far as it
  /// is good, and told of. Without a capture there is no copy.
  static func write(
    in folder: RunFolder, for report: Report, by observations: [Observation]
  ) throws {
    let decisive = DecisiveFrames.found(for: report, in: observations)
    let names = clients(in: observations)
    var complaint: (any Error)?
    for capture in captures(of: report.header.site, in: folder) {
      let points = Set(capture.points.map(\.name))
      var comments: [Int: [String]] = [:]
      for one in decisive where points.contains(one.port) {
        comments[one.frame, default: []].append(one.words)
      }
      var annotation = PcapngAnnotation(comments: comments, names: names)
      do { try write(capture, by: &annotation) } catch { complaint = complaint ?? error }
    }
    if let complaint { throw complaint }
  }

  private static func write(_ capture: Capture, by annotation: inout PcapngAnnotation) throws {
    guard FileManager.default.fileExists(atPath: capture.path) else { return }
    let source = try CaptureBytes(capture.path)
    let temporary = "\(capture.copy).\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let remedy = "free space there, or choose another place"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let copy = FileHandle(forWritingAtPath: temporary)
    else {
      throw Complaint("\(temporary) cannot be written", remedy: remedy)
    }
    let defect = try annotate(source, into: copy, by: &annotation)
    try copy.close()
    let problem = defect?.problem ?? (annotation.isCutShort ? "it is cut short" : nil)
    if let problem, annotation.frameCount == 0 {
      throw Complaint(
        "\(capture.path): \(problem)", remedy: "there is no \(capture.copy) without frames")
    }
    guard unsafe rename(temporary, capture.copy) == 0 else {
      throw Complaint("\(capture.copy) cannot be written", remedy: remedy)
    }
    if let problem {
      throw Complaint(
        "\(capture.path): \(problem)",
        remedy: "\(capture.copy) has the \(annotation.frameCount) frames before that")
    }
  }

  private static func annotate(
    _ source: borrowing CaptureBytes, into copy: FileHandle, by annotation: inout PcapngAnnotation
  ) throws -> PcapngStream.Defect? {
    while true {
      let bytes = try source.next()
      let annotated: [UInt8]
      do throws(PcapngStream.Defect) {
        annotated = try annotation.feed(bytes)
      } catch {
        return error
      }
      try copy.write(contentsOf: annotated)
      if bytes.isEmpty { return nil }
    }
  }

  /// The capture began before the vantage points' addresses were known.
  private static func clients(in observations: [Observation]) -> [(IPAddress, String)] {
    var names: [IPAddress: String] = [:]
    for case .vantageDescribed(let vantage) in observations.map(\.event) {
      for address in vantage.addresses { names[address] = vantage.vantage }
    }
    return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  // MARK: A second source

  /// What was observed, with the wire's part of it taken from the captures. A capture that is damaged
  /// or cut short is taken as far as it is good; what comes after that is doubtful.
  static func observations(
    in folder: RunFolder, insteadOf journal: [Observation]
  ) throws -> [Observation] {
    guard case .runBegan(let header)? = journal.first?.event else { return journal }
    let captures = captures(of: header.site, in: folder)
    guard !captures.isEmpty else {
      throw Complaint(
        "the run at \(header.site.name) captured nothing", remedy: "judge without --from-captures")
    }
    return try captures.reduce(journal) { observations, capture in
      var replay = WireReplay(header, of: capture.points, besides: journal)
      try read(capture.path, into: &replay)
      tell(replay.compared(with: journal), of: capture.path)
      return replay.observations(insteadOf: observations)
    }
  }

  private static func read(_ path: String, into replay: inout WireReplay) throws {
    let capture = try CaptureBytes(path)
    do {
      var bytes = try capture.next()
      while !bytes.isEmpty {
        try replay.feed(bytes)
        bytes = try capture.next()
      }
      try replay.finish()
    } catch let defect as PcapngStream.Defect {
      guard case .damaged = defect else {
        throw Complaint("\(path) is \(defect.problem)", remedy: defect.remedy)
      }
      Terminal.complain(Complaint("\(path): \(defect.problem)", remedy: defect.remedy))
    }
  }

  private static func tell(_ comparison: WireReplay.Comparison, of capture: String) {
    let sightings = "\(capture): \(comparison.sightings) sightings in \(comparison.frames) frames"
    let words =
      comparison.firstDiffering.map {
        "\(comparison.differing) frames are not what the journal says of them, the first is \($0)"
      } ?? "all as in the journal"
    Terminal.note("takeover: \(sightings); \(words)")
  }
}

/// A capture file, piece by piece: it may be larger than the memory.
private struct CaptureBytes: ~Copyable {
  private static let piece = 1 << 18

  private let path: String
  private let handle: FileHandle

  init(_ path: String) throws(Complaint) {
    guard let handle = FileHandle(forReadingAtPath: path) else { throw Self.unreadable(path) }
    self.path = path
    self.handle = handle
  }

  deinit { try? handle.close() }

  /// Empty at the end.
  func next() throws(Complaint) -> Data {
    do { return try handle.read(upToCount: Self.piece) ?? Data() } catch {
      throw Self.unreadable(path)
    }
  }

  private static func unreadable(_ path: String) -> Complaint {
    Complaint("\(path) cannot be read", remedy: "judge by the journal, without --from-captures")
  }
}
