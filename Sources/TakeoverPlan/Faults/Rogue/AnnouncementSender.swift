// Sends announcements of virtual addresses: gratuitous ARP as keepalived's, and unsolicited neighbour
// advertisements (RFC 4861, 7.2.6) with the Override flag, from the machine's own Ethernet address.

internal import TakeoverModel

enum AnnouncementSender {
  static func sender(
    for kind: String, on node: Node, of site: Site, every: Duration, count: Int
  ) -> FrameSender {
    FrameSender(
      for: kind, on: node.interface, program: program,
      words: [every.secondsText, String(count)] + site.addresses.map(\.address.hexadecimal))
  }

  private static let program = #"""
    my @frames = map { my $ip = pack 'H*', $_;
      if (length $ip == 4) {
        pack('a6a6n', "\xff" x 6, $mac, 0x0806) . pack 'nnCCna6a4a6a4', 1, 0x0800, 6, 4, 1, $mac, $ip,
          "\xff" x 6, $ip
      } else {
        my $all = pack 'H*', 'ff020000000000000000000000000001';
        my $body = pack('CCnN', 136, 0, 0, 0x20000000) . $ip . pack 'CCa6', 2, 1, $mac;
        substr($body, 2, 2) = pack 'n', sum($ip . $all . pack('NN', length $body, 58) . $body);
        pack('a6a6n', "\x33\x33\0\0\0\x01", $mac, 0x86dd)
          . pack('NnCC', 0x60000000, length $body, 58, 255) . $ip . $all . $body
      }
    } @words;
    sub turn { frame($_) for @frames }
    """#
}
