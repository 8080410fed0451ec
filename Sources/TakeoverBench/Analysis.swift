// What is measured in processes of its own, so that the kernel can say how much memory it took: the
// program calls itself with these words.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverWire

/// Reads a capture as `takeover judge --from-captures` does, and understands every frame.
struct ReadCapture: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-capture", shouldDisplay: false)

  @Argument var file: String
  @Argument var frames: Int

  func run() throws {
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw Complaint("cannot open \(file)", remedy: "")
    }
    var (stream, understood) = (PcapngStream(), 0)
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      for block in try stream.feed(piece) {
        guard case .frame(let captured) = block.content else { continue }
        if case .damaged = Frame(captured.frame.bytes[...]).body { continue }
        understood += 1
      }
    }
    guard understood == frames else {
      throw Complaint("\(understood) frames of \(frames) were understood", remedy: "")
    }
  }
}

/// The whole of `takeover judge`, but for writing what it renders.
struct JudgeJournal: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge-journal", shouldDisplay: false)

  @Argument var file: String

  func run() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    let report = try Judge().judge(JournalReader.read(bytes))
    for format in FormatCatalog.formats().kinds { _ = try format.render(report) }
    // A journal that is not understood would be judged quickly.
    guard report.outcome == .pass else {
      let trial = report.trials.first { $0.outcome != .pass }
      throw Complaint("the made journal did not pass: \(String(describing: trial))", remedy: "")
    }
  }
}
