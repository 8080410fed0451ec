// A lab node whose clock is wrong. All nodes share one kernel, whose clock must not be touched: so
// what shows the node's clock to the outside, tcpdump's stamps and the answers of its shell, is
// shifted alike, by programs that stand before the real ones in root's PATH.

import Foundation
import Testing

struct WrongClock {
  /// Nanoseconds.
  var ahead: Int64
  /// Parts per million by which it gains, from now on.
  var drift = 0

  func put(on node: String, in place: Workplace) async throws {
    for (path, program) in [("sbin/tcpdump", tcpdump), ("bin/bash", bash), ("bin/perl", perl)] {
      let script = "cat >/usr/local/\(path) <<'END'\n\(program)\nEND\nchmod 755 /usr/local/\(path)"
      let written = try await place.run(
        "lab", "exec", "keepalived-pair", node, "--", "sh", "-c", script)
      try #require(written.status == 0, "\(written.messages)")
    }
  }

  /// `shifted(seconds, nanoseconds)`: what the wrong clock shows.
  private var shift: String {
    """
    use integer;
    sub shifted {
      my ($s, $n) = @_;
      my $since = ($s - \(Int64(Date().timeIntervalSince1970))) * 1000000000 + $n;
      my $shown = $n + \(ahead) + $since / 1000000 * \(drift);
      my $more = $shown / 1000000000; my $rest = $shown % 1000000000;
      if ($rest < 0) { $rest += 1000000000; $more -= 1 }
      return ($s + $more, $rest);
    }
    """
  }

  /// Shifts every record of the stream; signals go on to the real one.
  private var tcpdump: String {
    """
    #!/usr/bin/perl
    \(shift)
    my $child = open(my $in, '-|', '/usr/bin/tcpdump', @ARGV) or die;
    for my $name (qw(USR1 TERM INT)) { $SIG{$name} = sub { kill $name, $child } }
    sub get {
      my ($wanted, $bytes) = (shift, '');
      while (length($bytes) < $wanted) {
        my $read = sysread($in, $bytes, $wanted - length($bytes), length($bytes));
        next if !defined($read) && $!{EINTR};
        exit 0 unless $read;
      }
      return $bytes;
    }
    syswrite(STDOUT, get(24));
    while (1) {
      my ($s, $n, $kept, $length) = unpack('V4', get(16));
      ($s, $n) = shifted($s, $n);
      syswrite(STDOUT, pack('V4', $s, $n, $kept, $length) . get($kept));
    }
    """
  }

  /// Answers as bash would whose EPOCHREALTIME is off.
  private var bash: String {
    """
    #!/usr/bin/perl
    use Time::HiRes 'gettimeofday';
    \(shift)
    $| = 1;
    sub now {
      my ($s, $u) = gettimeofday; my ($shown, $n) = shifted($s, $u * 1000);
      return sprintf('%d.%06d', $shown, $n / 1000);
    }
    if ($ARGV[1] !~ /while/) { print now(), "\\n"; exit }
    while (<STDIN>) { chomp; print "$_ ", now(), "\\n" }
    """
  }

  /// Shifts every stamp that the probes' program writes.
  private var perl: String {
    """
    #!/usr/bin/perl
    \(shift)
    $| = 1;
    open(my $in, '-|', '/usr/bin/perl', @ARGV) or die;
    while (<$in>) {
      s{ (\\d+)\\.(\\d{6})}{my ($s, $n) = shifted($1, $2 * 1000); sprintf ' %d.%06d', $s, $n / 1000}ge;
      print;
    }
    """
  }
}
