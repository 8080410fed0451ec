// The pair this moment, as rows of a panel: who holds, who advertises and how far the interval has
// gone, whose kernel has the addresses, who answers for them.

internal import TakeoverModel

struct PairRows: Sendable {
  let watch: PairWatch
  let now: Moment
  let width: Int
  private let held: [String: Set<IPAddress>]
  /// An answer that is older says nothing of now.
  private static let freshAnswer = Duration.seconds(1)
  /// Answers to one round come together.
  private static let round = Duration.milliseconds(100)

  init(watch: PairWatch, at now: Moment, width: Int) {
    self.watch = watch
    self.now = now
    self.width = width
    held = watch.held(at: now)
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
    let names = members + addresses.map(\.description)
    return min(max(6, names.map { TextWidth.columns(of: $0) }.max() ?? 0), 24)
  }

  private func row(_ name: String) -> PanelLine {
    var line = PanelLine(TextWidth.fitted(name, to: nameWidth) + "  ")
    let isHolder = watch.holder == name
    guard let speaker = watch.speakers[name], let silence = watch.silence(of: name, at: now) else {
      let hasThem = held[name].map { !$0.isEmpty } ?? false
      let words =
        hasThem
        ? "does not advertise, has the address"
        : watch.holder == nil ? "not heard yet" : "stands by"
      line.add(
        isHolder ? "held last, is silent" : words, isHolder || hasThem ? .outcome(.unknown) : .faint
      )
      return line
    }
    line.add(isHolder ? "holds     " : "advertises", isHolder ? .outcome(.pass) : .outcome(.fail))
    line.add("priority \(speaker.priority)", at: line.columns)
    let advert = "advert \(WaitText.elapsed(silence)) of \(TimeText.chosen(speaker.interval))"
    if TextWidth.columns(of: advert) + 2 <= width - line.columns {
      line.add(advert, at: line.columns)
    }
    if line.columns + 2 + LivePanel.gauge <= width {
      line.add(
        Gauge.text(Gauge.part(silence, of: speaker.interval), width: LivePanel.gauge),
        at: width - LivePanel.gauge)
    }
    return line
  }

  private func row(_ address: IPAddress) -> PanelLine {
    var line = PanelLine(TextWidth.fitted(address.description, to: nameWidth) + "  ")
    let answers = watch.answers[address, default: [:]]
    let last = answers.values.max() ?? .began
    let answering = answers.filter {
      now.since($0.value) <= Self.freshAnswer && last.since($0.value) <= Self.round
    }.keys.sorted()
    if !watch.answers.isEmpty {
      line.add(
        answering.isEmpty
          ? "nobody answers"
          : "\(answering.joined(separator: " and ")) "
            + (answering.count == 1 ? "answers" : "answer"),
        answering.count == 1 ? .plain : .outcome(.fail))
    }
    let having = held.filter { $0.value.contains(address) }.keys.sorted()
    if !held.isEmpty {
      let words = having.isEmpty ? "in nobody's kernel" : "in the kernel of "
      line.add(watch.answers.isEmpty ? "" : "  ")
      line.add(words + having.joined(separator: " and "))
    }
    if let last = watch.announcements[address] {
      let words = "announced by \(last.by) \(WaitText.elapsed(now.since(last.at.latest))) ago"
      let gap = watch.answers.isEmpty && held.isEmpty ? 0 : 2
      if line.columns + gap + TextWidth.columns(of: words) <= width {
        line.add(String(repeating: " ", count: gap) + words)
        return line
      }
    }
    if watch.answers.isEmpty, held.isEmpty {
      line.add(
        watch.holder.map { "held by \($0), as far as the wire shows" } ?? "held by nobody yet")
    }
    return line
  }
}
