// How a pair behaved beside moving its addresses: who spoke last, who spoke too often, who answered
// though it was not the holder. Computed by the report room, judged by checks; each is of the window
// only.

package struct Conduct: Hashable, Sendable {
  /// Each node's last announcement of each address.
  package var lastWords: [LastWord] = []
  /// Who advertised itself as the master, from when to when.
  package var advertising: [Advertising] = []
  /// How far each node's advertisements were from their interval.
  package var cadences: [Cadence] = []
  /// The second with the most announcements, per address.
  package var bursts: [Burst] = []
  /// Connections that nobody answered while somebody answered for the address.
  package var serviceGaps: [ServiceGap] = []
  /// Answers of nodes that were not the holder.
  package var wrongAnswers: [WrongAnswers] = []
  /// How many answers told who gave them.
  package var namedAnswers = 0
  /// How far what a node advertises, has and answers was apart; one for each that was compared.
  package var comparisons: [StateComparison] = []
  /// Whoever speaks for the addresses and is no node of the site.
  package var strangers: [Stranger] = []
  /// For how long each client's entry led elsewhere; one for each that was watched.
  package var staleness: [Staleness] = []
  /// What became of the services' processes; empty: nobody looked.
  package var daemons: [DaemonRecord] = []

  package init() {}
}

package struct LastWord: Hashable, Sendable {
  package var address: IPAddress
  /// The node's name, or the MAC address of a stranger.
  package var node: String
  package var at: Interval

  package init(address: IPAddress, node: String, at: Interval) {
    self.address = address
    self.node = node
    self.at = at
  }
}

/// Advertisements without a gap, from the first to the last.
package struct Advertising: Hashable, Sendable {
  package var node: String
  package var first: Interval
  package var last: Interval

  package init(node: String, first: Interval, last: Interval) {
    self.node = node
    self.first = first
    self.last = last
  }
}

/// The two advertisements in a row of one node whose distance is furthest from their interval.
package struct Cadence: Hashable, Sendable {
  package var node: String
  /// How many distances there were.
  package var count: Int
  /// The interval that the first of the two announces.
  package var interval: Duration
  package var distance: Elapsed
  /// By how much it is off, either way; the bounds hold for every distance of the node's.
  package var deviation: Elapsed

  package init(
    node: String, count: Int, interval: Duration, distance: Elapsed, deviation: Elapsed
  ) {
    self.node = node
    self.count = count
    self.interval = interval
    self.distance = distance
    self.deviation = deviation
  }
}

/// So many announcements of one address, by all nodes together, within one second.
package struct Burst: Hashable, Sendable {
  package var address: IPAddress
  package var atLeast: Int
  package var atMost: Int
  /// Who announced, sorted.
  package var nodes: [String]
  package var from: Interval

  package init(address: IPAddress, atLeast: Int, atMost: Int, nodes: [String], from: Interval) {
    self.address = address
    self.atLeast = atLeast
    self.atMost = atMost
    self.nodes = nodes
    self.from = from
  }
}

/// A stretch in which somebody answered for the address, and no connection to it succeeded.
package struct ServiceGap: Hashable, Sendable {
  package var vantage: String
  package var address: IPAddress
  /// Who answered for the address in it, sorted.
  package var nodes: [String]
  package var length: Elapsed

  package init(vantage: String, address: IPAddress, nodes: [String], length: Elapsed) {
    self.vantage = vantage
    self.address = address
    self.nodes = nodes
    self.length = length
  }
}

/// What a node answered to one schedule of questions while another was the holder.
package struct WrongAnswers: Hashable, Sendable {
  package var vantage: String
  package var method: Probe.Method
  package var address: IPAddress
  /// The node's name, or the MAC address of a stranger.
  package var node: String
  /// Who was the holder at the latest of them.
  package var holder: String
  package var count: Int
  /// How long after the holder had taken the address, or after the blow, the latest came.
  package var length: Elapsed

  package init(
    vantage: String, method: Probe.Method, address: IPAddress, node: String, holder: String,
    count: Int, length: Elapsed
  ) {
    self.vantage = vantage
    self.method = method
    self.address = address
    self.node = node
    self.holder = holder
    self.count = count
    self.length = length
  }
}

/// What a node advertises beside what its kernel has, or what it answers.
package struct StateComparison: Hashable, Sendable {
  package enum Witness: String, Hashable, Sendable, CaseIterable {
    case kernel, answers
  }

  package var node: String
  package var address: IPAddress
  package var witness: Witness
  /// How often the two could be compared.
  package var count: Int
  /// In the longest disagreement: whether it had, or answered for, the address.
  package var holds: Bool
  /// The longest disagreement; between two looks that agree one may hide.
  package var apart: Elapsed

  package init(
    node: String, address: IPAddress, witness: Witness, count: Int, holds: Bool, apart: Elapsed
  ) {
    self.node = node
    self.address = address
    self.witness = witness
    self.count = count
    self.holds = holds
    self.apart = apart
  }
}

/// The longest time at a stretch for which a client's neighbour entry led to another than the holder.
package struct Staleness: Hashable, Sendable {
  package var vantage: String
  package var address: IPAddress
  /// To whom it led, and who was the holder, when that began; nil: it never did.
  package var led: String?
  package var holder: String?
  package var length: Elapsed

  package init(
    vantage: String, address: IPAddress, led: String? = nil, holder: String? = nil,
    length: Elapsed = Elapsed(exactly: .zero)
  ) {
    self.vantage = vantage
    self.address = address
    self.led = led
    self.holder = holder
    self.length = length
  }
}

package struct Stranger: Hashable, Sendable {
  package enum Doing: String, Hashable, Sendable, CaseIterable {
    case advertises, claims
  }

  /// Its MAC address.
  package var name: String
  package var doing: Doing
  package var count: Int
  package var first: Interval

  package init(name: String, doing: Doing, count: Int, first: Interval) {
    self.name = name
    self.doing = doing
    self.count = count
    self.first = first
  }
}
