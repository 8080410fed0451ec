// A program of this machine, timed from its start to its end as a user's shell would do it, with what
// the kernel says that it took.

internal import Foundation
internal import Glibc
internal import TakeoverModel

/// Started, and not yet waited for.
struct Child {
  /// What it took, as wait4(2) tells.
  struct Cost: Sendable {
    var status: Int
    var seconds: Double
    /// User and system time, its own children's included.
    var processorSeconds: Double
  }

  let process: pid_t
  private let began: ContinuousClock.Instant

  /// Searches the PATH. Descriptors that are nil are /dev/null.
  init(
    _ words: [String], input: CInt? = nil, output: CInt? = nil, errors: CInt? = nil
  ) throws(Complaint) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (place, ours) in [input, output, errors].enumerated() {
      let place = CInt(place)
      if let ours {
        unsafe posix_spawn_file_actions_adddup2(&actions, ours, place)
      } else {
        unsafe posix_spawn_file_actions_addopen(&actions, place, "/dev/null", O_RDWR, 0)
      }
    }
    // A group of its own: the terminal's Ctrl-C is for whoever takes it away.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

    var arguments = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    var environment = unsafe Self.environment.map { unsafe strdup($0) }
    unsafe environment.append(nil)
    defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
    var process: pid_t = 0
    began = .now
    let error = unsafe posix_spawnp(
      &process, words[0], &actions, &attributes, &arguments, &environment)
    guard error == 0 else {
      throw Complaint(
        "\(words[0]) cannot be started: \(unsafe String(cString: strerror(error)))",
        remedy: "look whether it is installed")
    }
    self.process = process
  }

  /// Waits for its end; `signal` is sent to it first.
  consuming func end(_ signal: CInt? = nil) -> Cost {
    if let signal { kill(process, signal) }
    var status: CInt = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let took = ContinuousClock.now - began
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    return Cost(
      status: Int(code), seconds: took.seconds,
      processorSeconds: usage.ru_utime.seconds + usage.ru_stime.seconds)
  }

  /// Watches it to its end; returns the highest VmHWM (proc(5)) that was seen, in MiB, as well. Not
  /// ru_maxrss: that of a spawned process begins with what its parent has. Where the task is
  /// cancelled, the child is interrupted.
  consuming func watched() -> (cost: Cost, peak: Double) {
    var (peak, isCancelled) = (0.0, false)
    while let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    {
      let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
      peak = max(peak, (kibibytes ?? 0) / 1_024)
      if Task.isCancelled, !isCancelled {
        isCancelled = true
        kill(process, SIGINT)
      }
      usleep(2_000)
    }
    return (end(), peak)
  }

  static func run(_ words: [String]) throws(Complaint) -> Cost { try Child(words).end() }

  /// The same, but anything else than success is an error.
  static func must(_ words: [String]) throws(Complaint) {
    let cost = try run(words)
    guard cost.status == 0 else {
      throw Complaint(
        "\(words.joined(separator: " ")) failed (exit \(cost.status))", remedy: "run it by hand")
    }
  }

  /// Whether the PATH has it.
  static func isThere(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    return path.split(separator: ":").contains { unsafe access("\($0)/\(program)", X_OK) == 0 }
  }

  private static let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
  var microseconds: Double { seconds * 1e6 }
}

extension timeval {
  var seconds: Double { Double(tv_sec) + Double(tv_usec) * 1e-6 }
}
