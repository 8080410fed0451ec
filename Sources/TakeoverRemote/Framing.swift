// What is written to a long-lived `sh` so that every command's output comes back unchanged and apart.

internal import TakeoverModel

/// The words of one shell: its nonce makes its markers unlike any output, its own earlier ones too.
struct Framing {
  /// 128 random bits in hexadecimal. Never in the shell's environment or variables: a command
  /// cannot read it there and print it.
  let nonce: String

  init() {
    var generator = SystemRandomNumberGenerator()
    nonce = [generator.next(), generator.next()]
      .map { (word: UInt64) in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }
      .joined()
  }

  /// What precedes the status of answer `number`. A rare first byte: output that merely ends a line
  /// need not be held back until the next byte shows that it is no marker.
  func marker(_ number: Int) -> [UInt8] { [1] + Array("\(nonce).\(number):".utf8) }

  /// Makes the shell predictable and answers 0. Administration tools live in sbin, which the PATH
  /// of an account without root may lack.
  func greeting(_ number: Int) -> String {
    "LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; set -- 0; "
      + answer(number) + "\n"
  }

  /// Runs the command in a subshell: nothing that it does to its shell outlives it. Its input is
  /// empty, so that it cannot eat the next frame.
  func run(_ command: Command, _ number: Int) -> String {
    "( \(Self.inside(command)) ) </dev/null; set -- $?; \(answer(number))\n"
  }

  /// The same in two steps: the subshell answers `armed` and waits for one line; at the end of its
  /// input it leaves without running anything. After the blow it gets another line, `release`.
  func stage(_ command: Command, armed: Int, fired: Int) -> String {
    "( \(Self.urgent); \(Self.rehearsal); exec 3<&0 </dev/null; set -- 0; \(answer(armed)); "
      + "read -r go <&3 || exit 0; \(Self.inside(command)) 3<&-\(atOnce(command, fired)) ); "
      + "set -- $?; \(answer(fired))\n"
  }

  /// Lets the waiting subshell, and nothing that it starts, go before all others: what it kills
  /// would run first and take itself apart (keepalived: 0.7 ms on a busy machine) before the
  /// subshell can say that the blow is done. Where that is not allowed, it waits like others.
  private static let urgent =
    "{ read -r own rest </proc/self/stat && chrt -R -f -p 1 $own; } >/dev/null 2>&1"

  /// Lets a subshell go that has told a script's end. To its parent it is an empty line.
  static let release = "\n"

  /// A new subshell shares its memory with its parent until it writes to it, and each first write
  /// takes the kernel a while: 30 µs in all, spent here instead of between the blow and its answer.
  private static let rehearsal =
    "{ set -- 0; eval ' :'; set -- \"$?\"; set +vx; command printf '%s.%d:%d' 0 0 \"$1\"; "
    + "read -r go; } </dev/null >/dev/null 2>&1"

  /// A script's end is told by the subshell that ran it, which then waits for its release: its own
  /// end, and its parent's awakening, take 0.15 ms, during which sshd may have to wait for the
  /// processor with the answer in its hands. The parent tells it again, and alone where the subshell
  /// cannot: where the script ends it, or has closed or bent its outputs. What a trap may do after
  /// the last line is the script's work too: then the parent tells alone. A program gets no such
  /// words: as the subshell's last one it needs no process of its own.
  private func atOnce(_ command: Command, _ number: Int) -> String {
    guard let script = command.asScript, !script.body.contains("trap") else { return "" }
    // The script may have left its shell tracing, with another IFS or printf, or without outputs.
    let words = "command \(words(number))"
    return "; { set -- \"$?\"; set +vx; \(words); } 2>/dev/null; \(words) >&2; read -r go <&3; "
      + "exit \"$1\""
  }

  /// Runs the command in a session of its own beside a watcher that ends it when the shell's input
  /// ends: SIGTERM, a second later SIGKILL.
  func stream(_ command: Command, _ number: Int) -> String {
    "own='command --'; command -v setsid >/dev/null && own='setsid --'; exec 3<&0; "
      + "$own \(command.shellText) </dev/null 3<&- & all=$!; "
      + "( read -r go <&3; kill -s TERM -- -$all || kill -s TERM $all; sleep 1; "
      + "kill -s KILL -- -$all || kill -s KILL $all ) >/dev/null 2>&1 </dev/null & watcher=$!; "
      + "exec 3<&-; wait $all; set -- $?; kill $watcher; \(answer(number)); exit\n"
  }

  /// A script runs in the shell that is already there. `eval`, because a syntax error in the
  /// frame itself would end a shell that reads its commands from its input (POSIX 2.8.1).
  private static func inside(_ command: Command) -> String {
    guard let script = command.asScript else { return "command -- \(command.shellText)" }
    let parameters = Command(Array(script.parameters)).shellText
    // The blank keeps a body that begins with a dash from being taken for an option of eval.
    return "set -- \(parameters); eval \(Command(" " + script.body).shellText)"
  }

  private func answer(_ number: Int) -> String {
    "\(words(number)); \(words(number)) >&2"
  }

  private func words(_ number: Int) -> String {
    "printf '\\001%s.%d:%d\\n' \(nonce) \(number) \"$1\""
  }
}
