// The program of a client with kept connections on another machine: one perl process that talks as
// HeldTalk and PooledTalk do, and says what became of connections and requests by that machine's clock.

import TakeoverModel

/// Its lines: `C keeping address connection from to end words…` a connection that stands (`-`) or its
/// end; `R keeping address connection sequence sent from to fate status via server acknowledged again` a
/// request, with `-` for what is not known, and for `from` and `to` of one that is pending; `E words…`
/// why it cannot go on.
enum RemoteKeptProgram {
  /// nil: nothing is asked. The path and the host are the site's, and have no blanks.
  static func command(from vantage: VantagePoint, of site: Site) -> Command? {
    let probing = site.probing
    guard probing.held != nil || probing.requests != nil else { return nil }
    let enter = vantage.namespace.map { ["nsenter", "--net=\($0)"] } ?? []
    let limit = probing.requestTimeout ?? Probing.requestLimit
    return Command(
      enter + [RemoteAskingProgram.program, "-e", text, vantage.interface, String(probing.port)]
        + [probing.held, probing.requests, limit].map { String($0?.nanoseconds ?? 0) }
        + [probing.path ?? "/", probing.host ?? ""] + site.addresses.map(\.address.description))
  }

  private static func seconds(_ duration: Duration) -> String {
    String(Double(duration.nanoseconds) / 1e9)
  }

  /// Numbers as Linux has them on x86 and Arm: SO_BINDTODEVICE 25, SIOCOUTQ 0x5411. The machine's own time
  /// of an arrival is not to be had here: what came, came between two looks.
  private static let text = #"""
    use strict; use Socket qw(:all); use Fcntl; use Errno qw(EINPROGRESS EAGAIN ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH);
    use Time::HiRes qw(gettimeofday clock_gettime CLOCK_MONOTONIC);
    my ($interface, $port, $held, $pooled, $limit, $path, $host, @addresses) = @ARGV;
    $_ /= 1e9 for $held, $pooled, $limit;
    my ($opening, $patience, $watch, $telling) = (\#(seconds(HeldTalk.openingLimit)),
      \#(seconds(HeldTalk.patience)), \#(seconds(HeldTalk.watch)), \#(seconds(HeldTalk.telling)));
    my ($out, $looked, %lines, %idle, %course, %opened) = ('', stamp());
    sub stamp { sprintf '%d.%06d', gettimeofday }
    sub mono { clock_gettime(CLOCK_MONOTONIC) }
    sub flush { while (length $out) { my $n = syswrite STDOUT, $out; exit 1 unless $n; substr($out, 0, $n) = '' } }
    sub refuse { $out .= "E $_[0]\n"; flush(); exit 1 }
    my %bytes = map { $_ => inet_pton(/:/ ? AF_INET6 : AF_INET, $_) } @addresses;
    my %ask = map { my $name = /:/ ? "[$_]" : $_; $name = $host ne '' ? $host : $port == 80 ? $name : "$name:$port";
      $_ => "GET $path HTTP/1.1\r\nHost: $name\r\nUser-Agent: takeover\r\n\r\n" } @addresses;
    sub end { my $e = $_[0]; $e == ECONNREFUSED ? 'refused' : $e == ECONNRESET || $e == EPIPE ? 'reset'
      : $e == ETIMEDOUT ? 'timeout' : $e == EHOSTUNREACH || $e == ENETUNREACH ? 'unreachable' : 'failed' }
    sub tell_connection { my ($one, $from, $to, $end, $words) = @_;
      $out .= join(' ', 'C', @$one{qw(keeping address number)}, $from, $to, $end, $words || ()) . "\n" }
    sub tell_request { my ($one, $r, $from, $to, $fate, $answer, $acknowledged) = @_;
      $out .= join(' ', 'R', @$one{qw(keeping address number)}, $r->{number}, $r->{sent}, $from, $to, $fate,
        $answer ? map({ defined $_ && length $_ ? $_ : '-' } @$answer{qw(status via server)}) : ('-') x 3,
        defined $acknowledged ? $acknowledged : '-', $r->{again} ? 1 : '-') . "\n" }
    sub acknowledged { my $left = pack 'i', 0; ioctl $_[0]{socket}, 0x5411, $left or return; unpack('i', $left) ? 0 : 1 }
    sub name { my $text = $_[0]; defined $text or return; $text =~ s/[\r\n]+\z//;
      length $text <= 64 && $text =~ /\A[!-;=?-~]+\z/ ? $text : undef }
    # The answer once it is whole; '' before; 'bad' when it is none.
    sub answer { my ($text, $over) = @_;
      while (1) {
        my $end = $text =~ /\r?\n\r?\n/ or return length $text > 65536 ? 'bad' : '';
        my ($head, $body) = ($`, $');
        my ($minor, $status) = $head =~ /\A\s*HTTP\/1\.([01]) (\d{3})(?=[ \r\n]|\z)/ or return 'bad';
        if ($status < 200) { return 'bad' if $status == 101 || $status < 100; $text = $body; next }
        my %of; for (split /\r?\n/, $head) { $of{lc $1} = $2 if /\A([^:\s]+):\s*(.*?)\s*\z/ }
        my $connection = lc($of{connection} || '');
        my $keeps = $minor ? $connection !~ /\bclose\b/ : $connection =~ /\bkeep-alive\b/;
        my $whole = '';
        if ($status == 204 || $status == 304) { $whole = 1 }
        elsif (lc($of{'transfer-encoding'} || '') =~ /chunked\z/) {
          my ($rest, $all) = ($body, '');
          while ($rest =~ s/\A([0-9a-f]{1,8})[^\n]*\n//i) { my $size = hex $1;
            if (!$size) { $whole = $rest =~ /\A(?:[^\n]*[^\r\n][^\n]*\n)*\r?\n/; last }
            last if length $rest <= $size + 1;
            $all .= substr $rest, 0, $size, ''; $rest =~ s/\A\r?\n// or return 'bad' }
          $body = $all }
        elsif (defined $of{'content-length'}) {
          $of{'content-length'} =~ /\A\d{1,15}\z/ or return 'bad'; $whole = length $body >= $of{'content-length'} }
        else { ($whole, $keeps) = ($over, '') }
        return '' unless $whole;
        my ($via) = ($of{via} || '') =~ /(?:\A|,)\s*\S+\s+(\S+)[^,]*\z/;
        return { status => $status, via => name($via), keeps => $keeps,
          server => defined $of{'x-served-by'} ? name($of{'x-served-by'}) : name(substr $body, 0, 70) } } }
    sub drop { my ($one) = @_; delete $lines{$one->{key}};
      @{$idle{$one->{address}}} = grep { $_ != $one } @{$idle{$one->{address}} || []} }
    sub open_line { my ($keeping, $address, $request) = @_;
      my $one = { keeping => $keeping, address => $address, number => ++$opened{$keeping}, state => 'opening',
        since => mono(), begun => stamp(), request => $request, answers => 0, current => 1 };
      $one->{key} = "$keeping $one->{number}";
      my $six = $address =~ /:/;
      my $s; my $made = socket($s, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) && fcntl($s, F_SETFL, O_NONBLOCK)
        && setsockopt($s, SOL_SOCKET, 25, pack 'Z16', $interface)
        && setsockopt($s, IPPROTO_TCP, TCP_NODELAY, 1)
        && (connect($s, $six ? pack_sockaddr_in6($port, $bytes{$address}) : pack_sockaddr_in($port, $bytes{$address}))
          || $! == EINPROGRESS);
      $one->{socket} = $s; $lines{$one->{key}} = $one;
      ended($one, end($! + 0), '', "$!") unless $made }
    sub send_on { my ($one) = @_; my $r = $one->{request};
      $one->{state} = 'waiting'; $one->{buffer} = '';
      defined syswrite $one->{socket}, $ask{$one->{address}} or ended($one, end($! + 0), '', "$!") }
    sub settled { my ($one, $answer) = @_; my $r = delete $one->{request};
      tell_request($one, $r, $looked, stamp(), 'answered', $answer);
      $one->{answers}++; $one->{state} = 'idle';
      if ($one->{keeping} eq 'held') {
        tell_connection($one, $looked, stamp(), 'closed') unless $answer->{keeps};
        drop($one) unless $answer->{keeps} && $one->{current} }
      elsif ($answer->{keeps} && @{$idle{$one->{address}} || []} < 4) { push @{$idle{$one->{address}}}, $one }
      else { drop($one) } }
    sub ended { my ($one, $end, $begun, $words) = @_; my $now = stamp();
      my $from = $one->{state} eq 'opening' ? $one->{begun} : $looked;
      my $r = delete $one->{request};
      tell_connection($one, $from, $now, $end, $end eq 'failed' ? $words : '');
      drop($one); $r or return;
      if ($one->{keeping} eq 'pooled' && $one->{answers} && !$begun && !$r->{again}) {
        $r->{again} = 1; return open_line('pooled', $one->{address}, $r) }
      tell_request($one, $r, $from, $now, $end) }
    sub heard { my ($one) = @_;
      while ($lines{$one->{key}}) {
        my $got = sysread $one->{socket}, my $text, 65536;
        if (!defined $got) { return if $! == EAGAIN; return ended($one, end($! + 0), length($one->{buffer} || ''), "$!") }
        my $asked = $one->{state} eq 'waiting';
        $one->{buffer} .= $text if $asked && $got;
        my $answer = $asked ? answer($one->{buffer}, !$got) : '';
        if (ref $answer) { settled($one, $answer); return if !$got; next }
        return ended($one, 'failed', 1, 'what came is no HTTP') if $answer eq 'bad';
        return ended($one, 'closed', length($one->{buffer} || '')) if !$got } }
    sub outlasted { my ($one, $now) = @_; my $r = $one->{request};
      $one->{current} = 0 if $now - $r->{begun} >= $patience;
      my @silent = sort { $a->{number} <=> $b->{number} }
        grep { $_->{keeping} eq 'held' && $_->{address} eq $one->{address} && !$_->{current} } values %lines;
      return unless @silent && ($now - $r->{begun} >= $watch || @silent > 4);
      my $at = stamp(); my $old = $silent[0];
      tell_request($old, $old->{request}, $at, $at, 'abandoned'); tell_connection($old, $at, $at, 'abandoned'); drop($old) }
    my $start = mono();
    for my $keeping ($held ? 'held' : (), $pooled ? 'pooled' : ()) {
      my $period = $keeping eq 'held' ? $held : $pooled;
      $course{$keeping}{$addresses[$_]} = { next => $start + $period * $_ / @addresses, number => 0 } for 0 .. $#addresses }
    sub later { my ($course, $period, $now) = @_; my $missed = int(($now - $course->{next}) / $period);
      $course->{next} += ($missed + 1) * $period; return $missed }
    while (1) {
      my $now = mono();
      for my $one (my @all = values %lines) { my $r = $one->{request};
        next unless $lines{$one->{key}};
        if ($one->{state} eq 'opening' && $one->{keeping} eq 'held' && $now - $one->{since} >= $opening) {
          tell_connection($one, $one->{begun}, stamp(), 'timeout'); drop($one) }
        elsif ($r && $one->{keeping} eq 'held' && $now - $r->{told} >= $telling) { $r->{told} = $now;
          tell_request($one, $r, '-', stamp(), 'pending', undef, acknowledged($one)); outlasted($one, $now) }
        elsif ($r && $one->{keeping} eq 'pooled' && $now - $r->{begun} >= $limit) { my $at = stamp();
          tell_request($one, $r, $at, $at, 'timeout', undef, $one->{state} eq 'waiting' ? acknowledged($one) : undef);
          drop($one) } }
      my $next = $now + 1;
      for my $keeping (keys %course) { for my $address (@addresses) {
        my $course = $course{$keeping}{$address};
        my $period = $keeping eq 'held' ? $held : $pooled;
        if ($course->{next} <= $now) {
          if ($keeping eq 'held') {
            my ($one) = grep { $_->{keeping} eq 'held' && $_->{address} eq $address && $_->{current} } values %lines;
            if (!$one) { later($course, $period, $now); open_line('held', $address) }
            elsif ($one->{state} eq 'idle') { later($course, $period, $now);
              $one->{request} = { number => $course->{number}++, sent => stamp(), begun => $now, told => $now };
              send_on($one) } }
          else { $course->{number} += later($course, $period, $now);
            my $r = { number => $course->{number}++, sent => stamp(), begun => $now, told => $now };
            if (my $one = pop @{$idle{$address}}) { $one->{request} = $r; send_on($one) }
            elsif (keys %lines < 300) { open_line('pooled', $address, $r) }
            else { my $at = stamp(); tell_request({ keeping => 'pooled', address => $address, number => 0 }, $r, $at, $at, 'unsent') } } }
        $next = $course->{next} if $course->{next} > $now && $course->{next} < $next } }
      flush();
      my ($in, $go, $waits) = ('', '', 0);
      for my $one (values %lines) { $waits = 1 if $one->{state} ne 'idle' || $one->{keeping} eq 'held';
        $one->{state} eq 'opening' ? (vec($go, fileno $one->{socket}, 1) = 1) : (vec($in, fileno $one->{socket}, 1) = 1) }
      my ($begun, $left) = (stamp(), $next - mono());
      $left = 0.01 if $waits && $left > 0.01;
      my $ready = select($in, $go, undef, $left > 0 ? $left : 0);
      for my $one (my @all = $ready > 0 ? values %lines : ()) {
        next unless $lines{$one->{key}};
        my $file = fileno $one->{socket};
        if ($one->{state} eq 'opening') { next unless vec $go, $file, 1;
          my $error = unpack 'i', getsockopt $one->{socket}, SOL_SOCKET, SO_ERROR;
          if ($error) { local $! = $error; ended($one, end($error), '', "$!"); next }
          $one->{state} = 'idle'; tell_connection($one, $one->{begun}, stamp(), '-');
          send_on($one) if $one->{request} }
        elsif (vec $in, $file, 1) { heard($one) } }
      $looked = $begun }
    """#
}
