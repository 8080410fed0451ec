// What the faults have in common that are done to a node from outside, by the commands that the site
// gives: it is broken, it shows, it is mended.

internal import TakeoverModel

enum OutsideBlow {
  static func procedure(
    _ act: Outside.Act, on node: Node, for kind: String, restarts: Bool = false,
    cutsPort: Bool = false
  ) throws(Complaint) -> Procedure {
    guard let commands = node.outside?.acts[act] else {
      throw Complaint(
        "the site does not say how \(kind) is done to \(node.name)",
        remedy: "add `\(act.rawValue):` below `outside:` of the node, with break, mend and broken")
    }
    return Procedure(
      prepare: [not(commands.isBroken)], inject: [commands.break], confirm: [commands.isBroken],
      heal: [
        // What is whole already may be a mistake to mend; only what stays broken is a failure.
        .script(
          "eval \"$1\" || ! eval \"$2\"", [commands.mend.shellText, commands.isBroken.shellText])
      ],
      confirmHealed: [not(commands.isBroken)], place: .outside, restarts: restarts,
      cutsPort: cutsPort)
  }

  private static func not(_ command: Command) -> Command {
    .script("! eval \"$1\"", [command.shellText])
  }
}
