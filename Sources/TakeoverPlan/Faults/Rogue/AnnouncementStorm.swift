// announcement-storm: what a daemon that has lost its mind does: the truth, a thousand times a second.

package import TakeoverModel

package struct AnnouncementStorm: Fault {
  package static let declaration = FaultDeclaration(
    kind: "announcement-storm",
    summary: "announce the virtual addresses again and again, from the node itself",
    effect: "nothing moves; switches and clients are busy with it, and a fabric that limits "
      + "announcements may refuse the next true one",
    parameters: [
      Parameter(
        "every", .duration, standard: .duration(.milliseconds(2)),
        summary: "the time between announcements")
    ],
    requires: FrameSender.requires)

  let every: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    every = try AnnouncementPeriod.checked(arguments)
  }

  package var consequence: Consequence { .claims }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let sender = AnnouncementSender.sender(
      for: Self.declaration.kind, on: node, of: site, every: every, count: 0)
    return Procedure(
      prepare: [sender.prepare], inject: [sender.inject], confirm: [sender.isSending],
      heal: [sender.heal], confirmHealed: [sender.hasEnded])
  }
}
