// A node's packet filter, as far as advertisements (IP protocol 112) are concerned: read from what
// `nft list ruleset` and `iptables-save` print. What it cannot read for sure it does not judge.

package import TakeoverModel

package struct Firewall: Hashable, Sendable {
  /// A packet that the rules are asked about.
  package struct Packet: Hashable, Sendable {
    package var source: IPAddress?
    package var destination: IPAddress?
    package var interface: String?

    package init(source: IPAddress?, destination: IPAddress?, interface: String?) {
      self.source = source
      self.destination = destination
      self.interface = interface
    }
  }

  package enum Hook: String, Hashable, Sendable { case input, output }

  package enum Judgement: Hashable, Sendable {
    case accepted
    /// By this rule, or by the policy of this chain.
    case dropped(by: String)
    case unknown
  }

  struct Rule: Hashable, Sendable {
    enum Verdict: Hashable, Sendable { case accept, drop, call(String), leave, none }

    var text: String
    var conditions: [Condition]
    var verdict: Verdict
  }

  enum Condition: Hashable, Sendable {
    case source([String])
    case destination([String])
    case comesFrom([String])
    case leavesBy([String])
    case `protocol`([String])
    case isNegated([String], of: String)
    /// Cannot be an advertisement: a port, an ICMP type, an established connection.
    case neverAdvertisement
    case notUnderstood
  }

  struct Chain: Hashable, Sendable {
    var name: String
    var isV4: Bool
    var isV6: Bool
    /// nil: only called by others.
    var hook: Hook?
    var dropsByPolicy: Bool
    var rules: [Rule]
  }

  var chains: [Chain]

  /// `ruleset`: of nft(8); `saved4`, `saved6`: of iptables-save(8) and ip6tables-save(8).
  package init(ruleset: String, saved4: String = "", saved6: String = "") {
    chains =
      NftablesText.chains(of: ruleset)
      + IptablesText.chains(of: saved4, isV4: true) + IptablesText.chains(of: saved6, isV4: false)
  }

  /// What becomes of a new packet of protocol 112 at that hook.
  package func judgement(of packet: Packet, at hook: Hook, isV4: Bool) -> Judgement {
    var worst = Judgement.accepted
    for chain in chains where chain.hook == hook && (isV4 ? chain.isV4 : chain.isV6) {
      switch Walk(chains: chains, packet: packet).end(of: chain) {
      case .accept, .none: continue
      case .drop(let what): return .dropped(by: what)
      case .unknown: worst = .unknown
      }
    }
    return worst
  }

  /// One packet's way through the chains.
  private struct Walk {
    enum End { case accept, drop(String), unknown, none }

    var chains: [Chain]
    var packet: Packet

    func end(of chain: Chain, depth: Int = 0) -> End {
      guard depth < 16 else { return .unknown }
      for rule in chain.rules {
        switch matches(rule) {
        case false?: continue
        case nil:
          if rule.verdict == .none { continue }
          return .unknown
        case true?:
          switch rule.verdict {
          case .accept: return .accept
          case .drop: return .drop("`\(rule.text)`")
          case .leave: return .none
          case .none: continue
          case .call(let name):
            guard
              let called = chains.first(where: {
                $0.name == name && $0.hook == nil && $0.isV4 == chain.isV4
              })
            else { return .unknown }
            switch end(of: called, depth: depth + 1) {
            case .none: continue
            case let end: return end
            }
          }
        }
      }
      guard chain.hook != nil else { return .none }
      return chain.dropsByPolicy ? .drop("the policy of chain \(chain.name)") : .accept
    }

    /// nil: not to be said.
    private func matches(_ rule: Rule) -> Bool? {
      var isSure = true
      for condition in rule.conditions {
        switch holds(condition) {
        case false?: return false
        case nil: isSure = false
        case true?: continue
        }
      }
      return isSure ? true : nil
    }

    private func holds(_ condition: Condition) -> Bool? {
      switch condition {
      case .neverAdvertisement: false
      case .notUnderstood: nil
      case .protocol(let names):
        names.contains { ["112", "vrrp", "all", "0"].contains($0) }
      case .source(let nets): within(nets, packet.source)
      case .destination(let nets): within(nets, packet.destination)
      case .comesFrom(let names), .leavesBy(let names): named(names)
      case .isNegated(let values, let what):
        switch what {
        case "source": within(values, packet.source).map { !$0 }
        case "destination": within(values, packet.destination).map { !$0 }
        case "protocol": !values.contains { ["112", "vrrp"].contains($0) }
        default: named(values).map { !$0 }
        }
      }
    }

    private func named(_ names: [String]) -> Bool? {
      guard let interface = packet.interface else {
        return names.allSatisfy { $0 == "lo" } ? false : nil
      }
      return names.contains { name in
        name.hasSuffix("*") || name.hasSuffix("+")
          ? interface.hasPrefix(name.dropLast()) : name == interface
      }
    }

    private func within(_ nets: [String], _ address: IPAddress?) -> Bool? {
      guard let address else { return nil }
      var isSure = true
      for net in nets {
        let parts = net.split(separator: "/")
        guard let first = parts.first, let base = IPAddress(first) else {
          isSure = false
          continue
        }
        let whole = base.isV4 ? 32 : 128
        guard let length = parts.count > 1 ? Int(parts[1]) : whole else {
          isSure = false
          continue
        }
        if address.shares(prefix: length, with: base) { return true }
      }
      return isSure ? false : nil
    }
  }
}
