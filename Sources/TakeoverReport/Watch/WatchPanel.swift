// What a person sees at the end of the terminal while a pair is watched that nobody breaks: state in,
// lines out, as for a run.

package import TakeoverModel

package struct WatchPanel: Sendable {
  private let colour: Bool

  package init(colour: Bool = false) { self.colour = colour }

  /// Fewer lines than the terminal has rows; none where it is too small.
  package func lines(
    of segment: SegmentWatch, from began: Moment, at now: Moment, columns: Int, rows: Int
  ) -> [String] {
    guard columns >= LivePanel.leastColumns, rows >= LivePanel.leastRows else { return [] }
    let width = LivePanel.width(of: columns)
    var left = max(rows - LivePanel.rowsAbove, 1)
    let last = footer(segment, from: began, at: now)
    left -= 1
    var lines: [PanelLine] = []
    var hidden = 0
    for (name, watch) in segment.pairs {
      let title = PanelLine.ruled(name.isEmpty ? segment.site.name : name, width)
      let troubles = watch.anomalies.flatMap { PanelLine.trouble($0, at: now, width) }
      let block = [title] + PairRows(watch: watch, at: now, width: width).lines + troubles
      // Of many routers those that are not well come as lines of their own; the others are counted.
      guard block.count <= left - lines.count else {
        hidden += 1
        continue
      }
      lines += block
    }
    if hidden > 0, lines.count < left {
      lines.append(PanelLine("        and \(hidden) virtual routers more", .faint))
    }
    if segment.pairs.isEmpty { lines.append(.ruled(segment.site.name, width)) }
    return (lines + [last]).map { $0.rendered(width, colour: colour) }
  }

  private func footer(_ segment: SegmentWatch, from began: Moment, at now: Moment) -> PanelLine {
    var line = PanelLine(TextWidth.fitted("watch", to: LivePanel.label), .faint)
    line.add(WaitText.elapsed(now.since(began)))
    if segment.pairs.isEmpty {
      line.add("no advertisement has been seen yet", .outcome(.unknown), at: line.columns)
      return line
    }
    let flaps = segment.pairs.reduce(0) { $0 + $1.watch.flapCount }
    line.add("\(flaps) \(flaps == 1 ? "change" : "changes") of the holder", at: line.columns)
    let open = segment.pairs.reduce(0) { $0 + $1.watch.anomalies.count }
    line.add(
      open == 0 ? "all is well" : "\(open) not well",
      open == 0 ? .outcome(.pass) : .outcome(.unknown), at: line.columns)
    line.add("Ctrl-C ends it", .faint, at: line.columns)
    return line
  }

  /// One line that says how things stand, where no panel can be drawn.
  package func heartbeat(of segment: SegmentWatch) -> String {
    guard !segment.pairs.isEmpty else { return "no advertisement has been seen yet" }
    return segment.pairs.map { name, watch in
      let prefix = name.isEmpty ? "" : "\(name): "
      let trouble = watch.anomalies.map(\.sentence)
      return prefix + (watch.holder.map { "\($0) holds" } ?? "nobody has been seen to hold")
        + (trouble.isEmpty ? "" : "; " + trouble.joined(separator: "; "))
    }.joined(separator: "; ")
  }
}
