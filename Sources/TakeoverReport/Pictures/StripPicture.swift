// All trials of a run on one axis: a row for each trial of a plan, a sign for each of its repetitions
// where its takeover came, the limit as a line.

package import TakeoverModel

package struct StripPicture: Sendable {
  private static let margin = Picture.Form.margin
  private static let names = 242.0
  private static let most = 40
  /// Repetitions stand one above the other, as far apart.
  private static let step = 6.0

  private struct Row {
    var name: String
    var trials: [TrialResult]
    var limit: Duration?
    /// On how many levels its repetitions stand.
    var levels: Int { min(max(trials.count, 2), 24) }
  }

  /// nil: of no trial is there a takeover to show.
  package static func picture(of report: Report, _ form: Picture.Form = .broad) -> Picture? {
    let rows = rows(of: report)
    let times = report.trials.compactMap { $0.timeline.takeoverTime }
    guard !times.isEmpty else { return nil }
    let longest = max(times.map(\.atMost).max() ?? .zero, rows.compactMap(\.limit).max() ?? .zero)
    let scale = TimeScale(
      shown: Window(from: .began, to: .began + longest + longest / 16), zero: .began,
      places: form.places(besideNamesOf: names))
    let shown = rows.prefix(most)
    let above = form == .broad ? 0 : Picture.letter.height
    let heights = shown.map { max(24, Double($0.levels) * (step + 1) + 10) + above }
    let hidden = rows.count - shown.count
    let bottom = margin + heights.reduce(0, +)
    var picture = Picture(
      width: form.width, height: bottom + (hidden > 0 ? 46 : 34),
      title: "All trials: from the blow until the takeover",
      words: "A row for each trial, a sign for each repetition where its takeover came, the limit "
        + "as a dashed line. The table has the numbers.")
    for tick in scale.ticks(most: form == .broad ? 8 : 6) {
      picture.marks.append(
        .line(x: tick.place, y: margin, toX: tick.place, toY: bottom + 4, .faint, isDashed: false))
      picture.label(tick.words, at: tick.place, y: bottom + 16, within: 0...form.width, .muted)
    }
    picture.write(
      "from blow to takeover", x: form == .broad ? margin : form.right,
      y: bottom + (form == .broad ? 16 : 29), form == .broad ? .start : .end, .muted)
    if hidden > 0 {
      picture.write("and \(hidden) more trials", x: margin, y: bottom + 42, .start, .muted)
    }
    var y = margin
    for (row, height) in zip(shown, heights) {
      draw(row, from: y, height: height, scale, form, in: &picture)
      y += height
    }
    return picture
  }

  private static func rows(of report: Report) -> [Row] {
    var rows: [Row] = []
    var places: [TrialHeader: Int] = [:]
    for trial in report.trials {
      var key = trial.timeline.header
      key.repetition = 0
      // Two trials may have been given one header, but not one name.
      if let index = places[key], rows[index].name == trial.name {
        rows[index].trials.append(trial)
      } else {
        places[key] = rows.count
        rows.append(
          Row(
            name: trial.name, trials: [trial],
            limit: PictureFocus.limit(of: trial.timeline.trial)))
      }
    }
    return rows
  }

  private static func draw(
    _ row: Row, from top: Double, height: Double, _ scale: TimeScale, _ form: Picture.Form,
    in picture: inout Picture
  ) {
    // Where its signs begin.
    let first = form == .broad ? top : top + Picture.letter.height
    picture.marks.append(
      .line(x: margin, y: top, toX: form.right, toY: top, .faint, isDashed: false))
    let count = row.trials.count > 1 ? " ×\(row.trials.count)" : ""
    let room = (form == .broad ? 33 : 46) - count.count
    picture.write(
      TrialPicture.fitted(CleanText.line(row.name), to: room) + count, x: margin,
      y: form == .broad ? top + height / 2 + 4 : top + 12, .start, .ink)
    if let limit = row.limit {
      let x = scale.place(.began + limit)
      picture.marks.append(.line(x: x, y: first, toX: x, toY: top + height, .fail, isDashed: true))
    }
    let shown = row.trials.compactMap { trial in
      trial.timeline.takeoverTime.map { (trial.outcome, $0) }
    }
    if shown.isEmpty {
      let words = row.trials.allSatisfy(\.isLeftOut) ? "not carried out" : "no takeover"
      picture.write(
        words, x: scale.places.lowerBound + 4, y: (first + top + height) / 2 + 4, .start, .muted)
    }
    for (index, (outcome, time)) in shown.enumerated() {
      let y = first + 5 + Double(index % row.levels) * (step + 1)
      let ink = outcome.ink
      let (from, to) = (scale.place(.began + time.atLeast), scale.place(.began + time.atMost))
      picture.bar(from: from, to: to, y: y + 2, height: 2, ink)
      let x = (from + to) / 2
      picture.bar(from: x - 3, to: x + 3, y: y, height: 6, ink, least: 6)
    }
  }
}

extension TrialTimeline {
  /// From the blow until another node has taken over.
  var takeoverTime: Elapsed? { taken.flatMap { sinceBlow($0.at) } }
}

extension Outcome {
  var ink: Picture.Ink {
    switch self {
    case .pass: .pass
    case .fail: .fail
    case .unknown: .unknown
    }
  }
}
