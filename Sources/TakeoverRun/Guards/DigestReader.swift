// The output of the digest, read as the state of a node.

package import TakeoverModel

extension NodeDigest {
  /// What `command` printed on this node. Any text is read; what cannot be understood is unread.
  package static func state(
    _ output: String, of node: Node, in site: Site, touching touches: Touches = Touches()
  ) -> NodeState {
    var reading = Reading(parts: parts(output))
    reading.keep(.boot, "boot") { parts in
      parts[0].filter { !$0.isEmpty }.map(DigestWords.field)
    }
    reading.keep(.clock, "clock") { parts in
      parts[0].filter { !$0.isEmpty }.prefix(1).map(DigestWords.field)
    }
    var moving = MovingParts(site)
    reading.keep(.links, "links") { parts in
      let links = DigestWords.of(parts[0]).compactMap(LinkLines.Link.init)
      moving.links = Set(links.filter(\.isVirtualRouter).map(\.name))
      return links.filter { !moving.links.contains($0.name) }.flatMap(\.lines)
    }
    reading.keep(.addresses, "addresses") { LinkLines.addresses($0[0], besides: moving) }
    moving.addOwn(reading.lines[.addresses] ?? [])
    reading.keep(.rules, "rules4", "rules6") { RouteLines.rules($0[0], $0[1]) }
    reading.keep(.routes, "routes4", "routes6") {
      RouteLines.routes($0[0], $0[1], besides: moving)
    }
    reading.keep(.neighbours, "neighbours") { RouteLines.neighbours($0[0], besides: moving) }
    reading.keep(.qdiscs, "qdiscs") { RouteLines.qdiscs($0[0], besides: moving) }
    reading.keep(.nftables, "nftables") { RulesetLines.objects($0[0]) }
    reading.settings(touches.sysctls)
    reading.files(files(touches))
    reading.services(Services(of: node))
    return NodeState(lines: reading.lines, reasons: reading.reasons)
  }

  struct Reading {
    let parts: [String: [Part]]
    var lines: [NodeState.Section: [String]] = [:]
    var reasons: [NodeState.Section: String] = [:]

    init(parts: [String: [Part]]) { self.parts = parts }

    /// Reads a section from the parts of these names, if all of them went well.
    mutating func keep(
      _ section: NodeState.Section, _ names: String..., reading: ([[Substring]]) -> [String]
    ) {
      let wanted = names.map { parts[$0]?.first }
      if let failed = wanted.first(where: { $0?.status != 0 }) {
        reasons[section] = Self.reason(failed)
      } else {
        lines[section] = reading(wanted.compactMap { $0?.lines })
      }
    }

    /// One part for each; a setting that cannot be read is not there.
    mutating func settings(_ names: [String]) {
      let found = parts["setting"] ?? []
      guard let values = whole(found, names.count, .sysctls) else { return }
      lines[.sysctls] = zip(names, values).map { name, part in
        let value = part.status == 0 ? part.lines.map(DigestWords.field).first ?? "" : "absent"
        return "\(DigestWords.field(name[...]))\tvalue\t\(value)"
      }
    }

    /// One part for each: `link PLACE`, `mode BITS USER:GROUP`, the digest; or nothing.
    mutating func files(_ paths: [String]) {
      guard let found = whole(parts["file"] ?? [], paths.count, .files) else { return }
      if let failed = found.first(where: { $0.status != 0 }) {
        reasons[.files] = Self.reason(failed)
        return
      }
      lines[.files] = zip(paths, found).flatMap { path, part in
        var content = "absent"
        var properties: [String] = []
        for words in DigestWords.of(part.lines) {
          switch words[0] {
          case "link": properties.append("link\t" + words.dropFirst().joined(separator: " "))
          case "mode":
            properties += ["mode\t\(words.dropFirst().first ?? "")", "owner\t\(words.last ?? "")"]
            if content == "absent" { content = "no file" }
          default: content = words[0]
          }
        }
        return (properties + ["content\t\(content)"]).map {
          "\(DigestWords.field(path[...]))\t\($0)"
        }
      }
    }

    /// As many parts as were asked for, none of them broken off.
    func whole(_ found: [Part], _ count: Int) -> [Part]? {
      found.count == count && found.allSatisfy { $0.status != nil } ? found : nil
    }

    private mutating func whole(
      _ found: [Part], _ count: Int, _ section: NodeState.Section
    ) -> [Part]? {
      let parts = whole(found, count)
      // None asked for, none found: that is known only if the output got that far.
      guard let parts, count > 0 || self.parts["links"] != nil else {
        reasons[section] = Self.reason(nil)
        return nil
      }
      return parts
    }

    /// Why a part is not known.
    static func reason(_ part: Part?) -> String {
      switch part {
      case nil: "the node did not tell"
      case let part?:
        switch part.status {
        case nil: "the answer is too long, or broke off"
        case 127: "the node has no program for it"
        case let status?: "the program that tells it ended with status \(status)"
        }
      }
    }
  }
}
