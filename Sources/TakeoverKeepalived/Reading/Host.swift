// The machine that a configuration is read for: conditions, interfaces and users decide what the
// daemon makes of the same bytes, and so does the daemon's version.

/// A version of keepalived, as `keepalived -v` prints it.
package struct DaemonVersion: Hashable, Sendable {
  package var major: Int
  package var minor: Int
  package var patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// `2.2.7`, `v2.2.7`; nil where there are no three numbers.
  package init?(_ text: some StringProtocol) {
    let digits = text.drop { !$0.isNumber }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let major = Int(parts[0]), let minor = Int(parts[1]),
      let patch = Int(parts[2].prefix { $0.isNumber })
    else { return nil }
    self.init(major, minor, patch)
  }

  /// Debian 11, 12 and 13: their packages are what the rules of this room were tried against.
  package static let bullseye = DaemonVersion(2, 1, 5)
  package static let bookworm = DaemonVersion(2, 2, 7)
  package static let trixie = DaemonVersion(2, 3, 3)

  /// From 2.2 on the processes read a copy of the text that the parent has read, comments removed
  /// a second time, and `--config-test` counts what every one of them finds.
  var readsCopy: Bool { self >= DaemonVersion(2, 2, 0) }
}

extension DaemonVersion: Comparable {
  package static func < (one: Self, other: Self) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}

extension DaemonVersion: CustomStringConvertible {
  package var description: String { "\(major).\(minor).\(patch)" }
}

/// What is known of the machine. What is nil is not known, and then nothing is said about it.
package struct Host: Hashable, Sendable {
  package var version: DaemonVersion
  /// What `@NAME` is compared with: `--config-id`, or the host's name up to its first dot.
  package var configID: String?
  /// Interfaces that exist when the daemon starts.
  package var interfaces: Set<String>?
  /// Names in the user database: the daemon runs scripts as one of them.
  package var users: Set<String>?
  /// Scripts that are known not to exist, by their paths; every other one is taken to exist.
  package var missingScripts: Set<String>
  /// The directory the daemon starts in: relative includes of a root file without a directory.
  package var directory: String

  package init(
    version: DaemonVersion = .bookworm, configID: String? = nil, interfaces: Set<String>? = nil,
    users: Set<String>? = nil, missingScripts: Set<String> = [], directory: String = "/"
  ) {
    self.version = version
    self.configID = configID
    self.interfaces = interfaces
    self.users = users
    self.missingScripts = missingScripts
    self.directory = directory
  }

  func knowsNoInterface(_ name: String) -> Bool {
    interfaces.map { !$0.contains(name) } ?? false
  }

  func knowsNoUser(_ name: String) -> Bool { users.map { !$0.contains(name) } ?? false }
}
