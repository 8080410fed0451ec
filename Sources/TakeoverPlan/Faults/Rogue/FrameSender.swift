// A program that a fault leaves running on a machine to send frames: it waits until it is told to begin,
// says when the first frame has gone, and ends with the healing, or by itself after ten minutes.

internal import TakeoverModel

struct FrameSender {
  /// `.go` is a FIFO on which it waits; `.process` has its id and start time; `.sent` is there when the
  /// first frame has gone, `.said` what it said instead.
  let record: String
  /// perl; it has `$interface`, `$mac` (6 bytes), `$index`, `$every` (seconds), `$count` (0: for ever),
  /// `frame(BYTES)`, which sends one whole Ethernet frame, and `@words`; `sub turn` sends what is due
  /// at one turn.
  let program: String
  let words: [String]

  init(for kind: String, on interface: String, program: String, words: [String]) {
    record = "\(Procedure.stateFolder)/\(kind).\(interface)"
    self.program = Self.head + program + Self.tail
    self.words = [interface] + words
  }

  /// `perl-base` of Debian has all that is used. Numbers as Linux has them on x86 and Arm: AF_PACKET 17,
  /// SIOCGIFHWADDR 0x8927, SIOCGIFINDEX 0x8933.
  static let requires = ["perl", "mkfifo", "setsid"]

  /// The program waits, and has the sockets that it needs; what fails is told here.
  var prepare: Command {
    .script(
      """
      record=$1 program=$2
      shift 2
      umask 077
      mkdir -p "${record%/*}" && rm -f "$record".* && mkfifo "$record.go" || exit 1
      setsid perl -e "$program" "$record" "$@" </dev/null >/dev/null 2>"$record.said" 3<&- &
      turn=0
      until [ -s "$record.process" ]; do
        turn=$((turn + 1))
        [ ! -s "$record.said" ] && [ "$turn" -lt 300 ] || {
          echo "it does not start: $(cat "$record.said")" >&2
          exit 1
        }
        sleep 0.01
      done
      """, [record, program] + words)
  }

  var inject: Command { .script(": >\"$1.go\"", [record]) }

  var isSending: Command {
    .script(
      Self.look + """
        read -r pid began <"$1.process" && look "$pid" && [ "$start" = "$began" ] && [ -e "$1.sent" ]
        """, [record])
  }

  var heal: Command {
    .script(
      Self.look + """
        [ -s "$1.process" ] && read -r pid began <"$1.process" && look "$pid" &&
          [ "$start" = "$began" ] && kill -s KILL "$pid"
        [ ! -e "$1.go" ] || : >"$1.over"
        """, [record])
  }

  var hasEnded: Command {
    .script(
      Self.look + """
        [ -s "$1.process" ] || exit 0
        read -r pid began <"$1.process"
        ! look "$pid" || [ "$start" != "$began" ] || [ "$state" = Z ]
        """, [record])
  }

  /// Shell: `look PID` sets state and start from /proc/PID/stat (proc(5), fields 3 and 22).
  private static let look = """
    look() {
      { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
      set -- ${line##*) }
      state=$1 start=${20}
    }

    """

  private static let head = #"""
    use strict; use Socket; use Time::HiRes qw(sleep);
    my ($record, $interface, $every, $count, @words) = @ARGV;
    alarm 600;
    sub device { my ($request, $form) = @_; my $entry = pack 'Z16x24', $interface;
      socket(my $s, AF_INET, SOCK_DGRAM, 0);
      ioctl $s, $request, $entry or die "there is no interface $interface\n";
      return unpack "x16 $form", $entry }
    my ($mac, $index) = (device(0x8927, 'x2a6'), device(0x8933, 'i'));
    socket(my $wire, 17, SOCK_RAW, 0) or die "no packet socket: $!\n";
    my $link = pack 'SnlSCCa8', 17, 0, $index, 0, 0, 6, '';
    sub frame { send $wire, $_[0], 0, $link }
    sub sum { my $n = unpack '%32n*', $_[0] . (length($_[0]) % 2 ? "\0" : '');
      $n = ($n >> 16) + ($n & 65535) while $n > 65535; 65535 - $n }
    sub written { open my $file, '>', "$record.$_[0].new" or die "$record: $!\n";
      print $file $_[1]; close $file; rename "$record.$_[0].new", "$record.$_[0]" }

    """#

  private static let tail = #"""

    open my $own, '<', "/proc/$$/stat"; my $line = <$own>; $line =~ s/.*\) //;
    written('process', "$$ " . (split ' ', $line)[19] . "\n");
    open my $go, '<', "$record.go" or die "$record.go: $!\n";
    for (my $turn = 0; !$count || $turn < $count; $turn++) {
      turn(); written('sent', '') unless $turn; sleep $every;
    }
    sleep 600;

    """#
}

extension Duration {
  /// Seconds as perl(1) and sleep(1) read them.
  var secondsText: String {
    let (seconds, attoseconds) = components
    let fraction = String(attoseconds / 1_000_000_000_000)
    return "\(seconds)." + String(repeating: "0", count: 6 - fraction.count) + fraction
  }
}

extension IPAddress {
  /// The bytes in hexadecimal digits, 8 or 32 of them.
  var hexadecimal: String {
    func padded(_ value: some BinaryInteger, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: digits - text.count) + text
    }
    return switch self {
    case .v4(let value): padded(value, 8)
    case .v6(let high, let low): padded(high, 16) + padded(low, 16)
    }
  }
}
