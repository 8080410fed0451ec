// duplicate-announcements: a loop or a mirrored port: each announcement arrives more than once.

package import TakeoverModel

package struct DuplicateAnnouncements: Fault {
  package static let declaration = FaultDeclaration(
    kind: "duplicate-announcements",
    summary: "send each announcement of a virtual address several times (nftables)",
    effect: "nothing: an announcement may come twice, and what comes twice says the same",
    parameters: [
      Parameter(
        "copies", .count(1...100), standard: .count(1), summary: "how many beside the first"),
      InterfaceParameter.parameter,
    ],
    requires: ["nft"])

  /// What tells a copy from a first one, so that copies are not copied.
  static let mark = "0x7a6b"

  let copies: Int
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    copies = arguments.count("copies") ?? 1
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .nothing }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let announcements = Announcements(of: node, in: site, interface: interface)
    let copy = "dup to \"\(announcements.interface)\""
    let copying = [String](repeating: copy, count: copies).joined(separator: " ")
    var table = announcements.table(
      "copied_announcements",
      rules: announcements.matches.map {
        "\($0) meta mark != \(Self.mark) meta mark set \(Self.mark) counter \(copying)"
      })
    table.ending = " \(copy)$"
    return table.procedure(on: node, everybody: false)
  }
}
