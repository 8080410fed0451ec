// What it costs to understand a frame, one kind at a time: from its bytes to its values, check sums
// included.

internal import TakeoverModel
internal import TakeoverWire

enum DecodeRows {
  static let section = "decode, one frame"

  /// A sample is the mean over this many frames: the clock itself takes as long as a frame.
  private static let batch = 10_000

  static func measure(batches: Int) throws -> Findings {
    var findings = Findings()
    for (name, bytes) in SampleFrames.kinds {
      if case .damaged(let defect) = Frame(bytes[...]).body {
        throw Complaint("the sample of \(name) is damaged: \(defect)", remedy: "report this")
      }
      let samples = (0..<batches).map { _ in nanoseconds(bytes) }
      findings.rows.append(
        Row(section, "\(name), \(bytes.count) bytes", unit: "ns/frame", samples))
    }
    return findings
  }

  private static func nanoseconds(_ bytes: [UInt8]) -> Double {
    let began = ContinuousClock.now
    for _ in 0..<batch { keep(Frame(bytes[...])) }
    return (ContinuousClock.now - began).seconds * 1e9 / Double(batch)
  }

  /// The optimiser cannot see that nobody looks at it.
  @inline(never) @_optimize(none)
  private static func keep(_ frame: Frame) {}
}
