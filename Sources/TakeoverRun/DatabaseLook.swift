// Looks at the pair's databases: whether a standby is there that could take over, before a blow, and what
// each of them has, when the trial's measuring is over.

internal import TakeoverModel

struct DatabaseLook: Sendable {
  let runner: Runner

  private var site: Site { runner.setting.site }

  /// What speaks against a blow, in words; empty where nobody looks.
  func complaints(holder: String) async -> [String] {
    let found = await readings(withRows: false)
    return Self.complaints(
      about: found.map(\.reading), holder: holder, site.database?.replication)
  }

  /// The holder's database takes writes and no other does; each of the others follows it and has caught
  /// up, and is waited for where that is how they replicate.
  static func complaints(
    about readings: [DatabaseReading], holder: String, _ replication: Database.Replication?
  ) -> [String] {
    var found: [String] = []
    for reading in readings.sorted(by: { $0.node < $1.node }) {
      let its = "\(reading.node)'s database"
      guard let takesWrites = reading.takesWrites, reading.server != nil else {
        found.append("\(its) does not answer: \(reading.trouble)")
        continue
      }
      if reading.node == holder {
        if !takesWrites {
          found.append("\(its) takes no writes, and \(reading.node) is the holder")
        }
        let others = readings.count - 1
        if reading.standbys < others {
          found.append("\(its) has \(reading.standbys) of \(others) standbys that have caught up")
        } else if replication == .synchronous, others > 0, reading.synchronousStandbys == 0 {
          found.append("\(its) waits for no standby")
        }
      } else if takesWrites {
        found.append("\(its) takes writes, and \(holder) is the holder")
      }
    }
    return found
  }

  /// What each has, in those trials that want to know.
  func tell(for trial: Trial) async {
    guard trial.asksForLedger, !Task.isCancelled else { return }
    for (reading, when) in await readings(withRows: true) {
      runner.voice.say(.databaseReading(reading), when: when)
    }
  }

  /// All nodes at one time, in the site's order.
  private func readings(
    withRows: Bool
  ) async -> [(reading: DatabaseReading, when: Interval)] {
    guard let reader = runner.setting.databases else { return [] }
    let clock = runner.setting.clock
    let asked = clock.now()
    return await withTaskGroup(of: (Int, DatabaseReading, Moment).self) { group in
      for (index, node) in site.nodes.enumerated() {
        guard let transport = runner.setting.transports[node.name] else { continue }
        group.addTask {
          let reading = await reader.reading(of: node, withRows: withRows, over: transport)
          return (index, reading, clock.now())
        }
      }
      var all: [(Int, DatabaseReading, Moment)] = []
      for await one in group { all.append(one) }
      return all.sorted { $0.0 < $1.0 }.map { (reading: $0.1, when: Interval(asked, $0.2)) }
    }
  }
}
