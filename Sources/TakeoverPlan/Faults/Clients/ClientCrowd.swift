// client-crowd: so many clients that there is no room for others, or just as many as a busy day brings.

package import TakeoverModel

package struct ClientCrowd: Fault {
  static let connections = 1_000
  static let period = Duration.seconds(2)

  package static let declaration = FaultDeclaration(
    kind: "client-crowd",
    summary:
      "hold connections to the addresses from a machine, with a request on each now and then",
    effect:
      "a service that is full serves those that it has and nobody else, its own health check included; "
      + "the crowd follows the addresses, and the next holder is full, too",
    parameters: [
      Parameter(
        "connections", .count(1...4_000), standard: .count(connections),
        summary: "how many at most; lost ones are made anew"),
      Parameter(
        "until-full", .flag, standard: .flag(true),
        summary:
          "no more than the service takes, and proven by one that it does not; false: all of them"),
      Parameter(
        "every", .duration, standard: .duration(period),
        summary: "how long each is idle between its requests"),
      Parameter("port", .count(1...65535), summary: "the TCP port; standard: the site's"),
    ],
    requires: Companion.requires + ["perl"],
    examples: [[:], ["until-full": .flag(false), "connections": .count(20)]], target: .machine)

  let connections: Int
  let untilFull: Bool
  let every: Duration
  let port: Int?

  package init(_ arguments: Arguments) throws(Complaint) {
    connections = arguments.count("connections") ?? Self.connections
    untilFull = arguments.flag("until-full") ?? true
    every = arguments.duration("every") ?? Self.period
    port = arguments.count("port")
    guard every >= .milliseconds(10) else {
      throw Complaint(
        "a request every \(TimeText.chosen(every)) on each is a flood", remedy: "10ms or more")
    }
  }

  package var consequence: Consequence { .beside("the service behind the addresses") }

  /// Behind `record`, beside a companion's own: `.crowd`, how many are served, and how many wait for a
  /// first answer.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind).\(node.interface)"
    let companion = Companion(record: record)
    let enough =
      untilFull
      ? "[ \"$served\" -ge 1 ] && [ \"$waiting\" -ge 1 ]" : "[ \"$served\" -ge \"$2\" ]"
    return Procedure(
      inject: [
        companion.start(
          Companion.waiting + """
            own=$1 program=$2
            shift 2
            ulimit -n 8192 2>/dev/null
            exec perl -e "$program" "$own" "${own%.on}.crowd" "$@"
            """,
          [
            Self.program, String(connections), untilFull ? "1" : "0", every.secondsText,
            String(port ?? site.probing.port),
          ] + site.addresses.map(\.address.description)),
        companion.striking(Command.script(":")),
      ],
      confirm: [
        companion.runs,
        .script(
          "read -r served waiting <\"$1.crowd\" && \(enough)", [record, String(connections)]),
      ],
      heal: [companion.end, .script("rm -f \"$1.crowd\"", [record])],
      confirmHealed: [companion.isGone])
  }

  /// Whoever has waited for a first answer for half a second is one that the service does not take; a few of
  /// them stand at its door, so that it stays full. What cannot be made within a second is tried again, and
  /// so is what is not answered within five: that leads nowhere since the addresses have moved.
  private static let program = #"""
    use strict; use Socket qw(:all); use Fcntl; use Errno qw(EINPROGRESS); use Time::HiRes qw(time);
    my ($on, $record, $most, $full, $every, $port, @addresses) = @ARGV;
    my ($door, $patience, $pause, $turn, $told, $said, $retry) = (5, 0.5, 0.2, 0, 0, '', 0);
    my %clients;
    my @requests = map { "GET / HTTP/1.1\r\nHost: " . (/:/ ? "[$_]" : $_) . "\r\n\r\n" } @addresses;
    sub begin { my ($now) = @_; my $which = $turn++ % @addresses; my $address = $addresses[$which];
      my $six = $address =~ /:/;
      socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or return;
      fcntl($s, F_SETFL, O_NONBLOCK);
      my $bytes = inet_pton($six ? AF_INET6 : AF_INET, $address);
      connect($s, $six ? pack_sockaddr_in6($port, $bytes) : pack_sockaddr_in($port, $bytes))
        or $! == EINPROGRESS or return;
      $clients{fileno $s} = { socket => $s, which => $which, state => 'opening', since => $now };
      return 1 }
    sub ask { my ($one, $now) = @_;
      defined syswrite $one->{socket}, $requests[$one->{which}] or return;
      $one->{state} = 'asked'; $one->{since} = $now; return 1 }
    sub lose { my ($file) = @_; delete $clients{$file}; $retry = time + $pause }
    while (-e $on) {
      my $now = time;
      my @new = grep { !$_->{served} } values %clients;
      my $waiting = grep { $now - $_->{since} > $patience && $_->{state} eq 'asked' } @new;
      my $served = keys(%clients) - @new;
      if ("$served $waiting" ne $said && $now - $told > 0.05) {
        ($said, $told) = ("$served $waiting", $now);
        if (open my $file, '>', "$record.new") { print $file "$said\n"; close $file; rename "$record.new", $record }
      }
      my $room = $most - keys %clients;
      $room = $room < 20 ? $room : 20;
      $room = $room < $door - @new ? $room : $door - @new if $full;
      if ($now >= $retry) { for (1 .. $room) { begin($now) or $retry = $now + $pause } }
      for my $file (keys %clients) { my $one = $clients{$file};
        my ($state, $age) = ($one->{state}, $now - $one->{since});
        if ($state eq 'idle') { $age < $every or ask($one, $now) or lose($file) }
        elsif ($age > ($state eq 'asked' ? 5 : 1)) { lose($file) } }
      my ($in, $out) = ('', '');
      for my $file (keys %clients) {
        $clients{$file}{state} eq 'opening' ? (vec($out, $file, 1) = 1) : (vec($in, $file, 1) = 1) }
      next if select($in, $out, undef, 0.01) <= 0;
      $now = time;
      for my $file (grep { vec($in, $_, 1) || vec($out, $_, 1) } keys %clients) {
        my $one = $clients{$file};
        if ($one->{state} eq 'opening') {
          my $error = unpack 'i', getsockopt $one->{socket}, SOL_SOCKET, SO_ERROR;
          !$error && ask($one, $now) or lose($file);
          next }
        my $got = sysread $one->{socket}, my $rest, 65536;
        next if !defined $got && $!{EAGAIN};
        if (!$got) { lose($file); next }
        $one->{served} = 1; $one->{state} = 'idle'; $one->{since} = $now;
      }
    }
    """#
}
