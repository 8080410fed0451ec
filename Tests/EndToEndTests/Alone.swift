// One test on real machines at a time: they measure, and a neighbour's load would be in the numbers.

import Testing

/// Runs each test case of a suite while no other test with this trait runs.
struct Alone: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await body() }
    await Floor.shared.enter()
    do {
      try await body()
    } catch {
      await Floor.shared.leave()
      throw error
    }
    await Floor.shared.leave()
  }

  private actor Floor {
    static let shared = Floor()
    private var isTaken = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    func enter() async {
      if isTaken { await withCheckedContinuation { queue.append($0) } }
      isTaken = true
    }

    func leave() {
      if queue.isEmpty { isTaken = false } else { queue.removeFirst().resume() }
    }
  }
}

extension Trait where Self == Alone {
  static var alone: Self { Alone() }
}
