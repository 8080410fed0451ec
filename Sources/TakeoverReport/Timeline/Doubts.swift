// Why the evidence of a trial is not whole. A doubt never makes a failure; it keeps a pass from
// being given.

internal import TakeoverModel

struct Doubts: Sendable {
  /// A schedule of probes that ends so long before the window does has died.
  static let silence = Duration.seconds(2)
  /// A capture that tells how it fares every second, and then does not for so long, hangs.
  private static let stillness = Duration.seconds(3)

  let evidence: TrialEvidence
  let window: Window
  let health: ObserverHealth
  /// The nodes whose ports a blow took down.
  let portsCut: [String]
  /// What a capture says of an interface that goes away and comes back.
  private static let portTroubles: Set<String> = [
    "interface down", "no carrier", "interface gone", "interface made anew",
  ]

  func found() -> [String] {
    captureDoubts() + deaths() + probeDoubts() + keptDoubts() + advertisementDoubts()
      + health.remarks.filter { $0.when.reaches(into: window) }.map(\.text)
  }

  private func captureDoubts() -> [String] {
    let states = health.states.filter { $0.when.reaches(into: window) }
    return evidence.site.captures.flatMap { point -> [String] in
      let reports = states.filter { $0.state.port == point.name }
      let own = reports.map(\.state)
      let began = health.captureBegan[point.name].map { $0 <= window.from } ?? false
      var doubts = began ? [] : ["nothing was captured at \(point.name) when the blow fell"]
      if let last = health.states.last(where: {
        $0.state.port == point.name && $0.when.earliest <= window.to
      }), window.to.since(last.when.latest) > Self.stillness {
        doubts.append(
          "the capture at \(point.name) did not say how it fares in the last "
            + TimeText.value(window.to.since(last.when.latest), knownTo: .milliseconds(1)))
      }
      let lost = own.reduce(0) { $0.saturatingSum($1.dropped) }
      if lost > 0 { doubts.append("the capture at \(point.name) lost \(lost) frames") }
      var troubles: [String] = []
      // Nothing was sent there that could have been seen.
      let isCut = point.node.map(portsCut.contains) ?? false
      let doubted = reports.map { report in
        let isExcused = isCut || isOfNextTrial(report.when, at: point.node)
        return (
          report.state,
          report.state.trouble.filter { !isExcused || !Self.portTroubles.contains($0) }
        )
      }
      for trouble in doubted.flatMap(\.1) where !troubles.contains(trouble) {
        troubles.append(trouble)
      }
      return doubts
        + troubles.map { trouble in
          let count = doubted.filter { $0.1.contains(trouble) }.compactMap { $0.0.counts?[trouble] }
            .reduce(0) { $0.saturatingSum($1) }
          return "the capture at \(point.name): \(trouble)" + (count > 1 ? " (\(count) times)" : "")
        }
    }
  }

  /// A capture tells once a second how it fared: what the next trial's blow took down is in the report
  /// that began in this one.
  private func isOfNextTrial(_ report: Interval, at node: String?) -> Bool {
    health.portsCut.contains {
      $0.node == node && $0.when.earliest > window.to && $0.when.earliest <= report.latest
    }
  }

  /// An observer that died before the blow and was heard again before it is alive.
  private func deaths() -> [String] {
    health.deaths.filter { death in
      death.at <= window.to && (death.until.map { $0 > window.from } ?? true)
    }.map { "an observer died: \($0.text)" }
  }

  private func probeDoubts() -> [String] {
    let site = evidence.site
    let asked = Set(site.addresses.flatMap { site.probing.methods(for: $0.address) })
    return site.vantages.flatMap { vantage in
      Probe.Method.allCases.filter(asked.contains).compactMap { method in
        doubt(about: "\(vantage.name)/\(method.rawValue)")
      }
    }
  }

  private func doubt(about place: String) -> String? {
    let probes = evidence.methods.filter { $0.name == place }
      .flatMap { evidence.probes[$0, default: []] }
    guard let last = probes.map(\.sent).max(), last >= window.from else {
      return "\(place) asked nothing"
    }
    let rest = window.to.since(last)
    if rest > Self.silence {
      return "\(place) asked nothing in the last "
        + TimeText.least(rest)
    }
    if probes.contains(where: { $0.method.isWitness && evidence.hasAnonymousAnswer($0) }),
      !evidence.attribution.hearsEveryNode
    {
      return "\(place) was answered by a virtual MAC, which does not tell the nodes apart"
    }
    let before = probes.contains { $0.isGood && $0.sent <= window.from }
    return before ? nil : "\(place) had no good answer before the blow either"
  }

  private func advertisementDoubts() -> [String] {
    guard let vrid = evidence.site.vrid, !evidence.site.captures.isEmpty,
      evidence.advertised.isEmpty
    else { return [] }
    return ["no advertisement of virtual router \(vrid) was seen"]
  }
}

extension Int {
  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
