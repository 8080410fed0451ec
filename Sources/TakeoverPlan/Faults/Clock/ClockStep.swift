// clock-step: the wall clock jumps, as when somebody sets it, or a time server was wrong.

package import TakeoverModel

package struct ClockStep: Fault {
  static let standard = Duration.seconds(10)

  package static let declaration = FaultDeclaration(
    kind: "clock-step",
    summary: "set a node's clock forward or back, and right again at the end",
    effect:
      "keepalived counts in a clock that nobody sets: nothing moves; what compares times of day "
      + "across the pair (certificates, logs, leases) goes wrong",
    parameters: [
      Parameter(
        "by", .duration, standard: .duration(standard), summary: "how far, from 2s up"),
      Parameter(
        "direction", .choice(["forward", "back"]), standard: .text("forward"), summary: "where to"),
    ],
    requires: ["date", "readlink"], examples: [[:], ["direction": .text("back")]])

  /// Whole seconds, with a sign.
  let step: Int64

  package init(_ arguments: Arguments) throws(Complaint) {
    let by = arguments.duration("by") ?? Self.standard
    let seconds = by.nanoseconds / 1_000_000_000
    guard (2...31_536_000).contains(seconds), by == .seconds(seconds) else {
      throw Complaint(
        "a clock is not set by \(TimeText.chosen(by))", remedy: "whole seconds, from 2s to a year")
    }
    step = arguments.text("direction") == "back" ? -seconds : seconds
  }

  /// Shell: `clocks` sets wall (since 1970) and up (since the start: nobody sets that), in hundredths
  /// of a second, read within a tenth of one; `off RECORD` sets right and ahead: what the clock should say, and by how much it
  /// says more.
  private static let clocks = """
    uptime() {
      read -r up rest </proc/uptime || return 1
      up=${up%.*}${up#*.} up=${up#0} up=${up#0}
    }
    clocks() {
      turn=0 wall=
      until [ -n "$wall" ] && [ $((up - began)) -lt 10 ]; do
        [ "$turn" -lt 20 ] && uptime && began=$up && wall=$(date +%s%N) && uptime || return 1
        wall=${wall%???????} turn=$((turn + 1))
      done
    }
    off() {
      clocks && read -r wall0 up0 <"$1" || return 1
      right=$((wall0 + up - up0))
      ahead=$((wall - right))
    }

    """

  /// keepalived 2.2.7 counts in CLOCK_MONOTONIC (lib/timer.c), which nobody sets.
  package var consequence: Consequence { .beside("a clock that is set") }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind)"
    return Procedure(
      prepare: [
        .script(
          Self.clocks + """
            umask 077
            mkdir -p "${1%/*}" && clocks && echo "$wall $up" >"$1"
            """, [record])
      ],
      inject: [Command("date", "-s", "\(step.magnitude) seconds\(step < 0 ? " ago" : "")")],
      confirm: [
        .script(
          Self.clocks
            + #"off "$1" && [ $((ahead - $2)) -gt -50 ] && [ $((ahead - $2)) -lt 50 ]"#,
          [record, String(step * 100)])
      ],
      heal: [
        .script(
          Self.clocks + """
            [ -s "$1" ] || exit 0
            off "$1" || exit 1
            [ "$ahead" -ge 50 ] || [ "$ahead" -le -50 ] || exit 0
            date -s "@$(printf '%d.%02d' $((right / 100)) $((right % 100)))" >/dev/null
            """, [record])
      ],
      confirmHealed: [
        .script(
          Self.clocks
            + #"[ ! -s "$1" ] || { off "$1" && [ "$ahead" -gt -50 ] && [ "$ahead" -lt 50 ]; }"#,
          [record])
      ],
      requirements: OwnClock.requirements)
  }
}

/// What says that a node's clock is its own, and not that of the machine around it, which is the
/// coordinator's in a lab.
enum OwnClock {
  static let requirements = [
    // capabilities(7): CAP_SYS_TIME is bit 25.
    Requirement(
      .script(
        """
        rights=0
        while read -r name value rest; do
          [ "$name" != CapEff: ] || rights=$value
        done </proc/self/status
        [ $((0x$rights >> 25 & 1)) = 1 ]
        """),
      otherwise: "may not set its clock: it has no CAP_SYS_TIME"),
    // The first namespaces of a kernel have fixed numbers (include/linux/proc_ns.h); systemd tells
    // its children of a container by `container=`.
    Requirement(
      .script(
        """
        [ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] &&
          [ "$(readlink /proc/self/ns/user)" = 'user:[4026531837]' ] &&
          ! tr '\\0' '\\n' </proc/1/environ | grep -q '^container='
        """),
      otherwise: "is a container, whose clock is that of the machine around it"),
  ]
}
