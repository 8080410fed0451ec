// report.html: one file for people, from the verdict down to the commands. It works from a disk, fetches
// nothing and runs nothing.

package import TakeoverModel

package struct PageReport: ReportFormat {
  package static let fileName = "report.html"
  /// More rows than this are in results.json only.
  private static let mostRows = 5_000

  package init() {}

  package func render(_ report: Report) -> [UInt8] {
    let page = TrialPage(report: report, drawn: Set(PictureFiles.drawn(of: report)))
    var markup = Markup()
    markup.place("<!DOCTYPE html>\n")
    markup.element("html", [("lang", "en")]) { html in
      PageHead.write(report, into: &html)
      html.element("body") { body in
        PageHead.writeVerdict(report, into: &body)
        body.element("main") { main in
          Self.writeOverview(report, page, into: &main)
          Self.writeTrials(report, page, into: &main)
          CommandsPage.write(report, into: &main)
          EvidencePage.write(report, into: &main)
        }
      }
    }
    return Array(markup.text.utf8)
  }

  private static func writeOverview(
    _ report: Report, _ page: TrialPage, into main: inout Markup
  ) {
    main.element("section") { section in
      section.element("h2", words: "All trials")
      if StripPicture.picture(of: report) != nil {
        section.element("figure") { figure in
          figure.pictures("trials") { StripPicture.picture(of: report, $0) }
          figure.element(
            "figcaption",
            words:
              "Where each takeover came. The colour is the trial's verdict, the dashed line what "
              + "takeover-within allows.")
        }
      }
      let (heads, cells) = TrialNumbers.table(report.trials)
      section.table("Each trial, in the plan's order", ["verdict", "trial"] + heads) { rows in
        for (index, trial) in report.trials.enumerated().prefix(mostRows) {
          rows.element("tr") { row in
            row.element("td") { $0.verdict(trial.word, trial.kind) }
            row.element("td") { cell in
              if page.isShown(index) {
                cell.element("a", [("href", "#trial-\(index + 1)")], words: trial.title)
              } else {
                cell.write(trial.title)
              }
            }
            for cell in cells[index] { row.element("td", [("class", "value")], words: cell) }
          }
        }
      }
      let left = report.trials.count - mostRows
      if left > 0 {
        section.element("p", words: "\(left) more trials are in results.json.")
      }
    }
  }

  private static func writeTrials(
    _ report: Report, _ page: TrialPage, into main: inout Markup
  ) {
    let all = report.trials.indices
    let sections: [(String, [Int], isOpen: Bool)] = [
      ("What needs a reader", all.filter { page.needsReader($0) }, true),
      ("Not carried out", all.filter { report.trials[$0].isLeftOut }, false),
      ("Passed", all.filter { page.isPass($0) }, false),
    ]
    for (title, indices, isOpen) in sections where !indices.isEmpty {
      main.element("section") { section in
        section.element("h2", words: title)
        var left = 0
        for index in indices {
          if page.isShown(index) {
            page.write(index, isOpen: isOpen, into: &section)
          } else {
            left += 1
          }
        }
        if left > 0 {
          section.element(
            "p", [("class", "note")],
            words: "\(left) more have their row above, and everything in results.json.")
        }
      }
    }
  }
}
