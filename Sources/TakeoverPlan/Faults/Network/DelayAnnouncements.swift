// delay-announcements: a port that does not forward yet when the new holder announces (spanning
// tree's listening and learning): the first announcements are lost, those that are repeated arrive.

package import TakeoverModel

package struct DelayAnnouncements: Fault {
  package static let declaration = FaultDeclaration(
    kind: "delay-announcements",
    summary: "lose the first announcements of a virtual address, for some time (nftables)",
    effect: "nothing until the node takes over: then clients go on sending to the old holder until "
      + "the first repetition behind the delay (garp_master_delay, garp_master_refresh)",
    parameters: [
      Parameter(
        "delay", .duration, standard: .duration(.seconds(2)),
        summary: "how long announcements are lost, from the first one on"),
      InterfaceParameter.parameter,
    ],
    requires: ["nft"])

  /// An announcement after a silence as long as this is a first one.
  static let silence = Duration.seconds(300)

  let delay: Duration
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    delay = arguments.duration("delay") ?? .seconds(2)
    guard delay >= .milliseconds(10), delay <= .seconds(120) else {
      throw Complaint(
        "\(TimeText.chosen(delay)) is no delay for announcements", remedy: "from 10ms to 2m")
    }
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .nothing }

  /// The node's kernel counts the time: a set keeps the sender of a first announcement for the delay,
  /// another one knows that there was a first. By the sender's hardware address, because nft has no
  /// type for a target address of IPv6.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let announcements = Announcements(of: node, in: site, interface: interface)
    func set(_ name: String, _ timeout: Duration) -> String {
      let time = "\(timeout.nanoseconds / 1_000_000)ms"
      return "set \(name) { type ether_addr; size 64; flags dynamic, timeout; timeout \(time); }"
    }
    let numbered = announcements.matches.enumerated()
    return announcements.table(
      "first_announcements",
      sets: numbered.flatMap { number, _ in
        [set("known\(number)", Self.silence), set("held\(number)", delay)]
      },
      others: numbered.flatMap { number, match in
        [
          "\(match) ether saddr != @known\(number) add @held\(number) { ether saddr }",
          "\(match) update @known\(number) { ether saddr }",
        ]
      },
      rules: numbered.map { "\($1) ether saddr @held\($0) counter drop" }
    ).procedure(on: node, everybody: false)
  }
}
