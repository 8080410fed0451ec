// nonlocal-bind-off: a standby whose service binds the virtual addresses, which it does not have, and whose
// kernel does not let it any more: the setting was never made permanent, or a hardening took it away.

package import TakeoverModel

package struct NonlocalBindOff: Fault {
  package static let declaration = FaultDeclaration(
    kind: "nonlocal-bind-off",
    summary: "forbid a service to bind addresses that its node does not have, and restart it",
    effect: "nothing moves, and nothing is seen: the standby takes over, and does not serve",
    parameters: [
      Parameter(
        "service", .text, standard: .text(PortTaken.service),
        summary: "a service of the node that binds the virtual addresses")
    ],
    requires: ["sysctl", "ss", "ip"], target: .standby)

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? PortTaken.service
  }

  package var consequence: Consequence { KeepalivedService.means(.goodbye, to: service) }

  private static let settings = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"]

  /// Behind `record`, `.settings` has the lines `name = value` that were.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let (control, record) = (processes.control, processes.record)
    let addresses = site.addresses.map(\.address.description)
    return Procedure(
      prepare: [
        control.isActive, processes.prepare(.tree),
        .script(
          """
          record=$1
          shift
          sysctl "$@" >"$record.settings" 2>/dev/null || [ -s "$record.settings" ]
          """, [record] + Self.settings),
      ],
      inject: [
        .script(
          """
          restart=$1
          shift
          for name; do sysctl -q -w "$name=0" 2>/dev/null; done
          eval "$restart" </dev/null >/dev/null 2>&1 || :
          """, [control.restart.shellText] + Self.settings)
      ],
      confirm: [
        .script(
          "[ \"$(sysctl -n \"$1\")\" = 0 ]", [Self.settings[0]]), processes.areGone,
        processes.isInactive,
      ],
      heal: [
        .script(
          """
          [ -e "$1.settings" ] || exit 0
          while read -r name is value; do sysctl -q -w "$name=$value" || exit 1; done <"$1.settings"
          """, [record]), processes.restart,
      ],
      confirmHealed: [
        .script(
          """
          [ -e "$1.settings" ] || exit 0
          while read -r name is value; do
            [ "$(sysctl -n "$name")" = "$value" ] || exit 1
          done <"$1.settings"
          """, [record]), control.isActive,
      ],
      touches: Touches(sysctls: Self.settings),
      requirements: [
        Requirement(
          .script(
            """
            for address; do
              [ -z "$(ip -o addr show to "$address")" ] && [ -n "$(ss -Hltn src "$address")" ] || exit 1
            done
            """, addresses),
          otherwise: "has no service that is bound to \(addresses.joined(separator: " and ")) "
            + "without having it")
      ])
  }
}
