// Reads another machine's clock through its transport. A program that waits there answers within a
// round trip; where there is none, one is started for each reading, which takes a millisecond more.

internal import TakeoverModel

struct NodeClock: Sendable {
  /// One means; `reader` prints, for every word that it reads, that word and the seconds since 1970
  /// with a fraction.
  struct Means: Hashable, Sendable {
    var name: String
    var reader: [String]?
    /// Prints them once.
    var once: Command
  }

  /// The best first: bash(1) EPOCHREALTIME (bash 5), perl's Time::HiRes, python3's time.time_ns, GNU
  /// date(1).
  static let means = [
    Means(
      name: "bash",
      reader: [
        "bash", "-c", "while read -r word; do echo \"$word $EPOCHREALTIME\"; done",
      ], once: Command("bash", "-c", "echo $EPOCHREALTIME")),
    Means(
      name: "perl",
      reader: [
        "perl", "-MTime::HiRes=gettimeofday", "-e",
        "$| = 1; while (<STDIN>) { chomp; printf qq(%s %d.%06d\\n), $_, gettimeofday }",
      ],
      once: Command(
        "perl", "-MTime::HiRes=gettimeofday", "-e", "printf qq(%d.%06d\\n), gettimeofday")),
    Means(
      name: "python3",
      reader: [
        "python3", "-c",
        "import sys, time\nfor word in iter(sys.stdin.readline, ''):\n n = time.time_ns();"
          + " print(word.strip(), f'{n//10**9}.{n%10**9:09}', flush=True)",
      ],
      once: Command(
        "python3", "-c", "import time; n = time.time_ns(); print(f'{n//10**9}.{n%10**9:09}')")),
    Means(name: "date", reader: nil, once: Command("date", "+%s.%N")),
  ]

  /// A reading is worth little when it took so long.
  private static let limit = Duration.seconds(2)

  let transport: any Transport
  let clock: any RunClock
  /// What reads it.
  let means: Means
  /// On the machine: where the program that waits is asked; made by it and gone with it.
  let folder: String

  /// The best means that the machine has. `transport` is used for nothing else meanwhile.
  static func choose(on transport: any Transport, clock: any RunClock) async throws -> NodeClock {
    for means in Self.means {
      let node = NodeClock(transport: transport, clock: clock, means: means)
      if await node.readOnce() != nil { return node }
    }
    throw Complaint(
      "the clock of \(transport.description) cannot be read",
      remedy: "install one of bash 5, perl, python3, GNU date there")
  }

  init(transport: any Transport, clock: any RunClock, means: Means) {
    self.transport = transport
    self.clock = clock
    self.means = means
    folder = "/tmp/takeover-clock-" + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Keeps the program waiting there until the task is cancelled.
  func keepServing() async throws {
    while true {
      if let reader = means.reader {
        _ = try? await transport.stream(Self.serving(reader, in: folder)) { _ in }
      }
      try await clock.wait(until: clock.now() + .seconds(1))
    }
  }

  /// The pipes are held open by the outer shell, so that they end when the reader does. Its errors
  /// go nowhere: a shell that says `Terminated` to a closed pipe ends before it has cleaned up.
  static func serving(_ reader: [String], in folder: String) -> Command {
    .script(
      """
      exec 2>/dev/null; folder=$1; shift; umask 077; mkdir "$folder" || exit 1
      trap 'rm -rf "$folder"' EXIT; trap 'exit 143' TERM HUP INT
      mkfifo "$folder/ask" "$folder/answer" || exit 1
      exec 3<>"$folder/ask" 4<>"$folder/answer"
      "$@" <&3 >&4 & : >"$folder/ready"
      wait $!
      """, [folder] + reader)
  }

  /// Asks without starting anything. Opened for both first, a pipe opens at once, and reading ends
  /// when nobody is left who could answer.
  private var question: Command {
    // An answer to an earlier question, which nobody waited for, is none to this one.
    let word = String(UInt32.random(in: .min ... .max), radix: 36)
    return .script(
      """
      [ -e "$1/ready" ] || exit 1
      exec 4<>"$1/answer" 5<"$1/answer" 4<&-
      echo "$2" 1<>"$1/ask"
      while read -r word now <&5; do
        [ "$word" = "$2" ] && echo "$now" && exit 0
      done
      exit 1
      """, [folder, word])
  }

  /// nil when the machine did not answer in time.
  func read() async -> ClockBracket.Sample? {
    if means.reader != nil, let sample = await readWaiting() { return sample }
    return await readOnce()
  }

  /// The question is armed first: between the byte that is sent and the reading lies no start of a
  /// program.
  private func readWaiting() async -> ClockBracket.Sample? {
    guard let armed = try? await transport.arm(question, within: Self.limit),
      let blow = try? await armed.fire(within: Self.limit), let result = blow.result,
      result.succeeded, let acknowledged = blow.acknowledged
    else { return nil }
    return sample(
      result.text, sent: Moment(nanoseconds: blow.sent - clock.origin),
      received: Moment(nanoseconds: acknowledged - clock.origin))
  }

  private func readOnce() async -> ClockBracket.Sample? {
    let sent = clock.now()
    guard let result = try? await transport.run(means.once, within: Self.limit), result.succeeded
    else { return nil }
    return sample(result.text, sent: sent, received: clock.now())
  }

  private func sample(_ text: String, sent: Moment, received: Moment) -> ClockBracket.Sample? {
    Self.reading(text).map {
      ClockBracket.Sample(
        sent: sent, node: $0.nanoseconds, received: received, resolution: $0.resolution)
    }
  }

  /// `1700000000.123456` in nanoseconds, and what its last digit is worth.
  static func reading(_ text: String) -> (nanoseconds: Int64, resolution: Int64)? {
    let line = text.split(whereSeparator: \.isNewline).first ?? ""
    // EPOCHREALTIME has the locale's decimal point.
    let parts = line.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    guard parts.count == 2, (1...9).contains(parts[1].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }),
      let seconds = Int64(parts[0]), let fraction = Int64(parts[1]), seconds < 1 << 33
    else { return nil }
    var resolution: Int64 = 1
    for _ in parts[1].utf8.count..<9 { resolution *= 10 }
    return (seconds * 1_000_000_000 + fraction * resolution, resolution)
  }
}
