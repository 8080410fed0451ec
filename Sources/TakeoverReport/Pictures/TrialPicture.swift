// A trial as a picture: its lanes one below the other on one axis, the gap measured out above them, the
// window in which the takeover was due behind them.

package import TakeoverModel

package struct TrialPicture: Sendable {
  private static let bar = 11.0
  private static let margin = Picture.Form.margin

  private let lanes: TrialLanes
  private let form: Picture.Form
  /// The height of a lane; where names stand above the bars, of both.
  private let lane: Double
  private let scale: TimeScale
  private var picture: Picture
  /// Where the lanes begin and end.
  private let top: Double
  private var bottom: Double { top + Double(lanes.lanes.count) * lane }

  /// nil: there was no blow, so there is nothing to show.
  package static func picture(
    of result: TrialResult, at site: Site, _ form: Picture.Form = .broad
  ) -> Picture? {
    guard let lanes = TrialLanes(of: result.timeline, at: site) else { return nil }
    return TrialPicture(lanes, of: result, form).drawn
  }

  private init(_ lanes: TrialLanes, of result: TrialResult, _ form: Picture.Form) {
    self.lanes = lanes
    self.form = form
    lane = form == .broad ? 20 : 29
    scale = TimeScale(
      shown: lanes.shown, zero: lanes.blow.middle,
      places: form.places(besideNamesOf: 146))
    let rows = [lanes.gap != nil, lanes.due != nil, lanes.limit != nil].count { $0 }
    top = Self.margin + Double(rows) * Picture.letter.height + 6
    let height = top + Double(lanes.lanes.count) * lane + 36
    picture = Picture(
      width: form.width, height: height,
      title: "\(result.word): \(CleanText.line(result.title))",
      words: Self.words(lanes, result))
  }

  private static func words(_ lanes: TrialLanes, _ result: TrialResult) -> String {
    let names = lanes.lanes.map(\.name).joined(separator: ", ")
    let gap = lanes.gap.map { " \($0.words)." } ?? ""
    return CleanText.line(
      "Time runs to the right, from \(TimeText.chosen(lanes.shown.from.since(lanes.blow.middle).short))"
        + " to \(TimeText.chosen(lanes.shown.to.since(lanes.blow.middle).short)) after the blow."
        + "\(gap) From top to bottom: \(names).")
  }

  private var drawn: Picture {
    var drawing = self
    drawing.drawBackground()
    drawing.drawAxis()
    for index in lanes.lanes.indices { drawing.draw(lanes.lanes[index], at: index) }
    drawing.drawMeasures()
    return drawing.picture
  }

  // MARK: Behind the lanes

  private mutating func drawBackground() {
    if let due = lanes.due, scale.isShown(due.when) {
      let (from, to) = (scale.place(due.when.earliest), scale.place(due.when.latest))
      picture.bar(from: from, to: to, y: top, height: bottom - top, .due, least: 3)
    }
    for index in 0...lanes.lanes.count {
      let y = top + Double(index) * lane
      picture.marks.append(
        .line(x: Self.margin, y: y, toX: form.right, toY: y, .faint, isDashed: false))
    }
  }

  private mutating func drawAxis() {
    for tick in scale.ticks(most: form == .broad ? 9 : 6) {
      picture.marks.append(
        .line(x: tick.place, y: top, toX: tick.place, toY: bottom + 4, .faint, isDashed: false))
      picture.label(
        tick.words, at: tick.place, y: bottom + 16, within: 0...form.width, .muted)
    }
    if form == .broad {
      picture.write("after the blow", x: Self.margin, y: bottom + 16, .start, .muted)
    } else {
      picture.write("after the blow", x: form.right, y: bottom + 29, .end, .muted)
    }
    let blow = scale.place(lanes.blow.middle)
    picture.bar(
      from: scale.place(lanes.blow.earliest), to: scale.place(lanes.blow.latest), y: top,
      height: bottom - top, .fail, least: 1.5)
    picture.write("t0", x: blow, y: bottom + 29, .middle, .fail)
    if let healing = lanes.healing, scale.isShown(healing) {
      let x = scale.place(healing.middle)
      picture.marks.append(.line(x: x, y: top, toX: x, toY: bottom, .pass, isDashed: true))
    }
  }

  // MARK: Lanes

  private mutating func draw(_ one: TrialLanes.Lane, at index: Int) {
    let y = top + Double(index) * lane
    // The bar's upper edge.
    let middle = form == .broad ? y + (lane - Self.bar) / 2 : y + lane - Self.bar - 3
    let room = form == .broad ? 20 : 40
    picture.write(
      Self.fitted(CleanText.line(one.name), to: room), x: Self.margin,
      y: form == .broad ? y + 14 : y + 12, .start, .ink)
    for item in one.items {
      switch item {
      case .span(let from, let until, let tone): draw(from, until, tone, y: middle)
      case .tick(let when, let tone, let isHollow):
        guard scale.isShown(when) else { continue }
        let x = scale.place(when.middle)
        if isHollow {
          picture.bar(from: x - 3, to: x + 3, y: middle + 3, height: 6, tone.ink)
          picture.bar(from: x - 1.5, to: x + 1.5, y: middle + 4.5, height: 3, .paper)
        } else {
          picture.bar(from: x - 1, to: x + 1, y: middle, height: Self.bar, tone.ink, least: 2)
        }
      case .tip(let when, let tone):
        guard scale.isShown(when) else { continue }
        picture.marks.append(.tip(x: scale.place(when.middle), y: middle + 1, tone.ink))
      case .words(let when, let words, let tone):
        write(words, beside: when, tone, y: middle + 9.5)
      }
    }
  }

  private mutating func draw(
    _ from: Interval, _ until: Interval, _ tone: TrialLanes.Tone, y: Double
  ) {
    guard scale.isShown(Interval(from.earliest, until.latest)) else { return }
    let (begin, end) = (scale.place(from.earliest), scale.place(until.latest))
    let (sure, sureEnd) = (scale.place(from.latest), scale.place(until.earliest))
    if let pale = tone.pale {
      picture.bar(from: begin, to: end, y: y, height: Self.bar, pale)
    }
    guard sureEnd > sure || tone.pale == nil else { return }
    let isThin = tone == .good
    picture.bar(
      from: tone.pale == nil ? begin : sure, to: tone.pale == nil ? end : sureEnd,
      y: isThin ? y + 4 : y, height: isThin ? 3 : Self.bar, tone.ink)
  }

  /// To the right of the instant, or to the left where there is no room.
  private mutating func write(
    _ words: String, beside when: Interval, _ tone: TrialLanes.Tone, y: Double
  ) {
    guard scale.isShown(when) else { return }
    let words = Self.fitted(CleanText.line(words), to: form == .broad ? 40 : 24)
    let x = scale.place(when.middle)
    let wide = Picture.width(of: words) + 6
    if x + wide <= form.width {
      picture.write(words, x: x + 5, y: y, .start, tone.ink)
    } else {
      picture.write(words, x: x - 5, y: y, .end, tone.ink)
    }
  }

  // MARK: Above the lanes

  private mutating func drawMeasures() {
    let bounds = scale.places.lowerBound...form.width - 2
    var y = Self.margin + 10
    if let gap = lanes.gap {
      let (from, to) = (scale.place(lanes.blow.middle), scale.place(gap.to.middle))
      picture.marks.append(.line(x: to, y: y - 10, toX: to, toY: bottom, .ink, isDashed: true))
      dimension(
        from: from, to: to, Self.fitted(CleanText.line(gap.words), to: form == .broad ? 60 : 44),
        y: y)
      y += Picture.letter.height
    }
    if let due = lanes.due {
      let x = scale.place(due.when.middle)
      let since = due.when.since(lanes.blow)
      picture.label(
        "due \(since)", at: x - Picture.width(of: "due \(since)") / 2 - 6, y: y, within: bounds,
        .unknown)
      y += Picture.letter.height
    }
    if let limit = lanes.limit {
      let x = scale.place(lanes.blow.middle + limit)
      picture.marks.append(.line(x: x, y: y, toX: x, toY: bottom, .fail, isDashed: true))
      let words = "limit \(TimeText.chosen(limit))"
      picture.label(words, at: x + Picture.width(of: words) / 2 + 6, y: y, within: bounds, .fail)
    }
  }

  /// `|—— 2.7813 s ± 220 µs ——|`, with the words beside it where there is no room between.
  private mutating func dimension(from: Double, to: Double, _ words: String, y: Double) {
    let middle = y - 4
    for x in [from, to] { picture.bar(from: x - 0.5, to: x + 0.5, y: middle - 4, height: 9, .ink) }
    let wide = Picture.width(of: words) + 8
    guard to - from > wide + 12 else {
      picture.bar(from: from, to: to, y: middle - 0.5, height: 1, .ink)
      picture.label(
        words, at: to + wide <= form.width ? to + wide / 2 + 1 : from - wide / 2, y: y,
        within: 0...form.width, .ink)
      return
    }
    let centre = (from + to) / 2
    picture.bar(from: from, to: centre - wide / 2, y: middle - 0.5, height: 1, .ink)
    picture.bar(from: centre + wide / 2, to: to, y: middle - 0.5, height: 1, .ink)
    picture.write(words, x: centre, y: y, .middle, .ink)
  }

  /// The middle goes: an address is known by its end.
  static func fitted(_ text: String, to room: Int) -> String {
    guard text.count > room, room > 4 else { return text }
    let tail = (room - 1) / 2
    return text.prefix(room - 1 - tail) + "…" + text.suffix(tail)
  }
}

extension TrialLanes.Tone {
  var ink: Picture.Ink {
    switch self {
    case .node(0): .first
    case .node(1): .second
    case .node: .other
    case .good: .pass
    case .bad: .fail
    case .doubtful: .unknown
    }
  }

  /// For what is not sure; nil: it is drawn as if it were.
  var pale: Picture.Ink? {
    switch self {
    case .node(0): .firstPale
    case .node(1): .secondPale
    case .node: .otherPale
    case .bad: .failPale
    case .good, .doubtful: nil
    }
  }
}

extension Duration {
  /// To a millisecond or a thousandth of itself, whichever is finer: for words about a picture.
  var short: Duration {
    var grain: Int64 = 1
    while nanoseconds.magnitude / UInt64(grain) >= 10_000 { grain *= 10 }
    return .nanoseconds(nanoseconds / grain * grain)
  }
}
