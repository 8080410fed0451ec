// Asks the PostgreSQL of a node, by psql there, how it stands and which rows of the ledger it has.

package import TakeoverModel

package struct PostgresReading: DatabaseReader {
  /// A look at a million rows takes seconds.
  private static let limit = Duration.seconds(30)

  private let database: Database

  package init(of database: Database) { self.database = database }

  package func reading(
    of node: Node, withRows: Bool, over transport: any Transport
  ) async -> DatabaseReading {
    do throws(TransportError) {
      let result = try await transport.run(command(withRows: withRows), within: Self.limit)
      return Self.reading(of: node.name, withRows: withRows, result)
    } catch {
      // A late command would be told with its whole text.
      let trouble = error.kind == .deadlinePassed ? "it did not answer in time" : error.problem
      return DatabaseReading(node: node.name, trouble: trouble)
    }
  }

  /// Fields apart by `|`, the first of them says what the line is; `end` says that all is there.
  private static let standing =
    "select 'server', \(PostgresSession.identity), pg_is_in_recovery(), "
    + "current_setting('transaction_read_only'), "
    + "count(*) filter (where state = 'streaming'), "
    + "count(*) filter (where state = 'streaming' and sync_state in ('sync', 'quorum')) "
    + "from pg_stat_replication"
  private static let presence =
    "select 'table', to_regclass('\(PostgresSession.table)') is not null"
  /// Rows whose numbers follow each other differ from their place among them by one and the same number.
  private static let rows =
    "select 'rows', server, min(id), max(id) from (select server, id, "
    + "id - row_number() over (partition by server order by id) as island "
    + "from \(PostgresSession.table)) as numbered group by server, island order by 3"

  /// -A -t: rows only; -X: no psqlrc; -q: no word but those.
  func command(withRows: Bool) -> Command {
    let questions =
      [Self.standing] + (withRows ? [Self.presence, Self.rows] : []) + ["select 'end'"]
    let words =
      ["-AtXq", "-v", "VERBOSITY=sqlstate", "-d", database.name]
      + questions.flatMap { ["-c", $0] }
    guard let script = database.psql.asScript else {
      return Command(database.psql.arguments + words)
    }
    return .script(script.body + " \"$@\"", script.parameters + words)
  }

  /// psql ends with 2 when it cannot connect: then nobody there takes writes (psql(1), EXIT STATUS).
  static func reading(
    of node: String, withRows: Bool, _ result: CommandResult
  ) -> DatabaseReading {
    var reading = DatabaseReading(node: node)
    let said = result.errorText.split(separator: "\n").last.map(String.init) ?? ""
    let lines = result.text.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
    for line in lines where line.first == "server" && line.count == 6 {
      reading.server = line[1]
      reading.takesWrites = line[2] == "f" && line[3] == "off"
      reading.standbys = Int(line[4]) ?? 0
      reading.synchronousStandbys = Int(line[5]) ?? 0
    }
    guard reading.server != nil, lines.last == ["end"], !result.truncated else {
      if result.status == 2 { reading.takesWrites = false }
      reading.trouble =
        result.truncated
        ? "it said more than is taken"
        : said.isEmpty ? "psql ended with status \(result.status)" : said
      return reading
    }
    guard withRows else { return reading }
    let rows = Self.rows(in: lines)
    // Where there is no table, there are no rows.
    if !rows.isEmpty || said.isEmpty || lines.contains(["table", "f"]) {
      reading.rows = rows
    } else {
      reading.trouble = said
    }
    return reading
  }

  private static func rows(in lines: [[String]]) -> [LedgerRows] {
    var servers: [String] = []
    var ranges: [String: [LedgerRange]] = [:]
    for line in lines where line.first == "rows" && line.count == 4 {
      guard let first = Int64(line[2]), let last = Int64(line[3]) else { continue }
      if ranges[line[1]] == nil { servers.append(line[1]) }
      ranges[line[1], default: []].append(LedgerRange(first, last))
    }
    return servers.map { LedgerRows(server: $0, ranges: ranges[$0, default: []]) }
  }
}
