// The way to a Windows node as far as it can be gone without one: a real sshd, either client, and behind
// them a program called powershell that answers frames as PowerShell would.

import Foundation
import TakeoverModel
import TakeoverRemote
import Testing

extension Remote {
  /// Prints the script and its parameters, a line each.
  private static let peer = #"""
    #!/usr/bin/perl
    use MIME::Base64;
    $| = 1;
    sub tell_both {
      my ($text, $mark, $status) = @_;
      my $end = "\x01$mark:$status\n";
      syswrite STDOUT, $text . $end;
      syswrite STDERR, $end;
    }
    exit 9 if "@ARGV" ne '-NoProfile -NonInteractive -Command -';
    while (my $line = <STDIN>) {
      if ($line =~ /Write-Answer '' '' '([^']+)' 0$/) { tell_both('', $1, 0) }
      elsif ($line =~ /^\[Console\]::Out\.WriteLine\('([^']+)'\)/) { print "$1\n" }
      elsif ($line =~ /^Invoke-Frame '([^']+)' '([^']*)' '([^']*)' @\(([^)]*)\)/) {
        my ($mark, $staged) = ($1, $2);
        my @words = (decode_base64($3), map { decode_base64($_) } $4 =~ /'([^']*)'/g);
        if ($staged ne '') {
          tell_both('', $staged, 0);
          exit unless defined <STDIN>;
        }
        tell_both(join('', map { "$_\n" } @words), $mark, 0);
      }
    }
    """#

  @Test(arguments: [Reach.Client.libssh2, .openssh])
  func `a Windows node is reached by either client, and struck by one byte`(
    _ client: Reach.Client
  ) async throws {
    try await RemoteGround.standing { posix in
      try await posix.open { (node) async throws in
        let made = try await node.script(
          "printf '%s\\n' \"$1\" >/usr/local/bin/powershell && chmod 755 /usr/local/bin/powershell",
          [Self.peer])
        #expect(made.succeeded, "\(made.errorText)")
      }
      var ground = posix
      ground.client = client
      let limit = TransportContract.limit
      try await ground.open({ $0.system = .windows }) { (node) async throws in
        #expect(node.description.contains(client == .openssh ? "OpenSSH" : "libssh2"))
        let words = ["it's", "–\n", ""]
        let result = try await node.run(.powerShell("Get-Service", words), within: limit)
        #expect(result.status == 0)
        #expect(result.text == "Get-Service\n" + words.map { $0 + "\n" }.joined())
        let blow = try await node.arm(.powerShell("Stop-Service"), within: limit)
        let struck = try await blow.fire(within: limit)
        #expect(struck.result?.text == "Stop-Service\n")
        let left = try await node.arm(.powerShell("Stop-Service"), within: limit)
        await left.disarm()
        let refused = await #expect(throws: TransportError.self) {
          try await node.run(.script("reboot"), within: limit)
        }
        #expect(refused?.kind == .misconfigured)
      }
    }
  }

  @Test func `a node without PowerShell says so, and is given up`() async throws {
    try await RemoteGround.standing { ground in
      let error = await ground.failure { $0.system = .windows }
      #expect(error?.problem.contains("powershell") == true, "\(String(describing: error))")
    }
  }
}
