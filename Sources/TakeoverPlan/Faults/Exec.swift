// exec: the user's own fault, by commands that stand in the plan.

package import TakeoverModel

package struct Exec: Fault {
  package static let declaration = FaultDeclaration(
    kind: "exec",
    summary:
      "your own fault, by lines for sh; they stand in the journal and in reports, so no secrets",
    effect: "what the commands do; the node must be the same afterwards as it was before",
    parameters: [
      Parameter("inject", .text, required: true, summary: "breaks it; a line for sh, run as root"),
      Parameter(
        "confirm", .text, required: true, summary: "ends with 0 when the blow is in force"),
      Parameter(
        "heal", .text, required: true,
        summary: "mends it, by the node alone if need be; harmless on a node that is whole"),
      Parameter(
        "confirm-healed", .text,
        summary: "ends with 0 when it is mended; standard: confirm no longer does"),
      Parameter(
        "prepare", .text, summary: "looks, and notes what heal needs in the folder $3"),
      Parameter("requires", .text, summary: "programs that the node must have, parted by spaces"),
      Parameter(
        "touches", .text,
        summary: "files that are compared before and after, parted by spaces"),
    ],
    examples: [
      [
        "inject": .text("ip route add blackhole 198.51.100.0/24"),
        "confirm": .text("ip route show type blackhole | grep -q 198.51.100.0/24"),
        "heal": .text(
          "! ip route show type blackhole | grep -q 198.51.100.0/24 || "
            + "ip route del blackhole 198.51.100.0/24"),
        "requires": .text("ip grep"),
      ],
      [
        "prepare": .text("cp -p /etc/hosts $3/hosts"),
        "inject": .text("echo 192.0.2.1 database >>/etc/hosts"),
        "confirm": .text("grep -q '^192.0.2.1 database$' /etc/hosts"),
        "heal": .text("[ ! -e $3/hosts ] || cp -p $3/hosts /etc/hosts"),
        "confirm-healed": .text("! grep -q '^192.0.2.1 database$' /etc/hosts"),
        "requires": .text("grep"), "touches": .text("/etc/hosts"),
      ],
    ])

  private let lines: [String: String]
  private let requires: [String]
  private let touches: [String]

  package init(_ arguments: Arguments) throws(Complaint) {
    var lines: [String: String] = [:]
    for name in ["prepare", "inject", "confirm", "heal", "confirm-healed"] {
      guard let line = arguments.text(name) else { continue }
      guard !line.allSatisfy(\.isWhitespace) else {
        throw Complaint("\(name) is empty", remedy: "give a line for sh, or leave it out")
      }
      lines[name] = line
    }
    self.lines = lines
    requires = Self.words(arguments.text("requires"))
    touches = Self.words(arguments.text("touches"))
    if let path = touches.first(where: { !$0.hasPrefix("/") }) {
      throw Complaint(
        "\"\(path)\" is not an absolute path", remedy: "touches: /etc/hosts /etc/fstab")
    }
  }

  private static func words(_ text: String?) -> [String] {
    text?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
  }

  package var consequence: Consequence {
    .open("what its commands do is known to whoever wrote them")
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    /// `$1` is the node's name, `$2` its interface, `$3` a folder for notes.
    func command(_ name: String) -> [Command] {
      lines[name].map { [.script($0, [node.name, node.interface, Self.notes])] } ?? []
    }
    let confirm = command("confirm")
    let noMore = confirm.map { Command.script("! eval \"$1\"", [$0.shellText]) }
    return Procedure(
      prepare: [.script("umask 077; mkdir -p \"$1\"", [Self.notes])] + command("prepare"),
      inject: command("inject"),
      confirm: confirm,
      heal: command("heal"),
      confirmHealed: lines["confirm-healed"] == nil ? noMore : command("confirm-healed"),
      touches: Touches(files: touches),
      requirements: requires.map {
        Requirement(.script("command -v \"$1\" >/dev/null", [$0]), otherwise: "has no \($0)")
      })
  }

  /// Goes away with the healing.
  private static let notes = "\(Procedure.stateFolder)/exec"
}
