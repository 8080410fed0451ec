// The queueing discipline by which an interface sends, put in place of the kernel's own and taken
// away again: what rate-limit and the kinds that need netem have in common.

internal import TakeoverModel

struct RootDiscipline: Sendable {
  /// tbf, netem.
  let kind: String
  /// As tc(8) takes them.
  let options: [String]
  let interface: String
  /// The blow makes the interface as good as mute.
  var silences = false

  /// Ours: below 8000:, which are handed out by the kernel.
  static let handle = "7a6b:"

  static let netem = needing("netem", ["delay", "1ms"])
  static let tbf = needing("tbf", ["rate", "1mbit", "burst", "16kb", "latency", "50ms"])

  /// Tried on the loopback interface of a network of its own, which ends with the command.
  private static func needing(_ kind: String, _ options: [String]) -> Requirement {
    Requirement(
      Command(["unshare", "-n", "tc", "qdisc", "add", "dev", "lo", "root", kind] + options),
      otherwise: "has no \(kind) in its kernel")
  }

  /// The kernel's own disciplines have the handle 0: and come back when another is removed; whatever
  /// else an operator has put there would not. Where the standard has changed since the interface
  /// came up, another one would come back.
  private var isStandard: Command {
    .script(
      """
      found=$(tc qdisc show dev "$1") || exit 1
      standard=
      { read -r standard </proc/sys/net/core/default_qdisc; } 2>/dev/null
      echo "$found" | while read -r word kind handle rest; do
        case $kind in ingress | clsact | '') continue ;; esac
        case $kind in noqueue | mq | "${standard:-$kind}") ;; *) handle=own ;; esac
        [ "$handle" = 0: ] || {
          echo "$1 has a queueing discipline of its own ($kind), which would be lost" >&2
          exit 1
        }
      done
      """, [interface])
  }

  private func looking(_ cases: String) -> Command {
    .script(
      """
      found=$(tc qdisc show dev "$1") || exit 1
      case $found in \(cases) esac
      """, [interface, kind, Self.handle])
  }

  func procedure() -> Procedure {
    Procedure(
      prepare: [isStandard],
      inject: [
        Command(
          ["tc", "qdisc", "add", "dev", interface, "root", "handle", Self.handle, kind] + options)
      ],
      confirm: [looking(#""qdisc $2 $3 "*) ;; *) exit 1 ;;"#)],
      heal: [looking(#""qdisc $2 $3 "*) tc qdisc del dev "$1" root ;;"#)],
      confirmHealed: [looking(#""qdisc $2 $3 "*) exit 1 ;;"#)],
      silences: silences ? interface : nil,
      requirements: [kind == "tbf" ? Self.tbf : Self.netem])
  }
}
