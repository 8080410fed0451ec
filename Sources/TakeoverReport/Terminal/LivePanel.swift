// What a person sees at the end of the terminal while a run goes on: the pair, what is done and waited
// for, and how much is to go. Fed with the observations, asked with a moment and a size; judges nothing.

package import TakeoverModel

package struct LivePanel: Sendable {
  /// Below that nothing is drawn.
  package static let leastColumns = 20
  package static let leastRows = 4
  /// A terminal that becomes narrower breaks its longer lines, or does not, and nobody can tell which:
  /// lines that fit into 80 columns stay whole at every size that people use.
  private static let mostColumns = 76
  /// What a key echoes behind the last line, `^C`, must not break it.
  private static let margin = 4
  /// So many rows stay for what has gone up.
  static let rowsAbove = 4
  static let gauge = 14
  static let label = 8

  static func width(of columns: Int) -> Int { min(columns - margin, mostColumns) }

  private let colour: Bool
  private var header: RunHeader?
  private var stage = LiveStage()
  private var count = LiveCount()
  private var watch: PairWatch?

  package init(colour: Bool = false) { self.colour = colour }

  package mutating func see(_ observation: Observation) {
    if case .runBegan(let header) = observation.event {
      self.header = header
      watch = PairWatch(site: header.site, from: observation.when.latest)
    }
    stage.see(observation, in: header)
    count.see(observation)
    _ = watch?.take(observation)
  }

  /// The lines for a terminal of that size, each narrower than it, fewer than it has rows; none where it
  /// is too small. What matters most comes first where not everything fits.
  package mutating func lines(at now: Moment, columns: Int, rows: Int) -> [String] {
    _ = watch?.pass(now)
    guard columns >= Self.leastColumns, rows >= Self.leastRows else { return [] }
    let width = Self.width(of: columns)
    var left = max(rows - Self.rowsAbove, 1)
    func fitting(_ lines: [PanelLine]) -> [PanelLine] {
      guard lines.count <= left else { return [] }
      left -= lines.count
      return lines
    }
    let doing = fitting([self.stepLine(at: now, width)])
    let trials = fitting([self.trialsLine(at: now, width)])
    let title = fitting([self.title(width)])
    let troubles = fitting(Array(self.troubles(at: now, width).prefix(max(min(6, left), 0))))
    let pair = fitting(watch.map { PairRows(watch: $0, at: now, width: width).lines } ?? [])
    let next = rows >= 30 ? fitting(following(min(5, left))) : []
    return (title + pair + troubles + doing + trials + next)
      .map { $0.rendered(width, colour: colour) }
  }

  /// One line that says how things stand, where no panel can be drawn.
  package mutating func heartbeat(at now: Moment) -> String {
    let step = stage.step(at: now)
    var words = "  \(step.words), \(Self.elapsed(step, at: now))"
    if let holder = watch?.holder { words += "; \(holder) holds" }
    let open = watch?.anomalies.map(\.sentence) ?? []
    if !open.isEmpty { words += "; " + open.joined(separator: "; ") }
    return words
  }

  // MARK: Lines

  private func title(_ width: Int) -> PanelLine {
    guard let header else { return .ruled("takeover", width) }
    var words = header.site.name
    if let trial = count.trial, let place = count.place {
      words += ": \(CleanText.line(trial.name))"
      if trial.repetitions > 1 { words += " #\(count.current?.repetition ?? 1)" }
      words += " (\(place) of \(count.all))"
    }
    return .ruled(words, width)
  }

  private func stepLine(at now: Moment, _ width: Int) -> PanelLine {
    let step = stage.step(at: now)
    var line = PanelLine(TextWidth.fitted("now", to: Self.label), .faint)
    let time = Self.elapsed(step, at: now)
    let part = step.limit.map { Gauge.part(now.since(step.since), of: $0) }
    let gauge = width >= 60 ? part.map { Gauge.text($0, width: Self.gauge) } : nil
    let behind = TextWidth.columns(of: time) + 2 + (gauge == nil ? 0 : Self.gauge + 2)
    line.add(TextWidth.cut(step.words, to: max(width - Self.label - behind, 8)), .strong)
    line.add(time, at: line.columns)
    let next = "then \(step.next)"
    let room = width - line.columns - 2 - (gauge == nil ? 0 : Self.gauge + 2)
    if !step.next.isEmpty, TextWidth.columns(of: next) <= room {
      line.add(next, .faint, at: line.columns)
    }
    if let gauge { line.add(gauge, at: width - Self.gauge) }
    return line
  }

  private static func elapsed(_ step: LiveStage.Step, at now: Moment) -> String {
    let elapsed = WaitText.elapsed(now.since(step.since))
    return step.limit.map { "\(elapsed) of \(TimeText.chosen($0))" } ?? elapsed
  }

  private func trialsLine(at now: Moment, _ width: Int) -> PanelLine {
    let rest = count.rest(at: now)
    var line = PanelLine(TextWidth.fitted("trials", to: Self.label), .faint)
    line.add("\(count.done) done, \(rest.trials) to go")
    if rest.trials > 0 {
      let (least, most) = (WaitText.left(rest.atLeast), WaitText.left(rest.atMost))
      let range = least == most ? "about \(most)" : "\(least) to \(most)"
      line.add(": \(range)\(rest.isMeasured ? "" : " by the plan")")
    }
    if width >= 60, count.all > 0, line.columns + 2 + Self.gauge <= width {
      let part = Double(count.done) / Double(count.all)
      line.add(Gauge.text(part, width: Self.gauge), at: width - Self.gauge)
    }
    return line
  }

  private func troubles(at now: Moment, _ width: Int) -> [PanelLine] {
    // What the blows themselves bring about is no news.
    (watch?.anomalies ?? []).filter { $0.word != .flapping }.flatMap { anomaly in
      PanelLine.trouble(anomaly, at: now, width)
    }
  }

  private func following(_ most: Int) -> [PanelLine] {
    guard most > 0 else { return [] }
    return count.next(most).enumerated().map { index, name in
      var line = PanelLine(TextWidth.fitted(index == 0 ? "next" : "", to: Self.label), .faint)
      line.add(CleanText.line(name), .faint)
      return line
    }
  }
}
