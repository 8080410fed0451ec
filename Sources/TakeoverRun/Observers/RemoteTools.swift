// What a remote capture runs on its node: tcpdump, and the questions how it fares.

import TakeoverModel
import TakeoverWire

struct RemoteTools: Sendable {
  let point: CapturePoint
  /// On the node, made by the capture and gone with it.
  let folder: String

  /// `token` makes the folder's name one that nobody else has.
  init(_ point: CapturePoint, token: UInt64) {
    self.point = point
    folder = "/tmp/takeover-capture-" + String(token, radix: 36)
  }

  /// Streams pcap until it is ended by SIGTERM, and says in `folder` what process it is.
  func capture(of addresses: [IPAddress]) -> Command {
    return .script(
      """
      folder=$1; shift; umask 077; mkdir "$folder" || exit 1
      trap 'rm -rf "$folder"' EXIT; trap 'exit 143' TERM HUP INT
      "$@" 2>>"$folder/said" & echo $! >"$folder/pid"
      wait $!
      """, [folder] + Self.tcpdump(at: point, addresses: addresses))
  }

  static func tcpdump(at point: CapturePoint, addresses: [IPAddress]) -> [String] {
    let enter = point.namespace.map { ["nsenter", "--net=\($0)"] } ?? []
    // Each frame as it comes: without immediate mode the kernel keeps them for up to a second.
    // Headers and the addresses of an advertisement suffice.
    return enter + [
      "tcpdump", "-n", "--immediate-mode", "-U", "-w", "-", "--time-stamp-precision=nano", "-s",
      String(160 + 16 * addresses.count), "-i", point.interface,
      // pcap-filter(7): behind `vlan` everything is looked for behind the tag.
      point.vlan.map { "vlan \($0) and (\(filter(for: addresses)))" } ?? filter(for: addresses),
    ]
  }

  /// Asks tcpdump for its counters (SIGUSR1, tcpdump(1)) and reads what it said to the last such
  /// question, which may be the one before.
  var health: Command {
    .script(
      """
      kill -USR1 "$(cat "$1/pid")" || exit 1
      cat "$1/said"; : >"$1/said"
      """, [folder])
  }

  /// The interface's Ethernet address, where no namespace has to be entered for it.
  var hardwareAddress: Command {
    let enter = point.namespace.map { ["nsenter", "--net=\($0)"] } ?? []
    return Command(enter + ["ip", "-o", "link", "show", "dev", point.interface])
  }

  /// `tcpdump: 12 packets captured, 14 packets received by filter, 2 packets dropped by kernel`:
  /// the highest count of frames that were dropped, by kernel and interface. nil: it does not say.
  static func dropped(in said: String) -> Int? {
    var most: Int?
    for line in said.split(whereSeparator: \.isNewline) {
      var sum: Int?
      for part in line.split(separator: ",") where part.contains(" dropped by ") {
        let number = part.split(separator: " ").compactMap { Int($0) }.first
        if let number { sum = min((sum ?? 0), .max - number) + number }
      }
      if let sum { most = max(most ?? 0, sum) }
    }
    return most
  }

  /// The same frames as the local filter's, in pcap-filter(7)'s words; but of TCP only what opens
  /// a connection: a busy service must not be copied over the way to the node.
  static func filter(for addresses: [IPAddress]) -> String {
    var parts = ["ip proto 112", "ip6 proto 112"]
    for address in addresses {
      switch address {
      case .v4:
        parts.append("arp host \(address)")
        parts.append("(icmp and src host \(address))")
        parts.append("(tcp[tcpflags] & tcp-syn != 0 and src host \(address))")
      case .v6(let high, let low):
        // Neighbour messages about it: pcap's language has no word for their target.
        let words = [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff]
        let target = words.enumerated().map { "ip6[\(48 + 4 * $0):4] = \($1)" }
        parts.append(
          "(icmp6 and (ip6[40] = 135 or ip6[40] = 136) and \(target.joined(separator: " and ")))")
        parts.append("(icmp6 and src host \(address))")
        parts.append("(ip6 proto 6 and ip6[53] & 2 != 0 and src host \(address))")
      }
    }
    return parts.joined(separator: " or ")
  }
}
