// One test on real machines at a time: they measure, and a neighbour's load would be in the numbers.

import Testing

/// Runs each test case of a suite while no other test with this trait runs.
///
/// The limit is here and not a `.timeLimit` trait, because that one counts the time a test waits
/// for its turn: whoever stood behind a test that makes three images failed without having begun.
struct Alone: SuiteTrait, TestTrait, TestScoping {
  /// What a test case may take once it is its turn: ten times the slowest there is, because the
  /// limit is there to end what hangs.
  static let limit: Duration = .seconds(300)
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await body() }
    await Floor.shared.enter()
    do {
      try await limited(body)
    } catch {
      await Floor.shared.leave()
      throw error
    }
    await Floor.shared.leave()
  }

  private func limited(_ body: @Sendable () async throws -> Void) async throws {
    try await withoutActuallyEscaping(body) { body in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          try await body()
          return true
        }
        group.addTask {
          try await Task.sleep(for: Self.limit)
          return false
        }
        defer { group.cancelAll() }
        if try await group.next() == false { Issue.record("not done after \(Self.limit)") }
      }
    }
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
