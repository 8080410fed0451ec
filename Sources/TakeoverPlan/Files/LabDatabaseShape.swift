// What a lab file may say of the database that its pair carries, and what of it cannot be built.

internal import TakeoverModel

enum LabDatabaseShape {
  static var field: Shape.Field {
    Shape.Field(
      "database", shape,
      "what the pair carries beside its web service: keepalived's notify script promotes it")
  }

  private static var shape: Shape {
    let standard = LabDatabase()
    func choice(_ words: [String]) -> Shape { .scalar(.form(.choice(words))) }
    return .fields(
      Shape.Fields(
        noun: "a database",
        list: [
          Shape.Field(
            "kind", choice(LabDatabase.Kind.allCases.map(\.rawValue)), required: true,
            "postgresql: version 15, in an image of its own"),
          Shape.Field(
            "replication", choice(Database.Replication.allCases.map(\.rawValue)),
            standard: standard.replication.rawValue,
            "whether a commit waits until the standby has it"),
          Shape.Field(
            "fencing", .scalar(.form(.flag)), standard: String(standard.fencing),
            "whoever is promoted stops the old primary first; whoever comes back asks before it begins"
          ),
          Shape.Field(
            "promotion-delay", SiteShape.duration,
            standard: TimeText.chosen(standard.promotionDelay),
            "how long the notify script waits before it promotes"),
        ]))
  }

  static func database(_ checked: Checked?) -> LabDatabase? {
    guard let checked, let kind = checked["kind"]?.text.flatMap(LabDatabase.Kind.init) else {
      return nil
    }
    let standard = LabDatabase()
    return LabDatabase(
      kind: kind,
      replication: checked["replication"]?.text.flatMap(Database.Replication.init)
        ?? standard.replication,
      fencing: checked["fencing"]?.flag ?? standard.fencing,
      promotionDelay: checked["promotion-delay"]?.duration ?? standard.promotionDelay)
  }

  /// One primary and one standby, both of the suite that has the version.
  static func check(_ checked: Checked, _ diagnostics: inout Diagnostics) {
    guard let database = checked["database"] else { return }
    let nodes = checked["nodes"]?.named ?? []
    if nodes.count > 2 {
      diagnostics.report(
        .cannotBeBuilt, at: database.span,
        "a database pair has two nodes: one primary, one standby",
        suggestion: "list two below nodes")
    }
    for node in nodes {
      if let image = node.value["image"], let name = image.text, name != LabShape.suites[0] {
        diagnostics.report(
          .cannotBeBuilt, at: image.span, "\(name) has another version of PostgreSQL, or none",
          suggestion: "image: \(LabShape.suites[0])")
      }
      if let first = node.value["init"], first.text == LabNode.Init.plain.rawValue {
        diagnostics.report(
          .cannotBeBuilt, at: first.span, "a node with a database needs systemd",
          suggestion: "init: systemd")
      }
    }
  }
}
