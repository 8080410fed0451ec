// Which processes a node's services have, as an observer saw them. A process id may be used again; with
// the time at which the process began it is unique (proc(5), field 22 of stat).

package struct ServiceProcessesSeen: Hashable, Sendable, Codable {
  package struct Process: Hashable, Sendable, Codable {
    package var id: Int
    /// Clock ticks since the node booted.
    package var start: Int64

    package init(id: Int, start: Int64) {
      self.id = id
      self.start = start
    }
  }

  package struct Service: Hashable, Sendable, Codable {
    package var name: String
    /// The first process, then its children; empty: it does not run.
    package var processes: [Process]

    package init(name: String, processes: [Process]) {
      self.name = name
      self.processes = processes
    }
  }

  package var node: String
  package var services: [Service]

  package init(node: String, services: [Service]) {
    self.node = node
    self.services = services
  }
}

/// What became of one service's processes in the window of a trial.
package struct DaemonRecord: Hashable, Sendable {
  package enum Change: String, Hashable, Sendable, CaseIterable {
    case went, came
  }

  package struct Event: Hashable, Sendable {
    package var process: Int
    package var change: Change
    package var at: Interval

    package init(process: Int, change: Change, at: Interval) {
      self.process = process
      self.change = change
      self.at = at
    }
  }

  package var node: String
  package var service: String
  /// Whether it ran when the blow fell; nil: nobody had looked.
  package var ranBefore: Bool?
  /// Whether it ran at the last look; nil: nobody looked in the last seconds of the window.
  package var runsAfter: Bool?
  /// In the order of time.
  package var events: [Event]

  package init(
    node: String, service: String, ranBefore: Bool?, runsAfter: Bool?, events: [Event]
  ) {
    self.node = node
    self.service = service
    self.ranBefore = ranBefore
    self.runsAfter = runsAfter
    self.events = events
  }
}
