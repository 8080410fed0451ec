// Which files a test case points to, in the words that Jenkins' JUnit Attachments plugin and GitLab read:
// `[[ATTACHMENT|path]]`, each on a line of its own, the picture first.

internal import TakeoverModel

struct JUnitAttachments: Sendable {
  private let folder: String?
  private let drawn: Set<Int>
  private let captures: [String]

  init(of report: Report, in folder: String?) {
    // A path with one of the words' own signs would be another path.
    let isPlain = folder.map { folder in
      CleanText.line(folder) == folder && !folder.contains { "[]|".contains($0) }
    }
    self.folder = isPlain == true ? folder : nil
    drawn = Set(PictureFiles.drawn(of: report))
    captures = EvidencePage.captures(of: report.header.site).filter { name in
      CleanText.line(name) == name && !name.contains { "[]|".contains($0) }
    }
  }

  /// What nodes say attaches no file: GitLab looks for the mark anywhere in a line. By scalars, for a
  /// bracket may be a part of a larger Character.
  static func disarmed(_ line: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      if scalar == "[", scalars.last == "[" { scalars.append(" ") }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// Of the trial at `index`.
  func paths(of index: Int) -> [String] {
    guard let folder else { return [] }
    let picture = drawn.contains(index) ? ["\(PictureFiles.stem(index)).png"] : []
    return (picture + [PageReport.fileName] + captures).map { "\(folder)/\($0)" }
  }
}
