// What a node says of itself: system, interfaces, addresses.

internal import Foundation
package import TakeoverModel

package enum NodeInspection {
  /// One command: the system in a line, then the links, then the addresses (ip(8), one per line), then
  /// what names the running kernel.
  package static let command = Command.script(
    """
    uname -sr
    keepalived --version 2>&1 | head -n 1
    echo ==
    ip -o link show
    echo ==
    ip -o address show
    echo ==
    cat /proc/sys/kernel/random/boot_id
    """)

  /// What names this machine's running kernel, as random(4) says; nil: it does not say.
  package static func ownKernel() -> String? {
    (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))
      .map { String($0.prefix { !$0.isNewline }) }
  }

  /// Prints the interface by which this very session came in, or nothing.
  package static let road = Command.script(
    #"""
    { \#(SessionRoad.lookup)
    } 2>/dev/null
    set -- $road
    [ -z "$3" ] || ip -o address show to "${3%%\%*}" | { read -r number name rest; echo "$name"; }
    """#)

  package static func describe(
    node: String, transport: String, output: String, ownKernel: String? = ownKernel()
  ) -> NodeDescription {
    var parts: [[Substring]] = [[]]
    for line in output.split(separator: "\n") {
      if line == "==" { parts.append([]) } else { parts[parts.count - 1].append(line) }
    }
    let addresses = parts.count > 2 ? Self.addresses(parts[2]) : [:]
    let links = (parts.count > 1 ? parts[1] : []).compactMap { line in
      link(line, addresses: addresses)
    }
    let kernel = parts.count > 3 ? parts[3].first.map(String.init) : nil
    return NodeDescription(
      node: node, transport: transport, system: parts[0].joined(separator: ", "), links: links,
      sharesKernel: kernel.flatMap { kernel in ownKernel.map { $0 == kernel } })
  }

  /// The addresses per interface in `ip -o address show`: `2: eth0    inet 10.0.0.1/24 …`.
  package static func addresses(_ lines: some Sequence<Substring>) -> [String: [IPAddress]] {
    var found: [String: [IPAddress]] = [:]
    for line in lines {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count > 3, words[2] == "inet" || words[2] == "inet6" else { continue }
      let text = words[3].prefix { $0 != "/" }
      if let address = IPAddress(text) { found[String(words[1]), default: []].append(address) }
    }
    return found
  }

  /// `2: eth0@if3: <…> … link/ether 02:… brd …`
  private static func link(
    _ line: Substring, addresses: [String: [IPAddress]]
  ) -> NodeDescription.Link? {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count > 1 else { return nil }
    let name = String(words[1].prefix { $0 != "@" && $0 != ":" })
    var mac: MACAddress?
    if let at = words.firstIndex(of: "link/ether"), at + 1 < words.count {
      mac = MACAddress(words[at + 1])
    }
    return NodeDescription.Link(name: name, mac: mac, addresses: addresses[name] ?? [])
  }
}
