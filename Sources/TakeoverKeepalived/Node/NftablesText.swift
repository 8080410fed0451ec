// Reads `nft list ruleset` (nft(8)): tables, chains, and of each rule what matters to advertisements.

enum NftablesText {
  static func chains(of text: String) -> [Firewall.Chain] {
    var chains: [Firewall.Chain] = []
    var family = ""
    var table = ""
    var chain: Firewall.Chain?
    var skipped = 0
    for line in text.split(whereSeparator: \.isNewline) {
      let words = self.words(of: line)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      if skipped > 0 {
        skipped += words.filter { $0 == "{" }.count - words.filter { $0 == "}" }.count
        continue
      }
      switch first {
      case "table" where words.count >= 3: (family, table) = (words[1], words[2])
      case "chain" where words.count >= 2:
        chain = Firewall.Chain(
          name: words[1], isV4: ["ip", "inet"].contains(family),
          isV6: ["ip6", "inet"].contains(family), hook: nil, dropsByPolicy: false, rules: [])
      case "set", "map", "flowtable", "ct", "counter", "quota":
        if chain == nil, words.last == "{" { skipped = 1 } else { append(words, to: &chain) }
      case "type" where chain != nil && words.contains("hook"): base(words, &chain)
      case "}" where chain != nil:
        // keepalived's own table judges addresses, not advertisements.
        if let chain, !table.hasPrefix("keepalived") { chains.append(chain) }
        chain = nil
      default: append(words, to: &chain)
      }
    }
    return chains
  }

  /// `type filter hook input priority filter; policy drop;`
  private static func base(_ words: [String], _ chain: inout Firewall.Chain?) {
    guard words.dropFirst().first == "filter" else { return }
    if let at = words.firstIndex(of: "hook"), at + 1 < words.count {
      chain?.hook = Firewall.Hook(rawValue: words[at + 1])
    }
    if let at = words.firstIndex(of: "policy"), at + 1 < words.count {
      chain?.dropsByPolicy = words[at + 1] == "drop"
    }
  }

  private static func append(_ words: [String], to chain: inout Firewall.Chain?) {
    guard chain != nil else { return }
    chain?.rules.append(rule(words))
  }

  private static func rule(_ words: [String]) -> Firewall.Rule {
    var rule = Firewall.Rule(text: words.joined(separator: " "), conditions: [], verdict: .none)
    var index = 0
    func values() -> (values: [String], isNegated: Bool) {
      var isNegated = false
      if index < words.count, words[index] == "!=" {
        isNegated = true
        index += 1
      }
      guard index < words.count else { return ([], isNegated) }
      guard words[index] == "{" else {
        index += 1
        return (words[index - 1].split(separator: ",").map(String.init), isNegated)
      }
      var list: [String] = []
      index += 1
      while index < words.count, words[index] != "}" {
        list.append(words[index].filter { $0 != "," })
        index += 1
      }
      index += 1
      return (list.filter { !$0.isEmpty }, isNegated)
    }
    func add(_ what: String, _ condition: ([String]) -> Firewall.Condition) {
      let (list, isNegated) = values()
      rule.conditions.append(isNegated ? .isNegated(list, of: what) : condition(list))
    }
    while index < words.count {
      let word = words[index]
      let next = index + 1 < words.count ? words[index + 1] : ""
      index += 1
      switch word {
      case "ip" where next == "saddr", "ip6" where next == "saddr":
        index += 1
        add("source") { .source($0) }
      case "ip" where next == "daddr", "ip6" where next == "daddr":
        index += 1
        add("destination") { .destination($0) }
      case "ip" where next == "protocol", "ip6" where next == "nexthdr",
        "meta" where next == "l4proto":
        index += 1
        add("protocol") { .protocol($0) }
      case "iifname", "iif": add("interface") { .comesFrom($0) }
      case "oifname", "oif": add("interface") { .leavesBy($0) }
      case "meta" where next == "iifname" || next == "iif":
        index += 1
        add("interface") { .comesFrom($0) }
      case "tcp", "udp", "icmp", "icmpv6", "sctp", "dccp", "ah", "esp", "igmp":
        index += 1
        _ = values()
        rule.conditions.append(.neverAdvertisement)
      case "ct" where next == "state":
        index += 1
        let (states, isNegated) = values()
        // A node that hears its peer for the first time: the packet is new.
        if states.contains("new") == isNegated { rule.conditions.append(.neverAdvertisement) }
      case "counter":
        if next == "packets" { index += 4 }
      case "comment": index += 1
      case "log":
        while index + 1 < words.count, ["prefix", "level", "group", "flags"].contains(words[index])
        { index += 2 }
      case "limit", "meter", "fib", "xt", "meta", "@", "numgen", "vmap", "socket", "rt", "ether":
        rule.conditions.append(.notUnderstood)
        index = max(
          index,
          words.lastIndex { ["accept", "drop", "reject", "return"].contains($0) } ?? words.count)
      case "accept": rule.verdict = .accept
      case "drop", "reject":
        rule.verdict = .drop
        index = words.count
      case "return": rule.verdict = .leave
      case "jump", "goto":
        rule.verdict = .call(next)
        index += 1
      default: rule.conditions.append(.notUnderstood)
      }
    }
    return rule
  }

  /// A line's words, without quotes; braces, and what ends at `;`, stand alone.
  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case _ where isQuoted: word.append(character)
      case " ", "\t", ";": end()
      case "{", "}":
        end()
        words.append(String(character))
      default: word.append(character)
      }
    }
    end()
    return words
  }
}
