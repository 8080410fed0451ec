// Who held which address, from when to when: every answer, frame and kernel's word is evidence that
// a node held it, every unanswered ARP round that it did not. A claim's ends lie between the two.

internal import TakeoverModel

struct ClaimTracking: Sendable {
  /// A single round without an answer between two with one is a lost frame; two in a row are a
  /// release. (At 1 % loss two in a row happen once in 10,000 rounds; a real gap shorter than two
  /// periods is not resolved, which the claims' ends say by their width.)
  private static let missesThatCount = 2
  /// What held so shortly before the end still holds at the end.
  private static let fresh = Duration.seconds(1)

  private let evidence: TrialEvidence

  init(_ evidence: TrialEvidence) { self.evidence = evidence }

  func claims() -> [Claim] {
    evidence.site.addresses.map(\.address).flatMap { address in
      let signs = signs(about: address)
      return signs.keys.sorted().flatMap { node in
        claims(of: node, on: address, signs: signs[node, default: []])
      }
    }
  }

  /// One piece of evidence: held, or did not hold, at an instant within `when`.
  private struct Sign: Sendable {
    var when: Interval
    var holds: Bool
    /// An ARP round, asked and answered from outside; else a frame of the node's, or its kernel's word.
    var isRound = false
    /// Where it stands in the order: what shows holding at its beginning, what denies it at its end.
    var place: Moment { holds ? when.earliest : when.latest }
  }

  private func signs(about address: IPAddress) -> [String: [Sign]] {
    var signs: [String: [Sign]] = [:]
    for used in evidence.used where used.address == address {
      signs[used.node, default: []].append(Sign(when: used.when, holds: true))
    }
    let rounds = evidence.methods.filter { $0.method.isWitness && $0.address == address }
      .flatMap { evidence.probes[$0, default: []] }
      .filter { $0.wasAsked && $0.trouble.isEmpty }
      .sorted { $0.sent < $1.sent }
    let answers = rounds.map { round in
      Dictionary(
        round.answers.compactMap { answer in
          evidence.attribution.owner(of: answer.mac).map { ($0, answer.at) }
        }, uniquingKeysWith: min)
    }
    for (round, answers) in zip(rounds, answers) {
      for (node, at) in answers {
        signs[node, default: []].append(
          Sign(when: Interval(round.sent, at), holds: true, isRound: true))
      }
    }
    var kernels: [String: [Sign]] = [:]
    for held in evidence.held {
      let holds = held.seen.addresses.contains(address)
      kernels[held.seen.node, default: []].append(Sign(when: held.when, holds: holds))
    }
    for node in Set(signs.keys).union(kernels.keys).union(evidence.site.nodes.map(\.name)) {
      // An answer that could be anybody's (a virtual MAC's) denies nobody's holding.
      let misses = zip(rounds, answers)
        .filter { $0.1[node] == nil && !evidence.hasAnonymousAnswer($0.0) }.map { $0.0.asked }
      let kernel = kernels[node, default: []]
      let outside =
        signs[node, default: []]
        + denials(misses, shown: signs[node, default: []], kernel: kernel)
      signs[node] = outside + newWords(kernel, beside: outside)
    }
    return signs.mapValues { $0.sorted { $0.place < $1.place } }
  }

  /// The kernel's words that say more than what was seen from outside while they were asked for: one that
  /// took long, and within which the node took the address, does not say that it had it before.
  private func newWords(_ kernel: [Sign], beside outside: [Sign]) -> [Sign] {
    let seen = Dictionary(grouping: outside, by: \.holds)
      .mapValues { $0.map(\.when).sorted { $0.earliest < $1.earliest } }
    return kernel.filter { word in
      let same = seen[word.holds, default: []]
      let first = same.partitioningIndex { $0.earliest >= word.when.earliest }
      return !same[first...].lazy.prefix { $0.earliest <= word.when.latest }
        .contains { $0.latest <= word.when.latest }
    }
  }

  /// The unanswered rounds that count: at least two in a row, and not while the node's own kernel
  /// says that it has the address (a node that cannot be reached holds it all the same; then its
  /// next word is what counts).
  private func denials(_ misses: [Interval], shown: [Sign], kernel: [Sign]) -> [Sign] {
    let breaks = shown.map(\.place).sorted()
    var denials: [Sign] = []
    var row: [Interval] = []
    var next = 0
    func close() {
      defer { row = [] }
      guard row.count >= Self.missesThatCount, let first = row.first, let last = row.last else {
        return
      }
      let insisted = kernel.lastIndex {
        $0.holds && first.earliest <= $0.when.earliest && $0.when.latest <= last.latest
      }
      let settled = insisted.map { kernel[min($0 + 1, kernel.count - 1)].when.latest }
      denials += row.filter { miss in settled.map { miss.earliest > $0 } ?? true }
        .map { Sign(when: $0, holds: false, isRound: true) }
    }
    for miss in misses {
      while next < breaks.count, breaks[next] <= miss.latest {
        close()
        next += 1
      }
      row.append(miss)
    }
    close()
    return denials
  }

  private func claims(of node: String, on address: IPAddress, signs: [Sign]) -> [Claim] {
    var claims: [Claim] = []
    var open: (from: Interval, last: Interval)?
    var lastDenial: Moment?
    var roundTrip: Duration?
    for sign in signs {
      if sign.holds, sign.isRound { roundTrip = sign.when.width }
      switch (sign.holds, open) {
      case (true, nil):
        // Not yet at the last denial, at the latest when it showed.
        let earliest = min(lastDenial ?? evidence.begin, sign.when.latest)
        open = (Interval(earliest, sign.when.latest), sign.when)
      case (true, let current?): open = (current.from, later(current.last, sign.when))
      case (false, nil): lastDenial = sign.when.earliest
      case (false, let current?):
        // Still held when the last answer was made (sent at the earliest); no more when the
        // denying question arrived, which took it no longer than the last round trip. A kernel's word is
        // true within its own interval.
        let travel = sign.isRound ? roundTrip ?? current.last.width : .zero
        let latest = sign.when.latest + travel
        claims.append(
          Claim(
            address: address, node: node, from: current.from,
            until: Interval(current.last.earliest, latest)))
        open = nil
        lastDenial = sign.when.earliest
      }
    }
    if let open {
      // Long silence that denies nothing (nobody asked) shows neither that it held nor that not.
      let isFresh = evidence.span.to.since(open.last.latest) <= Self.fresh
      let until = isFresh ? nil : Interval(open.last.earliest, evidence.span.to)
      claims.append(Claim(address: address, node: node, from: open.from, until: until))
    }
    return claims
  }

  private func later(_ one: Interval, _ other: Interval) -> Interval {
    one.earliest <= other.earliest ? other : one
  }
}
