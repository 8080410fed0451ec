// A table of nftables that is a fault's whole doing: written down, checked by nft, put in place as one
// transaction, and taken away whole.

internal import TakeoverModel

struct FaultTable: Sendable {
  struct Chain: Sendable {
    /// in, out.
    let way: String
    /// `input`, `egress device "eth0"`.
    let hook: String
    /// What is let through, looked at first.
    var spared: [String] = []
    /// What is struck: each of these is found again in the listing.
    let rules: [String]
    /// What goes along with the rules without striking anything.
    var others: [String] = []
  }

  /// inet, netdev.
  let family: String
  let name: String
  /// Sets, each on lines of its own.
  var sets: [String] = []
  let chains: [Chain]
  /// What the listing of each rule that strikes ends with (a basic regular expression).
  var ending = " drop$"

  /// nft(8) takes letters, digits and underscores.
  static func name(_ words: [String]) -> String {
    let plain = words.joined(separator: "_").map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
    }
    return "takeover_" + String(plain)
  }

  /// Frames as they enter and leave the interface, whoever made them: keepalived announces through
  /// packet sockets, which pass by the hooks for IP and ARP. Nor is the sender told, as it is by a
  /// drop in the output hook (EPERM): a cable does not tell either.
  static func frames(_ way: String, _ interface: String) -> String {
    (way == "in" ? "ingress" : "egress") + " device \"\(interface)\""
  }

  /// nftables has the egress hook since Linux 5.16.
  static let egress = Requirement(
    .script(
      """
      echo 'table netdev takeover_look {
        chain look { type filter hook egress device "lo" priority 0; }
      }' | nft -c -f -
      """), otherwise: "has no egress hook for nftables (Linux 5.16)")

  /// As one transaction that replaces what may be left of an earlier one. Hooks lie before
  /// connection tracking. `in` and `out` alone are keywords to nft 0.9.8 (Debian 11).
  var text: String {
    let chains = chains.map { chain in
      """
        chain \(chain.way)bound {
          type filter hook \(chain.hook) priority -300; policy accept;
      \((chain.spared + chain.others + chain.rules).map { "    \($0)\n" }.joined())  }

      """
    }
    return """
      table \(family) \(name)
      delete table \(family) \(name)
      table \(family) \(name) {
      \(sets.map { "  \($0)\n" }.joined())\(chains.joined())}

      """
  }

  private var place: [String] { [family, name] }
  private var count: Int { chains.map(\.rules.count).reduce(0, +) }

  /// Exit 0: every rule is there as it was written.
  private var isInForce: Command {
    .script(
      """
      found=$(nft list table "$1" "$2") || exit 1
      [ "$(echo "$found" | grep -c '\(ending)')" -eq "$3" ]
      """, place + [String(count)])
  }

  /// Exit 0: something was struck. Where there is ping(8), it asks one of the addresses, so that there
  /// is something to strike; nobody waits for the answer.
  func hasStruck(asking addresses: [IPAddress]) -> Command {
    .script(
      """
      family=$1 name=$2
      shift 2
      struck() {
        nft list table "$family" "$name" |
          grep -q 'counter packets [1-9][0-9]* bytes [0-9]*\(ending)'
      }
      struck && exit 0
      for address in ${1+"$@"}; do
        command -v ping >/dev/null && ping -c 1 -W 1 "$address" >/dev/null 2>&1
        struck && exit 0
      done
      exit 1
      """, place + addresses.map(\.description))
  }

  /// - Parameters:
  ///   - everybody: whether the way to the node is spared for everybody, or only for the coordinator.
  ///   - dropped: the port of which all TCP is struck, nil where none is.
  func procedure(
    on node: Node, everybody: Bool, dropped: Int? = nil, interface: String? = nil
  ) -> Procedure {
    let file = "\(Procedure.stateFolder)/\(name).nft"
    return Procedure(
      prepare: [
        RoadRule.writing(
          text, to: file, port: node.reach.port, everybody: everybody, dropped: dropped,
          interface: interface)
      ],
      inject: [Command("nft", "-f", file)],
      confirm: [isInForce],
      heal: [
        .script(
          """
          nft list table "$1" "$2" >/dev/null 2>&1 || exit 0
          nft delete table "$1" "$2"
          """, place)
      ],
      confirmHealed: [
        .script(
          """
          tables=$(nft list tables) || exit 1
          ! echo "$tables" | grep -qxF "table $1 $2"
          """, place)
      ],
      requirements: chains.contains { $0.hook.hasPrefix("egress") } ? [Self.egress] : [])
  }
}
