// edit-configuration: any change of any service's file, undone byte for byte.

package import TakeoverModel

package struct EditConfiguration: Fault {
  package static let declaration = FaultDeclaration(
    kind: "edit-configuration",
    summary:
      "edit a file on a node and have a service read it, and put the original back at the end",
    effect: "what the edited line does; a pair whose nodes disagree usually ends with two holders",
    parameters: [
      Parameter("sed", .text, summary: "the edit as an expression of sed(1)"),
      Parameter(
        "replace", .text, summary: "the edit as a text that is replaced wherever it stands"),
      Parameter("with", .text, summary: "what takes the place of replace"),
      KeepalivedFault.file, ServiceProcesses.parameter,
      Parameter(
        "apply", .choice(Application.allCases.map(\.rawValue)),
        standard: .text(Application.reload.rawValue),
        summary: "how the service is made to read it, now and after the healing"),
    ],
    requires: ["awk", "sed"],
    examples: [
      ["sed": .text(#"s/^\( *garp_master_repeat\) .*/\1 1/"#)],
      [
        "replace": .text("garp_master_repeat 5"), "with": .text("garp_master_repeat 1"),
        "apply": .text("restart"),
      ],
      ["sed": .text("$a # edited"), "apply": .text("none")],
    ])

  let edit: Command
  let file: String
  let service: String
  let apply: Application

  package init(_ arguments: Arguments) throws(Complaint) {
    file = try KeepalivedFault.file(arguments)
    service = arguments.text("service") ?? "keepalived"
    apply = arguments.text("apply").flatMap(Application.init) ?? .reload
    let (old, new) = (arguments.text("replace"), arguments.text("with"))
    switch (arguments.text("sed"), old, new) {
    case (let expression?, nil, nil):
      edit = Command("sed", "-e", expression)
    case (nil, let old?, let new?):
      guard !old.isEmpty, old != new else {
        throw Complaint("the edit changes nothing", remedy: "replace a text with another one")
      }
      edit = .script("OLD=$1 NEW=$2 awk '\(Self.replacing)'", [old, new])
    default:
      throw Complaint(
        "an edit is either sed, or replace and with",
        remedy: "sed: s/priority 100/priority 90/, or replace: priority 100 and with: priority 90")
    }
  }

  package var consequence: Consequence {
    guard apply != .none else { return .nothing }
    return KeepalivedService.means(
      .rereads(Rereading(of: file, by: edit, restarts: apply == .restart)), to: service)
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try ConfigurationEdit(
      of: file, by: edit, for: service, on: node, apply: apply, kind: Self.declaration.kind
    ).procedure(otherwise: "has no \(file), or the edit would change nothing in it")
  }

  /// awk: the whole file as one text, in which no character means anything but itself.
  private static let replacing = #"""
    { text = text $0 "\n" }
    END {
      old = ENVIRON["OLD"]
      while (at = index(text, old)) {
        printf "%s%s", substr(text, 1, at - 1), ENVIRON["NEW"]
        text = substr(text, at + length(old))
      }
      printf "%s", text
    }
    """#
}
