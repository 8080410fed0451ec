// One setting of an interface (ip-link(8)) given another value, and its own back: what mtu-change and
// mac-change have in common.

internal import TakeoverModel

struct LinkSetting: Sendable {
  /// mtu, address.
  let name: String
  let value: String
  let fault: String
  let interface: String
  var silences = false

  /// Shell: `look INTERFACE NAME` sets value.
  private static let look = """
    look() {
      value=$(ip -o link show dev "$1") || return 1
      case $2 in
        mtu) value=${value#* mtu } ;;
        address) value=${value#* link/} value=${value#* } ;;
      esac
      value=${value%% *}
    }

    """

  func procedure() -> Procedure {
    let record = "\(Procedure.stateFolder)/\(fault).\(interface)"
    func looking(_ body: String, _ parameters: String...) -> Command {
      .script(Self.look + body, [interface, name] + parameters)
    }
    return Procedure(
      prepare: [
        looking(
          """
          look "$1" "$2" || exit 1
          [ "$value" != "$3" ] || { echo "$1 has $2 $3 already" >&2; exit 1; }
          umask 077
          mkdir -p "${4%/*}" && echo "$value" >"$4"
          """, value, record)
      ],
      inject: [Command("ip", "link", "set", "dev", interface, name, value)],
      confirm: [looking(#"look "$1" "$2" && [ "$value" = "$3" ]"#, value)],
      heal: [
        looking(
          """
          { read -r before <"$4"; } 2>/dev/null && look "$1" "$2" || exit 0
          [ "$value" != "$3" ] || ip link set dev "$1" "$2" "$before"
          """, value, record)
      ],
      confirmHealed: [looking(#"look "$1" "$2" && [ "$value" != "$3" ]"#, value)],
      silences: silences ? interface : nil)
  }
}
