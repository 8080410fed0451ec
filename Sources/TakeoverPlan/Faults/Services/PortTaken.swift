// port-taken: a service that cannot start again, because another program has its port by then.

package import TakeoverModel

package struct PortTaken: Fault {
  static let service = "haproxy"

  package static let declaration = FaultDeclaration(
    kind: "port-taken",
    summary: "stop a service, give its port to another program, and start it again in vain",
    effect:
      "nothing moves but by a check that asks for the service itself; connections are taken, by "
      + "whoever has the port now",
    parameters: [
      Parameter(
        "service", .text, standard: .text(service), summary: "a service of the node in the site"),
      Parameter("port", .count(1...65535), summary: "its TCP port; standard: the site's"),
      Parameter(
        "answers", .flag, standard: .flag(true),
        summary: "whether the other program answers (404), or says nothing"),
    ],
    requires: Companion.requires + ["perl"])

  let service: String
  let port: Int?
  let answers: Bool

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? Self.service
    port = arguments.count("port")
    answers = arguments.flag("answers") ?? true
  }

  package var consequence: Consequence { KeepalivedService.means(.goodbye, to: service) }

  /// Behind `record`, beside a companion's own: `.bound`, when the port is the other's; `.tried`, when
  /// the service's start has ended.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let (control, record) = (processes.control, processes.record)
    let companion = Companion(record: record)
    let families = Set(site.addresses.map { $0.address.isV4 ? "4" : "6" }).sorted().joined()
    return Procedure(
      prepare: [
        control.isActive, processes.prepare(.tree),
        .script("rm -f \"$1.bound\" \"$1.tried\"", [record]),
      ],
      inject: [
        companion.start(
          Companion.waiting + """
            record=${1%.on}
            perl -e "$2" "$1" "$record.bound" "$3" "$4" "$5" &
            until [ -e "$record.bound" ]; do [ -e "$1" ] || exit 0; sleep 0.02; done
            eval "$6"
            : >"$record.tried"
            wait
            """,
          [
            Self.program, String(port ?? site.probing.port), families, answers ? "1" : "0",
            control.start.shellText,
          ]),
        companion.striking(processes.stop),
      ],
      confirm: [
        processes.areGone, companion.runs, .script("[ -e \"$1.tried\" ]", [record]),
        processes.isInactive,
      ],
      heal: [companion.end, processes.restart],
      confirmHealed: [companion.isGone, control.isActive])
  }

  /// Listens on the port on all addresses as soon as it is free. SO_REUSEADDR, because the service's own
  /// connections linger there; a port on which one listens is nobody else's all the same.
  private static let program = #"""
    use strict; use Socket qw(:all); use Time::HiRes qw(sleep);
    my ($on, $bound, $port, $families, $answers) = @ARGV;
    my ($rest, %kept) = ('');
    my @listening = map {
      my $six = $_ eq '6';
      socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die "no socket: $!\n";
      setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1;
      setsockopt $s, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $six;
      my $place = $six ? pack_sockaddr_in6($port, IN6ADDR_ANY) : pack_sockaddr_in($port, INADDR_ANY);
      until (bind($s, $place) && listen($s, 128)) { exit 0 unless -e $on; sleep 0.01 }
      $s } split //, $families;
    open my $mark, '>', $bound or die "$bound: $!\n"; close $mark;
    while (-e $on) {
      my $in = '';
      vec($in, fileno $_, 1) = 1 for @listening, values %kept;
      next if select($in, undef, undef, 0.2) <= 0;
      for my $s (@listening) {
        next unless vec $in, fileno $s, 1;
        accept(my $client, $s) or next;
        $kept{fileno $client} = $client;
      }
      for my $file (grep { vec $in, $_, 1 } keys %kept) {
        my $got = sysread $kept{$file}, $rest, 65536;
        next if $got && !$answers;
        syswrite $kept{$file}, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          if $got;
        delete $kept{$file};
      }
    }
    """#
}
