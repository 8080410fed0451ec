// One thread that sleeps in poll(2), wakes for descriptors, timers and jobs, and is the executor of
// the actor whose connection it serves: what libssh2 may touch is touched here and nowhere else.

internal import Glibc
internal import Synchronization

/// An instant of CLOCK_MONOTONIC, in nanoseconds; saturates instead of overflowing.
struct Instant: Comparable, Sendable {
  var nanoseconds: Int64

  static var now: Instant { Instant(nanoseconds: clock(CLOCK_MONOTONIC)) }

  static func after(_ limit: Duration) -> Instant {
    let parts = limit.components
    let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let span = overflow ? (parts.seconds < 0 ? 0 : Int64.max / 2) : whole
    let added = now.nanoseconds.addingReportingOverflow(span &+ parts.attoseconds / 1_000_000_000)
    return Instant(nanoseconds: added.overflow ? .max : added.partialValue)
  }

  /// The time left, never negative.
  var remaining: Duration { .nanoseconds(max(0, nanoseconds - Instant.now.nanoseconds)) }

  static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// A clock's reading in nanoseconds.
func clock(_ id: clockid_t) -> Int64 {
  var time = timespec()
  unsafe clock_gettime(id, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// CLOCK_REALTIME, nanoseconds since 1970.
func wallClock() -> Int64 { clock(CLOCK_REALTIME) }

final class PollLoop: SerialExecutor {
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var errands: [@Sendable () -> Void] = []
    var stopped = false
    var thread: pthread_t?
  }

  private struct Watch {
    var events: Int16
    var ready: () -> Void
  }

  private struct Timer {
    var id: Int
    var due: Instant
    var fire: () -> Void
  }

  /// Seen by the loop's thread only.
  private struct Interior {
    var watches: [CInt: Watch] = [:]
    /// Sorted, the earliest first.
    var timers: [Timer] = []
    var lastTimer = 0
  }

  private let inbox = Mutex(Inbox())
  /// A byte written to `bell.1` wakes the thread that polls `bell.0`.
  private let bell: (CInt, CInt)
  nonisolated(unsafe) private var interior = Interior()

  init() {
    var pair: [CInt] = [-1, -1]
    let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    _ = unsafe socketpair(AF_UNIX, kind, 0, &pair)
    bell = (pair[0], pair[1])
    var thread = pthread_t()
    let box = unsafe Unmanaged.passRetained(self)
    _ = unsafe pthread_create(
      &thread, nil,
      { box in
        guard let box = unsafe box else { return nil }
        let loop = unsafe Unmanaged<PollLoop>.fromOpaque(box).takeRetainedValue()
        loop.inbox.withLock { $0.thread = pthread_self() }
        while loop.turn() {}
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  deinit {
    close(bell.0)
    close(bell.1)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    inbox.withLock { $0.jobs.append(job) }
    ring()
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }

  func isIsolatingCurrentContext() -> Bool? { inbox.withLock { $0.thread == pthread_self() } }

  func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "not on the thread of this loop")
  }

  /// Runs a closure on the loop's thread; callable from anywhere.
  func perform(_ errand: @escaping @Sendable () -> Void) {
    inbox.withLock { $0.errands.append(errand) }
    ring()
  }

  /// Ends the thread after its current turn; what it watched is let go.
  func stop() {
    inbox.withLock { $0.stopped = true }
    ring()
  }

  private func ring() {
    var byte: UInt8 = 1
    // A full bell rings already.
    _ = unsafe send(bell.1, &byte, 1, CInt(MSG_NOSIGNAL))
  }

  // MARK: On the loop's thread

  func watch(_ descriptor: CInt, for events: Int32, ready: @escaping () -> Void) {
    unsafe interior.watches[descriptor] = Watch(events: Int16(events), ready: ready)
  }

  func change(_ descriptor: CInt, to events: Int32) {
    unsafe interior.watches[descriptor]?.events = Int16(events)
  }

  func unwatch(_ descriptor: CInt) {
    _ = unsafe interior.watches.removeValue(forKey: descriptor)
  }

  /// Calls `fire` once, at `due` or soon after.
  @discardableResult
  func timer(at due: Instant, fire: @escaping () -> Void) -> Int {
    assert(isIsolatingCurrentContext() == true, "not on the thread of this loop")
    unsafe interior.lastTimer += 1
    let timer = unsafe Timer(id: interior.lastTimer, due: due, fire: fire)
    let place = unsafe interior.timers.firstIndex { $0.due > due } ?? interior.timers.endIndex
    unsafe interior.timers.insert(timer, at: place)
    return timer.id
  }

  func cancelTimer(_ id: Int) {
    guard let place = unsafe interior.timers.firstIndex(where: { $0.id == id }) else { return }
    _ = unsafe interior.timers.remove(at: place)
  }

  /// Works off what is due, then sleeps until something happens. False when it shall end.
  private func turn() -> Bool {
    let (jobs, errands, stopped) = inbox.withLock { inbox in
      defer {
        inbox.jobs = []
        inbox.errands = []
      }
      return (inbox.jobs, inbox.errands, inbox.stopped)
    }
    for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    for errand in errands { errand() }
    fireTimers()
    if stopped && jobs.isEmpty && errands.isEmpty {
      // What is let go may call `unwatch` as it dies: not while `interior` is being written.
      let last = unsafe interior
      unsafe interior = Interior()
      withExtendedLifetime(last) {}
      return false
    }
    sleep()
    return true
  }

  private func fireTimers() {
    let now = Instant.now
    while let first = unsafe interior.timers.first, first.due <= now {
      unsafe interior.timers.removeFirst()
      first.fire()
    }
  }

  private func sleep() {
    var polled = [pollfd(fd: bell.0, events: Int16(POLLIN), revents: 0)]
    for (descriptor, watch) in unsafe interior.watches {
      polled.append(pollfd(fd: descriptor, events: watch.events, revents: 0))
    }
    let ready = unsafe poll(&polled, nfds_t(polled.count), patience())
    guard ready > 0 else { return }
    if polled[0].revents != 0 { silence() }
    for entry in polled.dropFirst() where entry.revents != 0 {
      // An earlier callback may have let this one go.
      unsafe interior.watches[entry.fd]?.ready()
    }
  }

  /// Milliseconds until the next timer, rounded up; -1: none.
  private func patience() -> CInt {
    guard let next = unsafe interior.timers.first else { return -1 }
    let left = max(0, next.due.nanoseconds - Instant.now.nanoseconds)
    return CInt(clamping: left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1))
  }

  private func silence() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while unsafe recv(bell.0, &bytes, bytes.count, 0) > 0 {}
  }
}
