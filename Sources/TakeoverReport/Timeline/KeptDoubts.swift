// Why the evidence of kept connections is not whole: nobody asked, or nobody was served before the blow.

internal import TakeoverModel

extension Doubts {
  func keptDoubts() -> [String] {
    let probing = evidence.site.probing
    let asked: [(Keeping, String, Duration?)] = [
      (.held, "held", probing.held), (.pooled, "requests", probing.requests),
    ]
    return evidence.site.vantages.flatMap { vantage in
      asked.filter { $0.2 != nil }.compactMap { keeping, word, _ in
        doubt(about: keeping, from: vantage.name, called: "\(vantage.name)/\(word)")
      }
    }
  }

  /// Connections that come and go are signs of life, too: where none can be made, nothing is asked.
  private func doubt(about keeping: Keeping, from vantage: String, called place: String) -> String?
  {
    let requests = evidence.requests.filter {
      $0.seen.keeping == keeping && $0.seen.vantage == vantage
    }
    let connections = evidence.connections.filter {
      $0.seen.keeping == keeping && $0.seen.vantage == vantage
    }
    let signs = requests.map(\.told) + connections.map(\.when.latest)
    guard let last = signs.max(), last >= window.from else { return "\(place) asked nothing" }
    if window.to.since(last) > Self.silence {
      return "\(place) asked nothing in the last " + TimeText.least(window.to.since(last))
    }
    let before = requests.contains {
      $0.seen.isGood && ($0.seen.until?.latest ?? $0.told) <= window.from
    }
    return before ? nil : "\(place) had no good answer before the blow either"
  }
}
