// The database that a pair carries, as clients and operators reach it.

package struct Database: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case postgresql }

  package enum Replication: String, Hashable, Sendable, Codable, CaseIterable {
    /// A commit is acknowledged when the standby has it on its disk.
    case synchronous
    /// A commit is acknowledged when the primary has it.
    case asynchronous
  }

  package var kind: Kind
  /// nil: not told, and not looked after.
  package var replication: Replication?
  /// Where it listens at the virtual addresses.
  package var port: Int
  /// The database in which the ledger makes its table, and the role that owns it there.
  package var name: String
  package var user: String
  /// Path of a file on the coordinator's machine whose first line is the role's password; nil: the
  /// server asks for none.
  package var passwordFile: String?
  /// psql on a node, as a role that may read the ledger there, also when it does not serve clients.
  package var psql: Command
  /// Rows a second that the ledger tries to write.
  package var rate: Int

  package static let standardPort = 5432
  package static let standardName = "takeover"
  package static let standardRate = 1_000
  package static let rates = 1...5_000
  package static let standardPsql = Command("runuser", "-u", "postgres", "--", "psql")

  package init(
    kind: Kind = .postgresql, replication: Replication? = nil, port: Int = standardPort,
    name: String = standardName, user: String = standardName, passwordFile: String? = nil,
    psql: Command = standardPsql, rate: Int = standardRate
  ) {
    self.kind = kind
    self.replication = replication
    self.port = port
    self.name = name
    self.user = user
    self.passwordFile = passwordFile
    self.psql = psql
    self.rate = rate
  }
}

/// Asks the databases of a pair how they stand: the run knows neither the database nor how it is asked.
package protocol DatabaseReader: Sendable {
  /// What the database of one node says of itself. `withRows`: and which rows of the ledger it has,
  /// which costs it a look at the whole table.
  func reading(
    of node: Node, withRows: Bool, over transport: any Transport
  ) async -> DatabaseReading
}

/// What the database of one node says of itself.
package struct DatabaseReading: Hashable, Sendable, Codable {
  package var node: String
  /// The server's own name for itself, by which clients know it; nil: it did not answer.
  package var server: String?
  /// Whether it would take a write; nil: not known.
  package var takesWrites: Bool?
  /// How many standbys follow it and have caught up, and how many of those it waits for.
  package var standbys: Int
  package var synchronousStandbys: Int
  /// The ledger's rows that it has, by the server that wrote them. nil: they were not asked for, or
  /// could not be read.
  package var rows: [LedgerRows]?
  /// Why something is not known; empty: nothing.
  package var trouble: String

  package init(
    node: String, server: String? = nil, takesWrites: Bool? = nil, standbys: Int = 0,
    synchronousStandbys: Int = 0, rows: [LedgerRows]? = nil, trouble: String = ""
  ) {
    self.node = node
    self.server = server
    self.takesWrites = takesWrites
    self.standbys = standbys
    self.synchronousStandbys = synchronousStandbys
    self.rows = rows
    self.trouble = trouble
  }
}
