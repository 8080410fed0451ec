// Which processes a node's services have, read from /proc through the node's own shell. A daemon that
// dies and is started again at once looks well to every probe; its process id tells.

package import TakeoverModel

package struct ProcessObserver: Observer {
  package let name: String
  private let node: Node
  private let transport: any Transport
  private let period: Duration

  package init(of node: Node, transport: any Transport, period: Duration = .milliseconds(500)) {
    name = "\(node.name)/processes"
    self.node = node
    self.transport = transport
    self.period = period
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    var known: [String: ServiceProcessesSeen.Process] = [:]
    var isReady = false
    while !Task.isCancelled {
      let asked = clock.now()
      // A node that does not answer is no news here: it may be the fault that cut the road.
      let result = try? await transport.run(
        Self.question(about: node.services, known: known), within: .seconds(3))
      if let result, result.succeeded {
        let services = Self.services(in: result.text)
        for service in services { known[service.name] = service.processes.first }
        journal.record(
          Observation(
            when: Interval(asked, clock.now()), source: name,
            event: .processes(ServiceProcessesSeen(node: node.name, services: services))))
      }
      if !isReady { ready() }
      isReady = true
      try await clock.wait(until: asked + period)
    }
  }

  /// The shell's own `read` does it all; only a first process that is not the known one any more is
  /// asked for, which with systemd is a program and a message, and no longer than a second: a node
  /// whose systemd hangs has other processes to tell of. The children of the service by which this
  /// very session came in are its sessions, which come and go.
  static func question(
    about services: [String: ServiceControl], known: [String: ServiceProcessesSeen.Process]
  ) -> Command {
    .script(
      #"""
      look() {
        { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
        set -- ${line##*) }
        state=$1 parent=$2 start=${20}
        [ "$state" != Z ]
      }
      own=$$ road=' '
      while [ "$own" -gt 1 ] && look "$own"; do
        road="$road$own " own=$parent
      done
      while [ $# -ge 4 ]; do
        main=$2
        echo "= $1"
        look "$2" && [ "$start" = "$3" ] || main=$(timeout 1 sh -c "$4" 2>/dev/null)
        shift 4
        case $main in '' | 0 | 1 | *[!0-9]*) continue ;; esac
        look "$main" || continue
        echo "$main $start"
        case $road in *" $main "*) continue ;; esac
        children=
        { read -r children <"/proc/$main/task/$main/children"; } 2>/dev/null
        for pid in $children; do
          look "$pid" && echo "$pid $start"
        done
      done
      :
      """#,
      services.sorted { $0.key < $1.key }.flatMap { name, control in
        [
          name, known[name].map { String($0.id) } ?? "0",
          known[name].map { String($0.start) } ?? "", control.mainProcess.shellText,
        ]
      })
  }

  /// A line `= name` for each service, then one `id start` for each process.
  static func services(in text: String) -> [ServiceProcessesSeen.Service] {
    var services: [ServiceProcessesSeen.Service] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("= ") {
        services.append(.init(name: String(line.dropFirst(2)), processes: []))
        continue
      }
      let words = line.split(separator: " ")
      guard words.count == 2, let id = Int(words[0]), let start = Int64(words[1]),
        !services.isEmpty
      else { continue }
      services[services.count - 1].processes.append(.init(id: id, start: start))
    }
    return services
  }
}
