// When a processor of this machine ran nothing that we could have run: a hypervisor had taken it away,
// or the kernel kept it to itself. What falls into such a pause is late, whoever does it.

import CLinux

package struct ProcessorWatch {
  /// How often the thread wakes, nanoseconds. That costs some 5 µs, on a virtual machine up to 30.
  private static let period: Int64 = 500_000
  /// What a timer may be late by itself, nanoseconds. A pause as long as both may go unseen.
  private static let late: Int64 = 300_000
  /// Above every service, below the kernel's own threads, which have 99.
  private static let priority: Int32 = 90

  private let processor: Int

  /// The processors that this process may use.
  package static func processors() throws(SystemFailure) -> [Int] {
    var numbers = [Int32](repeating: 0, count: 1024)
    let count = unsafe clinux_processors(&numbers, Int32(numbers.count))
    let found = Int(try SystemFailure.check(count, "cannot tell which processors there are"))
    return numbers.prefix(found).map { Int($0) }
  }

  /// From now on the calling thread stays on that processor and goes first there.
  package init(on processor: Int) throws(SystemFailure) {
    self.processor = processor
    try SystemFailure.check(
      clinux_stand_watch(Int32(clamping: processor), Self.priority),
      "cannot go first on processor \(processor)")
  }

  /// `paused`: a pause lies between the two, in nanoseconds since 1970 (CLOCK_REALTIME), and is no
  /// longer than they are apart.
  package func run(
    until stop: StopSignal, paused: (_ began: Int64, _ ended: Int64) -> Void
  ) throws(SystemFailure) {
    var woken = Int64(0)
    while true {
      var (began, ended) = (Int64(0), Int64(0))
      let status = unsafe clinux_await_pause(
        stop.watched.descriptor, Self.period, Self.late, &woken, &began, &ended)
      if try SystemFailure.check(status, "cannot watch processor \(processor)") == 0 { return }
      paused(began, ended)
    }
  }
}
