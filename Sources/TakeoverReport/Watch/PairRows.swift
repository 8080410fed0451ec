// The pair this moment, as rows of a panel: who holds, who advertises and how far the interval has
// gone, whose kernel has the addresses, who answers for them.

internal import TakeoverModel

struct PairRows: Sendable {
  let watch: PairWatch
  let now: Moment
  let width: Int
  /// An answer that is older says nothing of now.
  private static let freshAnswer = Duration.seconds(2)

  init(watch: PairWatch, at now: Moment, width: Int) {
    self.watch = watch
    self.now = now
    self.width = width
  }

  var lines: [PanelLine] { members.map(row) + addresses.prefix(4).map(row) + left }

  /// The site's nodes, then whoever else advertises.
  private var members: [String] {
    let nodes = watch.site.nodes.map(\.name)
    let others = watch.speakers.keys.filter { name in
      !nodes.contains(name) && watch.silence(of: name, at: now) != nil
    }
    return nodes + others.sorted()
  }

  private var addresses: [IPAddress] {
    let own = watch.site.addresses.map(\.address)
    guard own.isEmpty else { return own }
    return Set(watch.speakers.values.flatMap(\.addresses)).sorted()
  }

  private var left: [PanelLine] {
    let count = addresses.count - 4
    return count > 0 ? [PanelLine("        and \(count) addresses more", .faint)] : []
  }

  private var nameWidth: Int {
    min(max(6, members.map { TextWidth.columns(of: $0) }.max() ?? 0), 24)
  }

  private func row(_ name: String) -> PanelLine {
    var line = PanelLine(TextWidth.fitted(name, to: nameWidth) + "  ")
    let isHolder = watch.holder == name
    guard let speaker = watch.speakers[name], let silence = watch.silence(of: name, at: now) else {
      let hasThem = watch.held[name].map { !$0.isEmpty } ?? false
      let words = hasThem ? "does not advertise, has the address" : "stands by"
      line.add(
        isHolder ? "held last, is silent" : words, isHolder || hasThem ? .outcome(.unknown) : .faint)
      return line
    }
    line.add(isHolder ? "holds     " : "advertises", isHolder ? .outcome(.pass) : .outcome(.fail))
    line.add("priority \(speaker.priority)", at: line.columns)
    let room = width - line.columns
    if room >= 56 {
      line.add("advertises each \(TimeText.chosen(speaker.interval))", at: line.columns)
    }
    line.add("last \(WaitText.elapsed(silence)) ago", at: line.columns)
    if room >= 30 {
      line.add(Gauge.text(Gauge.part(silence, of: speaker.interval), width: 14), at: line.columns)
    }
    return line
  }

  private func row(_ address: IPAddress) -> PanelLine {
    var line = PanelLine(TextWidth.fitted(address.description, to: nameWidth) + "  ")
    let answering = watch.answers[address, default: [:]]
      .filter { now.since($0.value) <= Self.freshAnswer }.keys.sorted()
    if !watch.answers.isEmpty {
      line.add(
        answering.isEmpty
          ? "nobody answers" : "\(answering.joined(separator: " and ")) "
            + (answering.count == 1 ? "answers" : "answer"),
        answering.count == 1 ? .plain : .outcome(.fail))
    }
    let having = watch.held.filter { $0.value.contains(address) }.keys.sorted()
    if !watch.held.isEmpty {
      let words = having.isEmpty ? "in nobody's kernel" : "in the kernel of "
      line.add(words + having.joined(separator: " and "), at: line.columns)
    }
    if watch.answers.isEmpty, watch.held.isEmpty {
      line.add(watch.holder.map { "held by \($0), as far as the wire shows" } ?? "held by nobody yet")
    }
    return line
  }
}
