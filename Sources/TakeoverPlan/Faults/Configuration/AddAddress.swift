// add-address: a rolling change that has reached one node only.

package import TakeoverModel

package struct AddAddress: Fault {
  package static let declaration = FaultDeclaration(
    kind: "add-address",
    summary: "add a virtual address to one node's instance",
    effect: "the address lists differ: a standby that checks them refuses the holder's "
      + "advertisements, and both hold the addresses",
    parameters: [
      Parameter("address", .address, required: true, summary: "not yet the pair's, nor a node's")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires, examples: [["address": .text("172.17.16.99")]])

  let fault: KeepalivedFault
  let address: IPAddress

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    guard let address = arguments.text("address").flatMap({ IPAddress($0) }) else {
      throw Complaint("no address to add", remedy: "address: 10.0.0.101, for example")
    }
    self.address = address
  }

  private var operation: KeepalivedText.Operation { .addAddress(address.description) }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    if site.addresses.contains(where: { $0.address == address })
      || site.nodes.contains(where: { $0.addresses.contains(address) })
    {
      throw Complaint(
        "\(address) is an address of \(site.name) already", remedy: "add one that nobody has")
    }
    guard site.addresses.contains(where: { $0.address.isV4 == address.isV4 }) else {
      throw Complaint(
        "\(address) is of another family than the virtual addresses of \(site.name)",
        remedy: "an instance speaks one family (keepalived.conf(5), virtual_ipaddress)")
    }
    var procedure = try fault.procedure(
      operation, lacking: "no virtual_ipaddress", on: node)
    procedure.prepare.insert(isAbsent, at: 0)
    procedure.heal.append(remove)
    procedure.confirmHealed.append(isAbsent)
    return procedure
  }
}

extension AddAddress {
  private var isAbsent: Command {
    .script(
      "found=$(ip -o addr show to \"$1\") && [ -z \"$found\" ]", [address.description])
  }

  /// A keepalived that died of it leaves the address behind.
  private var remove: Command {
    .script(
      """
      turn=0
      while [ "$turn" -lt 10 ] && [ -n "$(ip -o addr show to "$1")" ]; do
        turn=$((turn + 1))
        sleep 0.1
      done
      ip -o addr show to "$1" | while read -r number interface family address rest; do
        ip addr del "$address" dev "$interface"
      done
      """, [address.description])
  }
}
