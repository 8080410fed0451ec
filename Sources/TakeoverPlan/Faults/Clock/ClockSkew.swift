// clock-skew: the wall clock goes too fast or too slow, as an oscillator does that nobody disciplines.

package import TakeoverModel

package struct ClockSkew: Fault {
  package static let declaration = FaultDeclaration(
    kind: "clock-skew",
    summary: "make a node's clock go faster or slower, and at its pace again at the end",
    effect:
      "keepalived's timers follow the same oscillator in the kernel: a clock that is slow by a tenth makes "
      + "a standby wait a tenth longer, and one that is fast take over without need",
    parameters: [
      Parameter(
        "parts-per-million", .count(-100_000...100_000), standard: .count(50_000),
        summary: "how much faster it goes; negative: slower; a tenth is the kernel's limit")
    ],
    requires: ["perl", "uname"], examples: [[:], ["parts-per-million": .count(-50_000)]])

  /// adjtimex(2): microseconds that are added at each of a hundred ticks a second, 10,000 by right.
  let tick: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    let parts = arguments.count("parts-per-million") ?? 50_000
    tick = 10_000 + parts / 100
    guard tick != 10_000 else {
      throw Complaint(
        "a clock is not made \(parts) parts per million faster", remedy: "in steps of 100, but 0")
    }
  }

  /// perl: prints the tick, having set it if one is given. Of struct timex (adjtimex(2)) `modes` is the
  /// first of its words of eight bytes, and `tick` the twelfth; ADJ_TICK is 0x4000. The call has number
  /// 159 on x86-64, 171 on arm64 and riscv64.
  private static let adjust = #"""
    my ($machine, $want) = @ARGV;
    my $call = $machine eq 'x86_64' ? 159 : $machine =~ /^(aarch64|riscv64)$/ ? 171 : exit 1;
    sub tick { my $words = pack 'Lx4q10qx160', $_[0] ? 0x4000 : 0, (0) x 10, $_[0];
      syscall($call, $words) < 0 and exit 1; unpack 'x88q', $words }
    tick($want) if $want; print tick(0), "\n";
    """#

  private func perl(_ body: String, _ words: [String] = []) -> Command {
    .script(
      "adjust() { perl -e \"$program\" \"$(uname -m)\" \"$@\"; }\nprogram=$1 record=$2\nshift 2\n"
        + body,
      [Self.adjust, "\(Procedure.stateFolder)/\(Self.declaration.kind)"] + words)
  }

  /// CLOCK_MONOTONIC, in which keepalived counts, follows the tick (clock_gettime(2)).
  package var consequence: Consequence { .paced((tick - 10_000) * 100) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    Procedure(
      prepare: [
        perl("umask 077\nmkdir -p \"${record%/*}\" && adjust >\"$record\" && [ -s \"$record\" ]")
      ],
      inject: [perl("adjust \"$1\" >/dev/null", [String(tick)])],
      confirm: [perl("[ \"$(adjust)\" = \"$1\" ]", [String(tick)])],
      heal: [perl("[ ! -s \"$record\" ] || adjust \"$(cat \"$record\")\" >/dev/null")],
      confirmHealed: [perl("[ ! -s \"$record\" ] || [ \"$(adjust)\" = \"$(cat \"$record\")\" ]")],
      requirements: OwnClock.requirements + [
        Requirement(perl("adjust >/dev/null"), otherwise: "has no adjtimex that is known here")
      ])
  }
}
