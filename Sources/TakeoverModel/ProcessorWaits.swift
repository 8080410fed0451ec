// How long a node's daemon stood ready and had no processor: what makes its timer late, and is no
// fault of its own.

/// Read from the second field of /proc/PID/schedstat, there where the kernel has CONFIG_SCHED_INFO:
/// nanoseconds on a run queue since the task began.
package struct ProcessorWaits: Hashable, Sendable, Codable {
  package struct Task: Hashable, Sendable, Codable {
    package var process: Int
    package var thread: Int
    /// When the process began, in clock ticks since the start (proc(5)): a number in other hands is
    /// another process.
    package var began: Int64
    /// Nanoseconds.
    package var waited: Int64

    package init(process: Int, thread: Int, began: Int64, waited: Int64) {
      self.process = process
      self.thread = thread
      self.began = began
      self.waited = waited
    }
  }

  package var node: String
  package var service: String
  /// The service's first process and its children.
  package var tasks: [Task]
  /// Why there are none, in words; empty: there are.
  package var trouble: String

  package init(node: String, service: String, tasks: [Task], trouble: String = "") {
    self.node = node
    self.service = service
    self.tasks = tasks
    self.trouble = trouble
  }

  /// How long one of them waited since `before`, at most: the longest of any, because which of them
  /// was waited for is not known. nil: one has ended, and with it what it waited.
  package func longest(since before: ProcessorWaits) -> Duration? {
    let known = Dictionary(before.tasks.map { ($0.identity, $0.waited) }) { first, _ in first }
    guard !tasks.isEmpty, Set(known.keys).isSubset(of: tasks.map(\.identity)) else { return nil }
    return tasks.map { max(0, $0.waited.saturatingMinus(known[$0.identity] ?? 0)) }.max()
      .map { .nanoseconds($0) }
  }
}

extension ProcessorWaits.Task {
  fileprivate var identity: [Int64] { [Int64(process), Int64(thread), began] }
}
