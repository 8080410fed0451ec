// strict-mode: vrrp_strict, as in every sample configuration.

package import TakeoverModel

package struct StrictMode: Fault {
  package static let declaration = FaultDeclaration(
    kind: "strict-mode",
    summary: "set vrrp_strict in keepalived's global_defs",
    effect: "the holder answers ARP and drops every packet to the addresses; unicast peers are "
      + "refused, so that both may hold them",
    parameters: KeepalivedFault.parameters,
    requires: KeepalivedFault.requires + ["nft"])

  let fault: KeepalivedFault

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
  }

  package var consequence: Consequence {
    .open(
      "vrrp_strict does more than VRRP has a word for: it drops what is for the addresses, and "
        + "refuses peers and passwords as each version sees fit")
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    var procedure = try fault.procedure(
      .global("vrrp_strict"), lacking: "vrrp_strict set already", on: node)
    procedure.requirements += [
      Requirement(
        .script(#"! grep -qE '^[[:space:]]*(vrrp_iptables|nftables)' "$1""#, [fault.file]),
        otherwise: "chooses keepalived's firewall in \(fault.file) (vrrp_iptables, nftables)"),
      Requirement(Self.isClear, otherwise: "has keepalived's firewall rules already"),
    ]
    let record = ConfigurationEdit.record(fault.kind, fault.file)
    procedure.heal.append(.script(Self.clear, [record]))
    procedure.confirmHealed.append(.script("[ ! -e \"$1.placed\" ] || \(Self.holds)", [record]))
    return procedure
  }

  /// Shell: there is no table of keepalived's.
  private static let holds = """
    { tables=$(nft list tables) && case $tables in *" keepalived"*) false ;; esac; }
    """

  private static var isClear: Command { .script(holds) }

  /// What keepalived puts into the kernel for vrrp_strict it leaves there, when the keyword is gone and
  /// when it ends: 2.2.7 and 2.3.3 go on dropping what is for the address.
  private static let clear = """
    [ -e "$1.placed" ] || exit 0
    nft list tables | while read -r word family name; do
      [ "$name" != keepalived ] || nft delete table "$family" "$name" || exit 1
    done
    """
}
