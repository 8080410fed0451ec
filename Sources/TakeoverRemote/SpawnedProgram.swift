// Starts a program with posix_spawn(3): its ends of the descriptors, and ours.

internal import FoundationEssentials
internal import Glibc
internal import TakeoverModel

struct SpawnedProgram {
  let process: pid_t
  let input: CInt
  let output: CInt
  let errorOutput: CInt

  /// The input is a socket: writing to a program that is gone must not raise SIGPIPE here.
  init(_ path: String, _ words: [String]) throws(TransportError) {
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    var pairs: [[CInt]] = []
    defer { for pair in pairs { close(pair[1]) } }
    for _ in 0..<3 {
      var pair: [CInt] = [-1, -1]
      guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
        throw Self.failed("socketpair", errno)
      }
      pairs.append(pair)
    }
    do throws(TransportError) {
      process = try Self.spawn(
        path, words, input: pairs[0][1], output: pairs[1][1], errors: pairs[2][1])
    } catch {
      for pair in pairs { close(pair[0]) }
      throw error
    }
    (input, output, errorOutput) = (pairs[0][0], pairs[1][0], pairs[2][0])
    for descriptor in [input, output, errorOutput] {
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
  }

  private static func spawn(
    _ path: String, _ arguments: [String], input: CInt, output: CInt, errors: CInt
  ) throws(TransportError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)

    // A group of its own (a terminal's Ctrl-C is not for it), and signals as a login would have.
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

    var words = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    var environment = unsafe ProcessInfo.processInfo.environment
      .map { name, value in unsafe strdup("\(name)=\(value)") }
    unsafe environment.append(nil)
    defer { unsafe (words + environment).forEach { unsafe free($0) } }
    var process: pid_t = 0
    let error = unsafe posix_spawn(
      &process, path, &actions, &attributes, &words, &environment)
    guard error == 0 else { throw failed("posix_spawn \(path)", error) }
    return process
  }

  private static func failed(_ call: String, _ error: CInt) -> TransportError {
    TransportError(
      .broken, "\(call): \(unsafe String(cString: strerror(error)))",
      remedy: "look at this machine's limits: ulimit -a")
  }
}
