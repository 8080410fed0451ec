// Reads on the nodes how long the daemon that moves the addresses has waited for a processor: before
// the blow and after the hold, never between, where the reading itself would make it wait.

internal import TakeoverModel

struct WaitReading: Sendable {
  static let service = "keepalived"
  /// A node that does not answer by then is held no longer for it. One of 600 readings beside eight
  /// other pairs took more than a second.
  private static let limit = Duration.seconds(3)

  private let transports: [String: any Transport]
  private let voice: RunVoice

  init(_ runner: Runner) {
    transports = runner.setting.transports
    voice = runner.voice
  }

  /// Nodes that have no such service by the site are not asked.
  func tell(of nodes: [Node]) async {
    await withTaskGroup(of: Void.self) { group in
      for node in nodes {
        guard let control = node.services[Self.service], let transport = transports[node.name]
        else { continue }
        group.addTask { await tell(of: node.name, control, over: transport) }
      }
    }
  }

  private func tell(
    of node: String, _ control: ServiceControl, over transport: any Transport
  ) async {
    let asked = voice.clock.now()
    var waits = ProcessorWaits(node: node, service: Self.service, tasks: [])
    do {
      let result = try await transport.run(Self.question(control), within: Self.limit)
      waits.tasks = Self.tasks(result.text)
      if waits.tasks.isEmpty {
        let said = result.errorText.trimmed
        waits.trouble = said.isEmpty ? "\(node) says nothing of it" : said
      }
    } catch {
      // A late command would be told with its whole text.
      waits.trouble =
        error.kind == .deadlinePassed
        ? "\(node) did not say it in time" : "\(node) cannot be asked: \(error.problem)"
    }
    voice.say(.processorWaits(waits), when: Interval(asked, voice.clock.now()))
  }

  /// A line `process start thread nanoseconds` for each thread of the service's first process and of
  /// its children (proc(5): fields 4 and 22 of stat, counted behind the name).
  static func question(_ control: ServiceControl) -> Command {
    .script(
      """
      main=$(eval "$1")
      case $main in
        '' | 0 | 1 | *[!0-9]*) echo "the service has no main process" >&2; exit 1 ;;
      esac
      if ! [ -r "/proc/$main/schedstat" ]; then
        echo "its kernel does not count it (CONFIG_SCHED_INFO)" >&2
        exit 1
      fi
      for folder in /proc/[0-9]*; do
        pid=${folder#/proc/}
        { read -r line <"$folder/stat"; } 2>/dev/null || continue
        set -- ${line##*) }
        [ "$pid" = "$main" ] || [ "$2" = "$main" ] || continue
        start=${20}
        for task in "$folder"/task/*; do
          { read -r ran waited rest <"$task/schedstat"; } 2>/dev/null || continue
          echo "$pid $start ${task##*/} $waited"
        done
      done
      """, [control.mainProcess.shellText])
  }

  static func tasks(_ text: String) -> [ProcessorWaits.Task] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let numbers = line.split(separator: " ").map { Int64($0) }
      guard numbers.count == 4, let process = numbers[0], let began = numbers[1],
        let thread = numbers[2], let waited = numbers[3]
      else { return nil }
      return ProcessorWaits.Task(
        process: Int(process), thread: Int(thread), began: began, waited: waited)
    }
  }
}
