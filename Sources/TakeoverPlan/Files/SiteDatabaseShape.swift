// What a site file may say of the database that the pair carries: how the ledger writes into it, and
// how the nodes are asked what they have.

internal import TakeoverModel

enum SiteDatabaseShape {
  static var field: Shape.Field {
    Shape.Field(
      "database", shape,
      "the database behind the addresses, for the checks that write a ledger into it")
  }

  private static var shape: Shape {
    func choice(_ words: [String]) -> Shape { .scalar(.form(.choice(words))) }
    return .fields(
      Shape.Fields(
        noun: "a database",
        list: [
          Shape.Field(
            "kind", choice(Database.Kind.allCases.map(\.rawValue)), required: true,
            "postgresql: version 10 or later, whose cluster_name differs from node to node"),
          Shape.Field(
            "replication", choice(Database.Replication.allCases.map(\.rawValue)),
            "what there must be before a blow: a standby that streams, or one that is waited for; "
              + "without it, a standby that streams"),
          Shape.Field(
            "port", SiteShape.port, standard: String(Database.standardPort),
            "its port at the virtual addresses"),
          Shape.Field(
            "name", SiteShape.text, standard: Database.standardName,
            "the database in which the table takeover_ledger is made anew in every run"),
          Shape.Field(
            "user", SiteShape.text, standard: Database.standardName, "the role that owns it"),
          Shape.Field(
            "password-file", SiteShape.text,
            "path of a file here whose first line is the role's password"),
          Shape.Field(
            "psql", SiteShape.command, standard: Database.standardPsql.shellText,
            "psql on a node, as a role that may read the table and pg_stat_replication"),
          Shape.Field(
            "rate", .scalar(.form(.count(Database.rates))),
            standard: String(Database.standardRate), "rows a second"),
        ]))
  }

  static func database(_ checked: Checked?) -> Database? {
    guard let checked, let kind = checked["kind"]?.text.flatMap(Database.Kind.init) else {
      return nil
    }
    return Database(
      kind: kind, replication: checked["replication"]?.text.flatMap(Database.Replication.init),
      port: checked["port"]?.count ?? Database.standardPort,
      name: checked["name"]?.text ?? Database.standardName,
      user: checked["user"]?.text ?? Database.standardName,
      passwordFile: checked["password-file"]?.text,
      psql: checked["psql"]?.command ?? Database.standardPsql,
      rate: checked["rate"]?.count ?? Database.standardRate)
  }
}
