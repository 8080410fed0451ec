// What a node is made of, as far as a fault could break it: lines in sections. The node after a heal
// is compared with the node before the blow, and what differs is told in words.

/// One reading of a node. What moves by right (virtual addresses, lifetimes, counters, process ids)
/// is not in it.
package struct NodeState: Hashable, Sendable, Codable {
  /// In the order in which one mends: an address needs its link, a route its address.
  package enum Section: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case boot, clock, links, addresses, rules, routes, neighbours, nftables, qdiscs, sysctls, files
    case services
  }

  /// Sorted lines, their fields parted by tabs; what a field may hold is the node's own text.
  ///
  /// links, qdiscs, nftables, sysctls, files, services: owner, property, value. addresses: interface,
  /// address with its words. rules, routes: `4` or `6`, the words of ip(8). neighbours: the words of
  /// ip(8). boot: which start of the node this is.
  /// clock: when that start was, by the clock as it goes now, seconds since 1970 (proc(5), btime). A section that could not be read is missing.
  package private(set) var lines: [Section: [String]]
  /// Why a section is missing, in our words.
  package private(set) var reasons: [Section: String]

  package init(lines: [Section: [String]] = [:], reasons: [Section: String] = [:]) {
    self.lines = lines.mapValues { $0.sorted() }
    self.reasons = reasons.filter { lines[$0.key] == nil }
  }

  /// What could not be read, and why: of these sections nothing is proven.
  package var unread: [(section: Section, reason: String)] {
    Section.allCases.filter { lines[$0] == nil }.map { ($0, reason($0)) }
  }

  /// Sections without which nothing is proven: every node has them, and needs no program beyond ip(8)
  /// to tell them.
  private static let needed: [Section] = [.boot, .links, .addresses, .routes, .services]

  /// Why this reading cannot prove that a node is what it was; nil: it can.
  package var shortcoming: String? {
    let missing = Self.needed.filter { lines[$0] == nil }
    guard !missing.isEmpty else { return nil }
    return missing.map { "its \($0.rawValue) cannot be read: \(reason($0))" }
      .joined(separator: "; ")
  }

  func reason(_ section: Section) -> String { reasons[section] ?? "the node did not tell" }
}

/// What a fault touches beside the node's network and services, so that it is compared, too.
package struct Touches: Hashable, Sendable, Codable {
  /// Absolute paths.
  package var files: [String]
  /// As sysctl(8) spells them: `net.ipv4.conf.eth0.rp_filter`, `net/ipv4/conf/eth0.5/rp_filter`.
  package var sysctls: [String]

  package init(files: [String] = [], sysctls: [String] = []) {
    self.files = files
    self.sysctls = sysctls
  }
}
