// Keeps this machine's processors from sleeping while it is measured, as cyclictest(8) does: one that
// has to wake up first, or has to be given back by a hypervisor, stamps late, fires late, and makes
// the daemons of a lab late. On a virtual machine with busy neighbours 2 to 7 % of a timer's wakings
// were more than 0.5 ms late, and 0.2 % with this.

internal import Glibc
package import TakeoverModel

package struct ProcessorsAwake: Observer {
  /// Whoever holds it open asks for no latency beyond what is written to it, in µs (Linux,
  /// Documentation/power/pm_qos_interface.rst). The kernel forgets it with the file, however the
  /// process ends.
  package static let device = "/dev/cpu_dma_latency"

  package let name = "processors"
  private let path: String

  package init(path: String = device) { self.path = path }

  /// A machine that has no such thing, or does not allow it, is measured all the same.
  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    var none: Int32 = 0
    let written = file < 0 ? -1 : unsafe write(file, &none, MemoryLayout<Int32>.size)
    let words =
      written < 0
      ? "this machine's processors may sleep: \(unsafe String(cString: strerror(errno))): \(path)"
      : "this machine's processors are kept awake: \(path)"
    defer { if file >= 0 { close(file) } }
    journal.record(
      Observation(when: Interval(at: clock.now()), source: name, event: .note(Note(words))))
    ready()
    while true { try await clock.wait(until: clock.now() + .seconds(3600)) }
  }
}
