// What a person sees at the end of the terminal while a run goes on: the pair, what is done and waited
// for, and how much is to go. Fed with the observations, asked with a moment and a size; judges nothing.

package import TakeoverModel

package struct LivePanel: Sendable {
  /// Below that nothing is drawn.
  package static let leastColumns = 20
  package static let leastRows = 4
  /// Wider lines are hard to read, and break badly when a terminal becomes narrower.
  private static let mostColumns = 120
  /// So many rows stay for what has gone up.
  private static let rowsAbove = 4

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
  /// is too small.
  package mutating func lines(at now: Moment, columns: Int, rows: Int) -> [String] {
    _ = watch?.pass(now)
    guard columns >= Self.leastColumns, rows >= Self.leastRows else { return [] }
    let width = min(columns - 1, Self.mostColumns)
    let most = max(rows - Self.rowsAbove, 1)
    let step = stepLine(at: now, width)
    var lines = [step]
    let trials = trialsLine(at: now, width)
    if most >= 2 { lines.append(trials) }
    if most >= 3 { lines.insert(title(width), at: 0) }
    // What is wrong is worth more than who is well, and both more than what comes next.
    let troubles = troubles(at: now).prefix(max(min(3, most - lines.count), 0))
    lines.insert(contentsOf: troubles, at: lines.count - min(lines.count, 2))
    let pair = watch.map { PairRows(watch: $0, at: now, width: width).lines } ?? []
    if most - lines.count >= pair.count, most >= 3 { lines.insert(contentsOf: pair, at: 1) }
    if rows >= 30 { lines += following(min(5, most - lines.count)) }
    return lines.map { $0.rendered(width, colour: colour) }
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
    guard let header else { return PanelLine(Self.ruled("takeover", width), .faint) }
    var words = header.site.name
    if let trial = count.trial, let place = count.place {
      let repetition = count.current?.repetition ?? 1
      words += ": \(CleanText.line(trial.name))"
      if trial.repetitions > 1 { words += " #\(repetition)" }
      words += " (\(place) of \(count.all))"
    }
    return PanelLine(Self.ruled(words, width), .strong)
  }

  /// `-- words -----------`
  static func ruled(_ words: String, _ width: Int) -> String {
    let text = "-- \(TextWidth.cut(words, to: max(width - 6, 1))) "
    return text + String(repeating: "-", count: max(width - TextWidth.columns(of: text), 0))
  }

  private func stepLine(at now: Moment, _ width: Int) -> PanelLine {
    let step = stage.step(at: now)
    var line = PanelLine("now     ", .faint)
    let time = Self.elapsed(step, at: now)
    let gauge =
      step.limit.map { Gauge.text(Gauge.part(now.since(step.since), of: $0), width: 14) } ?? ""
    let room = width - 8 - 2 - TextWidth.columns(of: time) - (gauge.isEmpty ? 0 : 16)
    line.add(TextWidth.cut(step.words, to: max(room, 8)), .strong)
    line.add(time, at: line.columns)
    if !gauge.isEmpty { line.add(gauge, at: line.columns) }
    if !step.next.isEmpty, width >= 100 { line.add("then \(step.next)", .faint, at: line.columns) }
    return line
  }

  private static func elapsed(_ step: LiveStage.Step, at now: Moment) -> String {
    let elapsed = WaitText.elapsed(now.since(step.since))
    return step.limit.map { "\(elapsed) of \(TimeText.chosen($0))" } ?? elapsed
  }

  private func trialsLine(at now: Moment, _ width: Int) -> PanelLine {
    let rest = count.rest(at: now)
    var line = PanelLine("trials  ", .faint)
    line.add("\(count.done) done, \(rest.trials) to go")
    if rest.trials > 0 {
      let (least, most) = (WaitText.left(rest.atLeast), WaitText.left(rest.atMost))
      let range = least == most ? "about \(most)" : "\(least) to \(most)"
      line.add(": \(range)\(rest.isMeasured ? "" : " by the plan")")
    }
    if width >= 70, count.all > 0 {
      line.add(
        Gauge.text(Double(count.done) / Double(count.all), width: 14), at: line.columns)
    }
    return line
  }

  private func troubles(at now: Moment) -> [PanelLine] {
    (watch?.anomalies ?? []).map { anomaly in
      var line = PanelLine("!       ", .outcome(.unknown))
      line.add(anomaly.sentence, .outcome(.unknown))
      line.add(WaitText.elapsed(now.since(anomaly.since.latest)), at: line.columns)
      return line
    }
  }

  private func following(_ most: Int) -> [PanelLine] {
    guard most > 0 else { return [] }
    return count.next(most).enumerated().map { index, name in
      var line = PanelLine(index == 0 ? "next    " : "        ", .faint)
      line.add(CleanText.line(name), .faint)
      return line
    }
  }
}
