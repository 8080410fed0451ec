// Asks the control plane of a cloud subnet whom each HAVIP is bound to: on an open schedule, so that a late
// answer does not delay the next question, and no faster than such a control plane likes.

internal import Synchronization
package import TakeoverModel

package struct HavipBindingObserver: Observer {
  /// So many questions may be open at a time.
  package static let mostOpen = 4
  /// What is written down when the next question had to be left out.
  static let late = "not asked: the answers to earlier questions are late"
  /// An answer that has not come by then is none.
  static let longestWait = Duration.seconds(5)

  package let name = "havip-binding"
  private let subnet: CloudSubnet
  private let credentials: CloudCredentials
  private let roads: [any CloudRoad]

  /// `roads`: not yet opened; each carries one question at a time.
  package init(
    of subnet: CloudSubnet, by credentials: CloudCredentials, over roads: [any CloudRoad]
  ) {
    self.subnet = subnet
    self.credentials = credentials
    self.roads = roads
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    guard !subnet.havips.isEmpty else {
      ready()
      // There is nothing to ask, and no observer ends by itself.
      while true { try await clock.wait(until: clock.now() + .seconds(1)) }
    }
    do {
      for road in roads { try await road.open() }
      ready()
      try await ask(into: journal, clock: clock)
    } catch {
      for road in roads { await road.close() }
      throw error
    }
  }

  /// Why an answer tells nothing of some HAVIP of the subnet; nil: it tells of each.
  package static func trouble(in answer: [UInt8], of subnet: CloudSubnet) -> String? {
    CloudReply.bindings(in: answer, of: subnet).map(\.trouble).first { !$0.isEmpty }
  }

  private func ask(into journal: any Journal, clock: any RunClock) async throws {
    let period = subnet.period ?? CloudSubnet.standardPeriod
    let free = FreeRoads(roads.count)
    try await withThrowingDiscardingTaskGroup { group in
      var next = clock.now()
      while true {
        if let index = free.take() {
          group.addTask {
            await ask(over: roads[index], into: journal, clock: clock)
            free.give(back: index)
          }
        } else {
          tell(
            CloudReply.troubled(Self.late, of: subnet), Interval(at: clock.now()),
            into: journal)
        }
        next = next + period
        // What was missed is left out: a burst of questions would say nothing of the time that is gone.
        while next <= clock.now() { next = next + period }
        try await clock.wait(until: next)
      }
    }
  }

  private func ask(
    over road: any CloudRoad, into journal: any Journal, clock: any RunClock
  ) async {
    let asked = clock.now()
    let seconds = (clock.origin + asked.nanoseconds) / 1_000_000_000
    let question = CloudQuestion(of: subnet, by: credentials, at: seconds)
    let bindings: [HavipBinding]
    do {
      let answer = try await road.ask(question, within: Self.longestWait)
      bindings = CloudReply.bindings(in: answer, of: subnet)
    } catch {
      guard !Task.isCancelled else { return }
      let words = (error as? any Explained)?.problem ?? "\(error)"
      bindings = CloudReply.troubled(words, of: subnet)
    }
    tell(bindings, Interval(asked, clock.now()), into: journal)
  }

  private func tell(_ bindings: [HavipBinding], _ when: Interval, into journal: any Journal) {
    for binding in bindings {
      journal.record(Observation(when: when, source: name, event: .havipBinding(binding)))
    }
  }
}

/// Which roads carry no question.
private final class FreeRoads: Sendable {
  private let free: Mutex<[Int]>

  init(_ count: Int) { free = Mutex(Array((0..<count).reversed())) }

  func take() -> Int? { free.withLock { $0.popLast() } }
  func give(back index: Int) { free.withLock { $0.append(index) } }
}
