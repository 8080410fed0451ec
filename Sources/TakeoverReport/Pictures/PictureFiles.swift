// The pictures of a run as files: SVG for whoever opens them, PNG for what shows nothing else.

package import TakeoverModel

package enum PictureFiles {
  package static let folder = "pictures"
  /// What needs a reader is drawn, and of the rest as much as a reader can look at: at most so many.
  package static let most = 200

  package struct File: Hashable, Sendable {
    /// Within the run's folder: `pictures/trial-2.png`.
    package var path: String
    package var bytes: [UInt8]
  }

  /// The path of the picture of the trial at `index`, without what tells its kind.
  static func stem(_ index: Int) -> String { "\(folder)/trial-\(index + 1)" }
  static let strip = "\(folder)/trials"

  /// The indices of the trials that are drawn, in their order: those that did not pass come first
  /// when there are too many. What never began has no picture.
  package static func drawn(of report: Report) -> [Int] {
    let shown = report.trials.indices.filter { report.trials[$0].timeline.window != nil }
    guard shown.count > most else { return shown }
    let first = shown.filter { report.trials[$0].outcome != .pass }
    let rest = shown.filter { report.trials[$0].outcome == .pass }
    return (first + rest).prefix(most).sorted()
  }

  /// One picture's files at a time, so that a long run need not be in memory at once.
  package static func each(of report: Report, _ body: (File) -> Void) {
    if let picture = StripPicture.picture(of: report) { files(picture, strip).forEach(body) }
    for index in drawn(of: report) {
      let trial = report.trials[index]
      guard let picture = TrialPicture.picture(of: trial, at: report.header.site) else { continue }
      files(picture, stem(index)).forEach(body)
    }
  }

  private static func files(_ picture: Picture, _ stem: String) -> [File] {
    [
      File(path: "\(stem).svg", bytes: PictureSVG.document(picture)),
      File(path: "\(stem).png", bytes: PNG.file(Raster(picture))),
    ]
  }
}
