// One run at a time may break a node, and only where the node's owner has said so.

package import TakeoverModel

/// A lock on the node, which says who holds it and until when (uptime, seconds). Made in one step that
/// fails where there is one already; a coordinator that is dead lets it run out.
package struct NodeLock: Hashable, Sendable {
  /// What a POSIX node's owner writes a line into: the names of the sites it may be broken for.
  package static let permission = "/etc/takeover/allow"
  package static let path = "\(Procedure.root)/lock"

  /// Letters, digits, dots and dashes: the run, unlike any other.
  package let token: String
  /// Who that is, for whoever finds the lock.
  package let owner: String
  package let length: Duration
  /// Whose words it is kept in.
  package let system: NodeSystem

  package init(
    token: String, owner: String, length: Duration, system: NodeSystem = .posix
  ) {
    self.token = token
    self.owner = owner
    self.length = length
    self.system = system
  }

  package static let notAllowed = 77
  package static let taken = 73

  var seconds: String { String((length.nanoseconds + 999_999_999) / 1_000_000_000) }
  private var words: any LockKeeping { system.speech.keeping(self) }

  /// Takes it. A lock that has run out belongs to a coordinator that died: what its leases would
  /// heal is healed first, and its name is printed.
  package func taking(for site: String) -> Command { words.taking(for: site) }

  /// Puts its end off; status `taken` when it is another's, or nobody's any more.
  package var renewal: Command { words.renewal }

  /// Lets it go when it is ours.
  package var release: Command { words.release }
}

/// A lock in the words of one system.
package protocol LockKeeping: Sendable {
  func taking(for site: String) -> Command
  var renewal: Command { get }
  var release: Command { get }
}
