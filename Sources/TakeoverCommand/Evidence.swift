// What becomes of the capture after the run: a copy with words beside its decisive frames, for
// whoever wants to see in Wireshark or tcpdump what a report says; and a second source to judge by.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun
internal import TakeoverWire

enum Evidence {
  /// Read in pieces of so many bytes: a capture may be larger than the memory.
  private static let piece = 1 << 18

  /// Writes `evidence.pcapng` beside the capture, whole or not at all. A damaged capture is copied
  /// as far as it is good, and told of. Without a capture there is no copy.
  static func write(
    in folder: RunFolder, for report: Report, by observations: [Observation]
  ) throws {
    guard let capture = FileHandle(forReadingAtPath: folder.capture) else { return }
    defer { try? capture.close() }
    let local = Set(report.header.site.captures.filter { $0.through == nil }.map(\.name))
    var comments: [Int: [String]] = [:]
    for decisive in DecisiveFrames.found(for: report, in: observations)
    where local.contains(decisive.port) {
      comments[decisive.frame, default: []].append(decisive.words)
    }
    let temporary = "\(folder.evidence).\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let remedy = "free space there, or choose another place"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let copy = FileHandle(forWritingAtPath: temporary)
    else {
      throw Complaint("\(temporary) cannot be written", remedy: remedy)
    }
    var annotation = PcapngAnnotation(comments: comments, names: clients(in: observations))
    let defect = try annotate(capture, into: copy, by: &annotation)
    try copy.close()
    guard unsafe rename(temporary, folder.evidence) == 0 else {
      throw Complaint("\(folder.evidence) cannot be written", remedy: remedy)
    }
    if let problem = defect?.problem ?? (annotation.isCutShort ? "it is cut short" : nil) {
      throw Complaint(
        "\(folder.capture): \(problem)",
        remedy: "\(folder.evidence) has the \(annotation.frameCount) frames before that")
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

  private static func annotate(
    _ capture: FileHandle, into copy: FileHandle, by annotation: inout PcapngAnnotation
  ) throws -> PcapngStream.Defect? {
    var isWhole = false
    while !isWhole {
      let bytes = try capture.read(upToCount: piece) ?? Data()
      isWhole = bytes.isEmpty
      let annotated: [UInt8]
      do throws(PcapngStream.Defect) {
        annotated = try annotation.feed(bytes)
      } catch {
        return error
      }
      try copy.write(contentsOf: annotated)
    }
    return nil
  }

  /// What was observed, with the wire's part of it taken from the capture. A capture that is damaged
  /// or cut short is taken as far as it is good; what comes after that is doubtful.
  static func observations(
    in folder: RunFolder, insteadOf journal: [Observation]
  ) throws -> [Observation] {
    guard case .runBegan(let header)? = journal.first?.event else { return journal }
    guard let capture = FileHandle(forReadingAtPath: folder.capture) else {
      throw Complaint(
        "\(folder.capture) cannot be read", remedy: "judge without --from-captures")
    }
    defer { try? capture.close() }
    var replay = try WireReplay(header)
    do {
      while let bytes = try capture.read(upToCount: piece), !bytes.isEmpty {
        try replay.feed(bytes)
      }
      try replay.finish()
    } catch let defect as PcapngStream.Defect {
      guard case .damaged = defect else {
        throw Complaint("\(folder.capture) is \(defect.problem)", remedy: defect.remedy)
      }
      Terminal.complain(Complaint("\(folder.capture): \(defect.problem)", remedy: defect.remedy))
    }
    tell(replay.compared(with: journal), of: folder.capture)
    return replay.observations(insteadOf: journal)
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
