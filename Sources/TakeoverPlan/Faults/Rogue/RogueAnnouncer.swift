// rogue-announcer: a machine that tells the segment that the virtual addresses are its own.

package import TakeoverModel

package struct RogueAnnouncer: Fault {
  package static let declaration = FaultDeclaration(
    kind: "rogue-announcer",
    summary:
      "announce the virtual addresses from a machine that is none of the pair, without having "
      + "them",
    effect: "nothing moves, but every client that hears it sends into the void until the holder "
      + "announces again",
    parameters: [
      Parameter(
        "every", .duration, standard: .duration(.milliseconds(200)),
        summary: "the time between announcements"),
      Parameter(
        "count", .count(0...100_000), standard: .count(0),
        summary: "how many; 0: as long as it holds"),
    ],
    requires: FrameSender.requires, target: .machine)

  let every: Duration
  let count: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    every = try AnnouncementPeriod.checked(arguments)
    count = arguments.count("count") ?? 0
  }

  package var consequence: Consequence { .claims }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let sender = AnnouncementSender.sender(
      for: Self.declaration.kind, on: node, of: site, every: every, count: count)
    return Procedure(
      prepare: [sender.prepare], inject: [sender.inject], confirm: [sender.isSending],
      heal: [sender.heal], confirmHealed: [sender.hasEnded])
  }
}

/// How often is announced: a thousand times a second are a storm already.
enum AnnouncementPeriod {
  static func checked(_ arguments: Arguments) throws(Complaint) -> Duration {
    let every = arguments.duration("every") ?? .milliseconds(200)
    guard every >= .milliseconds(1) else {
      throw Complaint(
        "announcements every \(TimeText.chosen(every)) are a flood", remedy: "1ms or more")
    }
    return every
  }
}
