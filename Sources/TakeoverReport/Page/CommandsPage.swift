// Exactly what each node got, as the journal says it: looked at, struck, proven, mended.

internal import TakeoverModel

enum CommandsPage {
  /// More than this is in the journal only: a page must open on a telephone.
  private static let most = 400_000

  static func write(_ report: Report, into main: inout Markup) {
    guard !report.procedures.isEmpty else { return }
    main.element("section") { section in
      section.element("h2", words: "The commands")
      section.element(
        "p", [("class", "note")],
        words: "Written into the journal before a node was touched, as one would type them into "
          + "its shell. The last command below \"inject\" is the blow.")
      let begin = section.text.utf8.count
      for (index, one) in report.procedures.enumerated() {
        if section.text.utf8.count - begin < most {
          write(one, number: index + 1, into: &section)
        } else {
          section.element(
            "p", [("id", "commands-\(index + 1)"), ("class", "note")],
            words: "\(one.fault.kind) on \(one.node): see journal.jsonl.")
        }
      }
    }
  }

  private static func write(_ one: NodeProcedure, number: Int, into page: inout Markup) {
    page.element("details") { details in
      let place = one.procedure.place == .node ? "" : ", from outside"
      details.element("summary") { summary in
        summary.element("h3", words: "\(one.fault.kind) on \(one.node)\(place)")
        let arguments = words(for: one.fault.arguments)
        if !arguments.isEmpty { summary.write(" (\(arguments))") }
      }
      details.element("div", [("id", "commands-\(number)")]) { content in
        for (phase, commands) in phases(of: one.procedure) where !commands.isEmpty {
          content.element("h4", words: phase)
          for command in commands {
            content.element("pre") { $0.writeLines("\n" + command.shellText) }
          }
        }
      }
    }
  }

  private static func phases(of procedure: Procedure) -> [(String, [Command])] {
    [
      ("required", procedure.requirements.map(\.command)), ("prepare", procedure.prepare),
      ("inject", procedure.inject), ("confirm", procedure.confirm), ("heal", procedure.heal),
      ("confirm healed", procedure.confirmHealed),
    ]
  }

  private static func words(for arguments: Arguments) -> String {
    arguments.values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      .joined(separator: ", ")
  }
}
