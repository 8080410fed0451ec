// rogue-speaker: another VRRP router with this pair's id: a second cluster on the segment, a forgotten
// machine, or somebody who wants the addresses.

package import TakeoverModel

package struct RogueSpeaker: Fault {
  package static let declaration = FaultDeclaration(
    kind: "rogue-speaker",
    summary: "advertise the pair's virtual router from a machine that is none of the pair",
    effect:
      "a higher priority makes the master give up though nobody takes its place; a lower one makes "
      + "it announce again and again; one that is not believed (password, version) must change nothing",
    parameters: [
      Parameter(
        "priority", .count(1...255), standard: .count(254), summary: "what it advertises"),
      Parameter(
        "version", .count(2...3), standard: .count(3), summary: "the version that it speaks"),
      Parameter(
        "password", .text, summary: "auth_pass of version 2, of which 8 characters count; else none"
      ),
      Parameter("vrid", .count(1...255), summary: "standard: the site's"),
      Parameter(
        "every", .duration, standard: .duration(.milliseconds(100)),
        summary: "its advertisement interval"),
      Parameter(
        "to", .choice(["nodes", "group"]), standard: .text("nodes"),
        summary: "nodes: each by unicast; group: the multicast group of VRRP"),
    ],
    requires: FrameSender.requires,
    examples: [[:], ["priority": .count(1), "to": .text("group")]],
    target: .machine)

  let arguments: Arguments
  let every: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    self.arguments = arguments
    every = arguments.duration("every") ?? .milliseconds(100)
    let version = arguments.count("version") ?? 3
    guard every >= .milliseconds(10), every <= .seconds(40) else {
      throw Complaint("an interval of \(TimeText.chosen(every))", remedy: "10ms to 40s")
    }
    if let password = arguments.text("password") {
      guard version == 2 else {
        throw Complaint("VRRPv3 has no password", remedy: "leave it out, or version: 2")
      }
      guard password.utf8.count <= 8 else {
        throw Complaint("of a password 8 bytes are sent", remedy: "shorten it")
      }
    }
  }

  package var consequence: Consequence {
    .rival(
      Rival(
        router: arguments.count("vrid"), version: arguments.count("version") ?? 3,
        priority: arguments.count("priority") ?? 254, interval: every,
        password: arguments.text("password").map { Array($0.utf8) } ?? [],
        isMulticast: arguments.text("to") == "group"))
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    guard let vrid = arguments.count("vrid") ?? site.vrid else {
      throw Complaint(
        "the site tells no virtual router id", remedy: "add vrid: to the site, or to the fault")
    }
    let version = arguments.count("version") ?? 3
    let isV4 = site.addresses.first?.address.isV4 ?? true
    guard isV4 else {
      throw Complaint(
        "a rogue speaker speaks IPv4", remedy: "use it on a pair with an IPv4 address first")
    }
    guard let own = node.addresses.first(where: \.isV4) else {
      throw Complaint(
        "\(node.name) has no IPv4 address in the site", remedy: "add its address: there")
    }
    let others = site.nodes.flatMap(\.addresses).filter(\.isV4)
    let to = arguments.text("to") == "group" ? [IPAddress.v4(0xe000_0012)] : others
    let password = arguments.text("password").map { Array($0.utf8) } ?? []
    let sender = FrameSender(
      for: Self.declaration.kind, on: node.interface, program: Self.program,
      words: [
        every.secondsText, "0", String(version), String(vrid),
        String(arguments.count("priority") ?? 254), String(every.nanoseconds / 10_000_000),
        password.map { byte in
          let digits = String(byte, radix: 16)
          return digits.count == 1 ? "0" + digits : digits
        }.joined(),
        own.hexadecimal, to.map(\.hexadecimal).joined(separator: ","),
      ] + site.addresses.map(\.address).filter(\.isV4).map(\.hexadecimal))
    return Procedure(
      prepare: [sender.prepare], inject: [sender.inject], confirm: [sender.isSending],
      heal: [sender.heal], confirmHealed: [sender.hasEnded])
  }

  /// Through an IP socket with its own header, so that the kernel finds the way. IP_HDRINCL 3, IP_MULTICAST_IF
  /// 32; the header and both checksums as RFC 3768 and RFC 9568, 5.1 and 5.2, have them. Version 2
  /// counts its interval in seconds, version 3 in hundredths.
  private static let program = #"""
    my ($version, $vrid, $priority, $hundredths, $password, $own, $to, @virtual) = @words;
    my $source = pack 'H*', $own; my $list = join '', map { pack 'H*', $_ } @virtual;
    socket(my $speaker, AF_INET, SOCK_RAW, 255) or die "no raw socket: $!\n";
    setsockopt $speaker, 0, 3, pack 'i', 1; setsockopt $speaker, SOL_SOCKET, 25, pack 'Z16', $interface;
    setsockopt $speaker, 0, 32, pack 'a4a4i', "\0" x 4, $source, $index;
    my @packets = map { my $target = pack 'H*', $_; my $body;
      if ($version == 2) {
        my $seconds = int(($hundredths + 50) / 100) || 1;
        $body = pack('CCCCCCn', 0x21, $vrid, $priority, scalar @virtual, length $password ? 1 : 0,
          $seconds, 0) . $list . pack 'a8', pack 'H*', $password;
        substr($body, 6, 2) = pack 'n', sum($body);
      } else {
        $body = pack('CCCCnn', 0x31, $vrid, $priority, scalar @virtual, $hundredths, 0) . $list;
        substr($body, 6, 2) = pack 'n', sum($source . $target . pack('CCn', 0, 112, length $body) . $body);
      }
      [$target, pack('CCnnnCCna4a4', 0x45, 0xc0, 20 + length $body, 0, 0, 255, 112, 0, $source, $target)
        . $body]
    } split /,/, $to;
    sub turn { send $speaker, $_->[1], 0, pack_sockaddr_in(0, $_->[0]) for @packets }
    """#
}
