// Where the bytes of a configuration come from. The reader asks by pattern and never touches a disk.

/// Gives the files that match a pattern, as glob(3) orders them.
package struct ConfigurationFiles: Sendable {
  package struct Match: Hashable, Sendable {
    /// Absolute, or relative to what the pattern is relative to.
    package var path: String
    /// nil: a directory, an executable, or not to be read; the daemon skips it.
    package var bytes: [UInt8]?

    package init(path: String, bytes: [UInt8]?) {
      self.path = path
      self.bytes = bytes
    }
  }

  package var matching: @Sendable (_ pattern: String) -> [Match]

  package init(matching: @escaping @Sendable (_ pattern: String) -> [Match]) {
    self.matching = matching
  }

  package static let none = ConfigurationFiles { _ in [] }

  /// Files by their absolute paths; a pattern knows `*`, `?`, `[…]` and `{…}`.
  package static func named(_ files: [String: [UInt8]]) -> ConfigurationFiles {
    ConfigurationFiles { pattern in
      GlobPattern.alternatives(of: pattern).flatMap { alternative in
        let glob = GlobPattern(alternative)
        return files.keys.sorted().filter(glob.matches).map {
          Match(path: $0, bytes: files[$0])
        }
      }
    }
  }
}
