// The head of report.html, and what stands above everything: the verdict in one line.

internal import TakeoverModel

enum PageHead {
  /// Nothing is fetched, nothing runs: what a node smuggled in could do neither.
  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  static func write(_ report: Report, into page: inout Markup) {
    page.element("head") { head in
      head.void("meta", [("charset", "utf-8")])
      head.void("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)])
      head.void(
        "meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
      head.void("meta", [("name", "color-scheme"), ("content", "light dark")])
      head.void("meta", [("name", "robots"), ("content", "noindex")])
      head.element(
        "title",
        words: "\(report.outcome.word): \(report.header.site.name), \(report.header.run)")
      head.element("style") { $0.place(PageStyle.sheet) }
    }
  }

  static func writeVerdict(_ report: Report, into page: inout Markup) {
    page.element("header") { header in
      header.element("h1") { line in
        line.verdict(report.outcome.word, report.outcome.rawValue)
        line.write(": \(VerdictWords.sentence(report))")
      }
      if let end = report.end, !end.healed {
        header.element("p", [("class", "alarm")]) { line in
          line.element("b", words: "A node could not be healed.")
          line.write(" The command that mends what it can: ")
          line.element("code", words: "takeover heal")
        }
      }
      if let words = VerdictWords.end(report) { header.element("p", words: words) }
      let began = WallClock(origin: report.header.origin).text(.began)
      header.element(
        "p", [("class", "note")],
        words: "Site \(report.header.site.name) (\(report.header.site.environment.rawValue)), "
          + "run \(report.header.run), began \(began) UTC, takeover \(report.header.version).")
    }
  }
}

extension TrialResult {
  /// The class of its colour.
  var kind: String { isLeftOut ? "left" : outcome.rawValue }
}
