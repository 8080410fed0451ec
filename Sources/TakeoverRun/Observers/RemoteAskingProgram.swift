// The program that asks from another machine: one perl process on an open schedule, which says of
// each question when it was sent and of each answer when it came, by that machine's clock.

import TakeoverModel

/// Its lines: `Q method address number stamp` a question; `A method address number stamp mac word` an
/// answer, `ok` or what is wrong with it; `N method address number stamp words…` a question that
/// could not be sent; `D count` answers that were lost; `E words…` why it cannot go on. `W` and `T`
/// are of the neighbour table (RemoteNeighbours).
enum RemoteAskingProgram {
  /// `perl-base` of Debian has all that it uses.
  static let program = "perl"

  /// - Parameter namespace: where the interface is, on that machine.
  static func command(from vantage: VantagePoint, of site: Site) -> Command {
    let enter = vantage.namespace.map { ["nsenter", "--net=\($0)"] } ?? []
    let probing = site.probing
    let periods = [
      ("arp", probing.arp), ("neighbour", probing.arp), ("echo", probing.echo),
      ("connect", probing.connect),
    ].compactMap { name, period in period.map { "\(name)=\($0.nanoseconds)" } }
    return Command(
      enter + [program, "-e", text, vantage.interface, String(probing.port)]
        + [periods.joined(separator: ",")] + site.addresses.map(\.address.description))
  }

  /// Numbers as Linux has them on x86 and Arm: SO_BINDTODEVICE 25, SO_RCVBUFFORCE 33, SO_MEMINFO
  /// 55 (its ninth word counts what was dropped), AF_PACKET 17,
  /// SIOCGIFHWADDR 0x8927, SIOCGIFINDEX 0x8933. It asks as ARPProbe and NeighbourProbe do.
  static let text = #"""
    use strict; use Socket qw(:all); use Fcntl; use Errno qw(EINPROGRESS ECONNREFUSED ECONNRESET ENOBUFS);
    use Time::HiRes qw(gettimeofday clock_gettime CLOCK_MONOTONIC);
    my ($interface, $port, $periods, @addresses) = @ARGV;
    my ($out, $wait) = ('', \#(Double(ConnectProbe.wait.nanoseconds) / 1e9));
    sub stamp { sprintf '%d.%06d', gettimeofday }
    sub flush { while (length $out) { my $n = syswrite STDOUT, $out; exit 1 unless $n; substr($out, 0, $n) = '' } }
    sub refuse { $out .= "E $_[0]\n"; flush(); exit 1 }
    sub attached {
      my ($family, $type, $protocol) = @_;
      socket(my $s, $family, $type, $protocol) or return;
      fcntl($s, F_SETFL, O_NONBLOCK);
      setsockopt($s, SOL_SOCKET, 25, pack('Z16', $interface)) or return if $family != 17;
      return $s;
    }
    sub sum { my $n = unpack '%32n*', $_[0]; $n = ($n >> 16) + ($n & 65535) while $n > 65535; 65535 - $n }
    my %bytes = map { $_ => inet_pton(/:/ ? AF_INET6 : AF_INET, $_) } @addresses;
    my %named = map { $bytes{$_} => $_ } @addresses;
    sub place { $_[1] =~ /:/ ? pack_sockaddr_in6($_[0], $bytes{$_[1]}) : pack_sockaddr_in($_[0], $bytes{$_[1]}) }
    sub said { my ($kind, $method, $address, $number, $rest) = @_;
      $out .= "$kind $method $address $number " . stamp() . (defined $rest ? " $rest" : '') . "\n" }
    sub device { my ($request, $form) = @_; my $entry = pack 'Z16x24', $interface;
      socket(my $s, AF_INET, SOCK_DGRAM, 0);
      ioctl $s, $request, $entry or refuse("there is no interface $interface");
      return unpack "x16 $form", $entry }
    my (%sockets, %asked, %open, %lost);
    my ($id, $cookie) = (int rand 65536, int rand 2 ** 31);
    my ($mac, $index) = (device(0x8927, 'x2a6'), device(0x8933, 'i'));
    sub link_to { pack 'SnlSCCa8', 17, $_[0], $index, 0, 0, 0, '' }
    # What answers these would not mend this machine's own tables, from which pings go out.
    my $asking = pack 'CCa4', ord($mac) | 2, ord(substr $mac, 1) ^ 255, substr $mac, 2;
    my $asker = pack 'nx6CCCCN', 0xfe80, int(rand 256) & ~2, (map int rand 256, 1 .. 3), int rand 2 ** 31;
    my %ask = (
      arp => sub { my ($address) = @_;
        send $sockets{arp}, pack('H12a6n', 'f' x 12, $asking, 0x0806)
          . pack('nnCCna6a4a6a4', 1, 0x0800, 6, 4, 1, $asking, "\0" x 4, "\0" x 6, $bytes{$address}),
          0, link_to(0x0806) },
      neighbour => sub { my ($address) = @_; my $last = substr $bytes{$address}, 13;
        my $group = inet_pton(AF_INET6, 'ff02::1:ff00:0'); substr($group, 13) = $last;
        my $text = pack 'CCnNa16CCa6', 135, 0, 0, 0, $bytes{$address}, 1, 1, $mac;
        substr($text, 2, 2) = pack 'n', sum($asker . $group . pack('NN', 32, 58) . $text);
        send $sockets{near}, pack('H6a3a6n', '3333ff', $last, $mac, 0x86dd)
          . pack('NnCCa16a16', 6 << 28, 32, 58, 255, $asker, $group) . $text, 0, link_to(0x86dd) },
      echo => sub { my ($address, $number) = @_; my $six = $address =~ /:/;
        my @parts = ($six ? 128 : 8, 0, 0, $id, $number & 65535, $cookie, $number);
        $parts[2] = sum(pack 'CCnnnNN', @parts) unless $six;
        send $sockets{$six ? 'echo6' : 'echo4'}, pack('CCnnnNN', @parts), 0, place(0, $address) },
      connect => sub { my ($address, $number) = @_;
        if (keys %open >= 400) { $! = 11; return }
        my $s = attached($address =~ /:/ ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or return;
        setsockopt $s, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
        my $done = connect $s, place($port, $address);
        my $error = $done ? 0 : $! + 0;
        return answered($address, $number, $error) || 1 if $error != EINPROGRESS;
        $open{fileno $s} = [$s, $address, $number, clock_gettime(CLOCK_MONOTONIC) + $wait]; 1 });
    sub answered { my ($address, $number, $error) = @_; local $! = $error;
      my $word = $error == 0 ? 'ok' : $error == ECONNREFUSED ? 'refused' : $error == ECONNRESET ? 'reset' : "$!";
      said('A', 'connect', $address, $number, "- $word"); 1 }
    sub heard { my ($name, $s) = @_;
      while (defined(my $from = recv $s, my $packet, 2048, 0)) {
        if ($name eq 'arp') {
          next if length $packet < 42;
          my ($op, $sha, $spa, $tha, $tpa) = unpack 'x20na6a4a6a4', $packet;
          my $address = $named{$spa};
          next unless $op == 2 && $address && $tha eq $asking && $tpa eq "\0" x 4 && defined $asked{$address};
          said('A', 'arp', $address, $asked{$address}, join(':', unpack '(H2)6', $sha) . ' ok');
        } elsif ($name eq 'near') {
          my ($from, $limit, $to, $type, $flags, $target, $option, $sha) =
            unpack 'x6a6x9Cx16a16Cx3Cx3a16na6', $packet . "\0" x 8;
          my $address = $named{$target};
          next unless $type == 136 && $limit == 255 && $to eq $asker && $flags & 64
            && $address && defined $asked{$address};
          $sha = $from if $option != 0x0201;
          said('A', 'neighbour', $address, $asked{$address}, join(':', unpack '(H2)6', $sha) . ' ok');
        } else {
          my $six = $name eq 'echo6';
          my $source = $six ? (unpack_sockaddr_in6($from))[1] : substr $packet, 12, 4;
          substr($packet, 0, 4 * (ord($packet) & 15)) = '' unless $six;
          next if length $packet < 16;
          my ($type, $whose, $mark, $number) = unpack 'Cx3nx2NN', $packet;
          next unless $type == ($six ? 129 : 0) && $whose == $id && $mark == $cookie && $named{$source};
          said('A', 'echo', $named{$source}, $number, '- ok');
        }
      }
      my $info = getsockopt $s, SOL_SOCKET, 55;
      my $drops = $info && length $info >= 36 ? (unpack 'L9', $info)[8] : 0;
      if ($drops > ($lost{$name} || 0)) { $out .= 'D ' . ($drops - ($lost{$name} || 0)) . "\n"; $lost{$name} = $drops }
    }
    my @plans;
    for (split /,/, $periods) {
      my ($method, $period) = split /=/;
      my @own = grep { $method eq 'arp' ? !/:/ : $method ne 'neighbour' || /:/ } @addresses;
      push @plans, { method => $method, period => $period / 1e9, own => \@own, slot => 0 } if @own;
      my %needs = $method eq 'arp' ? (arp => [17, SOCK_RAW, unpack 'S', pack 'n', 0x0806])
        : $method eq 'neighbour' ? (near => [17, SOCK_RAW, unpack 'S', pack 'n', 0x86dd])
        : $method ne 'echo' ? () : ((grep !/:/, @own) ? (echo4 => [AF_INET, SOCK_RAW, 1]) : (),
          (grep /:/, @own) ? (echo6 => [AF_INET6, SOCK_RAW, 58]) : ());
      for my $name (keys %needs) {
        $sockets{$name} = attached(@{$needs{$name}}) or refuse("no raw socket on $interface: $!");
        setsockopt $sockets{$name}, SOL_SOCKET, 33, pack 'i', 1 << 21;
        # Neighbour advertisements only: byte 20 is 58, byte 54 is 136 (SO_ATTACH_FILTER 26).
        my $filter = pack '(SCCL)6', 0x30, 0, 0, 20, 0x15, 0, 3, 58, 0x30, 0, 0, 54, 0x15, 0, 1, 136,
          6, 0, 0, 65535, 6, 0, 0, 0;
        setsockopt $sockets{$name}, SOL_SOCKET, 26, pack 'Sx![P]P', 6, $filter if $name eq 'near';
      }
    }
    for (['arp', 0x0806], ['near', 0x86dd]) {
      my $s = $sockets{$_->[0]} or next;
      bind $s, link_to($_->[1]) or refuse("cannot listen on $interface: $!");
      # PACKET_ADD_MEMBERSHIP 1 of SOL_PACKET 263, PACKET_MR_PROMISC 1.
      setsockopt $s, 263, 1, pack 'iSSx8', $index, 1, 0;
    }
    # rtnetlink(7): AF_NETLINK 16, RTMGRP_NEIGH 4; asked by RTM_GETNEIGH 30, NLM_F_REQUEST and DUMP;
    # told by RTM_NEWNEIGH 28, RTM_DELNEIGH 29, NLMSG_DONE 3. Without it nothing is said of neighbours.
    my ($table, $quiet);
    undef $table unless socket($table, 16, SOCK_RAW, 0) && bind $table, pack 'SSLL', 16, 0, 0, 4;
    fcntl($table, F_SETFL, O_NONBLOCK) if $table;
    sub inquire { $out .= "W $index\n"; send $table, pack('LSSLLx12', 28, 30, 0x301, 0, 0), 0 }
    # A message came between two looks: since the one that found nothing more to hear.
    sub listen_up {
      while (1) {
        my ($looked, $packet) = stamp();
        if (!defined recv $table, $packet, 65536, 0) {
          if ($! == ENOBUFS) { inquire(); next }
          $quiet = $looked; return }
        my $now = stamp();
        while (length $packet >= 16) {
          my ($length, $kind, $at) = unpack 'LSx14i', $packet . "\0" x 8;
          last if $length < 16;
          my $message = substr $packet, 0, $length;
          $out .= "T $quiet $now " . unpack('H*', $message) . "\n" if $kind == 3
            || ($kind == 28 || $kind == 29) && $at == $index && grep { index($message, $_) > 0 } values %bytes;
          my $whole = ($length + 3) & ~3;
          $packet = $whole < length $packet ? substr $packet, $whole : '';
        }
      }
    }
    if ($table) { $quiet = stamp(); inquire() }
    my $start = clock_gettime(CLOCK_MONOTONIC);
    while (1) {
      my ($now, $next) = (clock_gettime(CLOCK_MONOTONIC), 1e18);
      for my $plan (@plans) {
        my $count = @{$plan->{own}};
        my $due = sub { $start + $plan->{slot} * $plan->{period} / $count };
        $plan->{slot} += $count * int(($now - $due->()) / $plan->{period}) if $now - $due->() > $plan->{period};
        while ($due->() <= $now) {
          my ($address, $number) = ($plan->{own}[$plan->{slot} % $count], int($plan->{slot} / $count));
          $plan->{slot}++;
          said('Q', $plan->{method}, $address, $number);
          $asked{$address} = $number if $plan->{method} =~ /arp|neighbour/;
          $ask{$plan->{method}}->($address, $number) or said('N', $plan->{method}, $address, $number, "$!");
        }
        $next = $due->() if $due->() < $next;
      }
      delete $open{$_} for grep { $open{$_}[3] < $now } keys %open;
      flush();
      my ($in, $go) = ('', '');
      vec($in, fileno $_, 1) = 1 for values %sockets;
      vec($go, $_, 1) = 1 for keys %open;
      vec($in, fileno $table, 1) = 1 if $table;
      my $left = $next - clock_gettime(CLOCK_MONOTONIC);
      # The table is looked at every 10 ms, so that its changes are known to that.
      my $ready = select($in, $go, undef, $left > 0.01 ? 0.01 : $left > 0 ? $left : 0);
      listen_up() if $table;
      next if $ready <= 0;
      for my $name (keys %sockets) { heard($name, $sockets{$name}) if vec $in, fileno $sockets{$name}, 1 }
      for my $file (grep { vec $go, $_, 1 } keys %open) {
        my ($s, $address, $number) = @{delete $open{$file}};
        answered($address, $number, unpack 'i', getsockopt $s, SOL_SOCKET, SO_ERROR);
      }
    }
    """#
}
