// What a blow means to a node that speaks VRRP, in the protocol's own terms: from it, and from what
// the pair's configuration promises, it follows how long a takeover must take.

package indirect enum Consequence: Hashable, Sendable {
  /// It speaks on and keeps what it has.
  case nothing
  /// It says goodbye (priority 0) and lets go of the addresses.
  case goodbye
  /// The same, and the node is started anew: nobody knows how long that takes.
  case departure
  /// It falls silent without a word.
  case silence(Remains)
  /// It speaks on, and its peers do not hear it; it keeps the addresses.
  case unheard
  /// It speaks on, and does not hear its peers.
  case deaf
  /// Neither hears the other; it speaks on and keeps the addresses.
  case cutOff
  /// Only goodbyes do not come through, its own or those that it would hear: nothing, until somebody
  /// leaves.
  case goodbyesLost(own: Bool)
  /// What it says comes later by this much, from the blow on.
  case late(Delay)
  /// Its clock runs fast by so many parts per million, and with it all of its timers; negative: slow.
  case paced(Int)
  /// Nobody finds it, nor does it find anybody, by neighbour discovery.
  case undiscovered
  /// The interface is down; nil: the one with the addresses.
  case linkDown(String?)
  /// It goes down for so long, comes up, and so on.
  case linkFlaps(String?, down: Duration)
  /// Its kernel has the addresses no more, and the daemon still means to hold them.
  case addressesGone
  /// It says, or lets others believe, that the addresses are its own, by other means than VRRP.
  case claims
  /// The health check whose program has this path reports failure from its next run on.
  case checkFails(String)
  /// It does not end any more: whoever runs it ends it at its timeout.
  case checkHangs(String)
  /// Each of its runs takes longer by this much.
  case checkSlow(String, by: Duration)
  /// It fails for a period, answers for another, and so on.
  case checkFlaps(String, every: Duration)
  /// The daemon reads another configuration.
  case rereads(Rereading)
  /// Another speaker is heard.
  case rival(Rival)
  /// As said, where it is this interface that the instance speaks by.
  case along(String, Consequence)
  /// It strikes something that VRRP knows of by health checks only: these words say what.
  case beside(String)
  /// Not known beforehand, because of this.
  case open(String)

  /// What is left of the addresses at a node that has fallen silent.
  package enum Remains: Hashable, Sendable {
    /// Its kernel keeps them, and answers for them where it is reached.
    case kept
    /// The same, and it goes on as the master that it was when it is healed.
    case frozen
    /// Its kernel keeps them until the daemon is started anew, by itself: at once, or, where it died
    /// before, seconds later.
    case restarted
    /// They are gone, or nobody reaches them.
    case gone
    /// They are gone, and the node is started anew: nobody knows how long that takes.
    case off
  }

  package struct Delay: Hashable, Sendable {
    package var least: Duration
    package var most: Duration

    package init(from least: Duration, to most: Duration) {
      self.least = least
      self.most = most
    }
  }
}

/// A change of one file of a daemon's configuration, as the command that makes it.
package struct Rereading: Hashable, Sendable {
  /// The file's absolute path on the node.
  package var file: String
  /// Reads the file on its standard input and writes the changed one; changes nothing else. Another
  /// status than 0: there is nothing to change.
  package var edit: Command
  /// Whether the daemon is started anew for it, instead of reading it as it runs.
  package var restarts: Bool

  package init(of file: String, by edit: Command, restarts: Bool) {
    self.file = file
    self.edit = edit
    self.restarts = restarts
  }
}

/// A speaker that is none of the pair, by what its advertisements say.
package struct Rival: Hashable, Sendable {
  /// nil: the pair's own.
  package var router: Int?
  package var version: Int
  package var priority: Int
  package var interval: Duration
  /// Bytes of version 2's password; empty: none. Never printed.
  package var password: [UInt8]
  package var isMulticast: Bool

  package init(
    router: Int?, version: Int, priority: Int, interval: Duration, password: [UInt8],
    isMulticast: Bool
  ) {
    self.router = router
    self.version = version
    self.priority = priority
    self.interval = interval
    self.password = password
    self.isMulticast = isMulticast
  }
}
