// One trial on the page: what was found, the picture, the tables beside it, the way to the evidence.

internal import TakeoverModel

struct TrialPage: Sendable {
  /// What has no picture and needs a reader has its words all the same: at most so many.
  private static let most = 1_000
  /// More claims than this are in results.json only: an address that flaps has thousands.
  private static let mostRows = 40

  let report: Report
  let drawn: Set<Int>

  func needsReader(_ index: Int) -> Bool {
    !report.trials[index].isLeftOut && report.trials[index].outcome != .pass
  }

  func isPass(_ index: Int) -> Bool {
    !report.trials[index].isLeftOut && report.trials[index].outcome == .pass
  }

  func isShown(_ index: Int) -> Bool {
    drawn.contains(index) || (!isPass(index) && index < Self.most)
  }

  func write(_ index: Int, isOpen: Bool, into page: inout Markup) {
    let trial = report.trials[index]
    var attributes: Markup.Attributes = [("class", trial.kind)]
    if isOpen { attributes.append(("open", "")) }
    page.element("details", attributes) { details in
      details.element("summary") { summary in
        summary.verdict(trial.word, trial.kind)
        summary.place(" ")
        summary.element("h3", words: trial.title)
      }
      // The anchor is inside: whoever is led to it finds it unfolded.
      details.element("div", [("id", "trial-\(index + 1)")]) { content in
        writeFindings(trial, into: &content)
        writePicture(index, into: &content)
        writeTables(trial, into: &content)
        writeLinks(index, into: &content)
      }
    }
  }

  // MARK: In words

  private func writeFindings(_ trial: TrialResult, into page: inout Markup) {
    if !trial.reason.isEmpty { page.element("p", words: trial.reason) }
    let timeline = trial.timeline
    let notes =
      timeline.aftermath.map { ("afterwards", $0) } + timeline.doubts.map { ("doubt", $0) }
      + DaemonWords.refusals(timeline).map { ("note", $0) }
    guard !trial.findings.isEmpty || !notes.isEmpty else { return }
    page.element("ul") { list in
      for finding in trial.findingsByWeight {
        list.element("li") { item in
          item.verdict(finding.outcome.word, finding.outcome.rawValue)
          item.place(" ")
          item.element("b", words: finding.check)
          item.write(": \(finding.sentence)")
          if !finding.hint.isEmpty { item.element("p", words: finding.hint) }
        }
      }
      for (word, note) in notes {
        list.element("li") { item in
          item.element("b", words: word)
          item.write(": \(note)")
        }
      }
    }
  }

  // MARK: The picture

  private func writePicture(_ index: Int, into page: inout Markup) {
    let (trial, site) = (report.trials[index], report.header.site)
    guard drawn.contains(index) else { return }
    page.element("figure") { figure in
      figure.pictures("picture-\(index + 1)") { TrialPicture.picture(of: trial, at: site, $0) }
      figure.element("figcaption") { caption in
        caption.write(
          "Upright bars: advertisements (hollow: a goodbye); triangles: announcements. What is pale "
            + "is not known for certain.")
        if let due = trial.timeline.due {
          caption.write(
            " Yellow: when the first advertisement of the new holder was due, \(due.words).")
        }
        caption.write(" The picture alone: ")
        caption.link(to: "\(PictureFiles.stem(index)).svg", "SVG")
        caption.write(", ")
        caption.link(to: "\(PictureFiles.stem(index)).png", "PNG")
        caption.write(".")
      }
    }
  }

  // MARK: Tables

  private func writeTables(_ trial: TrialResult, into page: inout Markup) {
    let timeline = trial.timeline
    let marks = MarkRows.marks(timeline).map { [$0.mark, $0.value, $0.words] }
    let claims = claims(timeline)
    if !marks.isEmpty {
      page.element("div", [("class", "beside")]) { beside in
        beside.table("Marks", ["mark", "after the blow", "what"], marks)
        if !claims.isEmpty {
          beside.table("Who had the address", ["node", "address", "from", "until"], claims)
        }
      }
    }
    let phases = MarkRows.phases(timeline).map { [$0.value, $0.words] }
    if !phases.isEmpty { page.table("Times", ["length", "what"], phases) }
    if timeline.claims.count > Self.mostRows {
      page.element(
        "p", words: "\(timeline.claims.count - Self.mostRows) more are in results.json.")
    }
    let daemons = DaemonWords.rows(timeline)
    if !daemons.isEmpty { page.table("What the daemons said", DaemonWords.header, daemons) }
    let transitions = MarkRows.transitions(timeline)
    if !transitions.isEmpty {
      page.element("p", words: "Holders: \(transitions.joined(separator: "; ")).")
    }
  }

  private func claims(_ timeline: TrialTimeline) -> [[String]] {
    guard let blow = timeline.marks.blow else { return [] }
    let begin = timeline.window?.from ?? blow.earliest
    return timeline.claims.prefix(Self.mostRows).map { claim in
      [
        claim.node, claim.address.description,
        claim.from.latest < begin ? "before the blow" : claim.from.since(blow).description,
        claim.until.map { $0.since(blow).description } ?? "the end",
      ]
    }
  }

  // MARK: Evidence

  private func writeLinks(_ index: Int, into page: inout Markup) {
    let trial = report.trials[index]
    let procedures = report.procedures.enumerated().filter { _, one in
      trial.timeline.course.blows.contains { $0.node == one.node && $0.fault == one.fault }
    }
    page.element("p", [("class", "note")]) { line in
      if let plan = plan(of: trial), !plan.source.isEmpty {
        line.write("Plan \(plan.source), line \(trial.timeline.trial.line). ")
      }
      for (number, one) in procedures {
        line.element("a", [("href", "#commands-\(number + 1)")], words: "What \(one.node) got")
        line.write(". ")
      }
      let captures = EvidencePage.captures(of: report.header.site)
      if !captures.isEmpty, trial.timeline.window != nil {
        line.write("Its decisive frames have comments in ")
        for (place, path) in captures.enumerated() {
          if place > 0 { line.write(", ") }
          line.link(to: path, path)
        }
        line.write(": ")
        line.element("code", words: "frame.comment contains \"trial \(index + 1) '\"")
        line.write(".")
      }
    }
  }

  private func plan(of trial: TrialResult) -> Plan? {
    let index = trial.timeline.header.plan
    return report.header.plans.indices.contains(index) ? report.header.plans[index] : nil
  }
}

extension TrialResult {
  /// What failed first, then what is open, then what passed; else in the plan's order.
  var findingsByWeight: [Finding] {
    let weights: [Outcome] = [.fail, .unknown, .pass]
    return weights.flatMap { weight in findings.filter { $0.outcome == weight } }
  }
}
