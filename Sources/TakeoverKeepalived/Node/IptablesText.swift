// Reads iptables-save(8): the filter table's chains, and of each rule what matters to advertisements.

enum IptablesText {
  static func chains(of text: String, isV4: Bool) -> [Firewall.Chain] {
    var chains: [Firewall.Chain] = []
    var isFilter = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("*") { isFilter = line == "*filter" }
      guard isFilter else { continue }
      if line.hasPrefix(":") {
        let words = line.dropFirst().split(separator: " ")
        guard words.count >= 2 else { continue }
        let hook: Firewall.Hook? =
          words[0] == "INPUT" ? .input : words[0] == "OUTPUT" ? .output : nil
        // FORWARD is nobody's way here, and called by nobody either.
        chains.append(
          Firewall.Chain(
            name: String(words[0]), isV4: isV4, isV6: !isV4, hook: hook,
            dropsByPolicy: words[1] == "DROP", rules: []))
      } else if line.hasPrefix("-A ") {
        let words = line.dropFirst(3).split(separator: " ").map(String.init)
        guard let name = words.first, let index = chains.firstIndex(where: { $0.name == name })
        else {
          continue
        }
        chains[index].rules.append(rule(Array(words.dropFirst()), text: String(line)))
      }
    }
    return chains
  }

  private static func rule(_ words: [String], text: String) -> Firewall.Rule {
    var rule = Firewall.Rule(text: text, conditions: [], verdict: .none)
    var isNegated = false
    var index = 0
    func add(_ what: String, _ value: String, _ condition: Firewall.Condition) {
      let list = value.split(separator: ",").map(String.init)
      rule.conditions.append(isNegated ? .isNegated(list, of: what) : condition)
      isNegated = false
    }
    while index < words.count {
      let word = words[index]
      let value = index + 1 < words.count ? words[index + 1] : ""
      let list = value.split(separator: ",").map(String.init)
      index += 2
      switch word {
      case "!":
        isNegated = true
        index -= 1
      case "-s", "--source": add("source", value, .source(list))
      case "-d", "--destination": add("destination", value, .destination(list))
      case "-i", "--in-interface": add("interface", value, .comesFrom(list))
      case "-o", "--out-interface": add("interface", value, .leavesBy(list))
      case "-p", "--protocol": add("protocol", value, .protocol(list))
      case "-m", "--match":
        if !["conntrack", "state", "comment", "tcp", "udp", "icmp", "vrrp", "multiport"].contains(
          value)
        {
          rule.conditions.append(.notUnderstood)
        }
      case "--ctstate", "--state":
        if list.contains("NEW") == isNegated { rule.conditions.append(.neverAdvertisement) }
        isNegated = false
      case "--dport", "--sport", "--dports", "--sports", "--icmp-type", "--icmpv6-type":
        rule.conditions.append(.neverAdvertisement)
        isNegated = false
      case "--comment":
        // Quoted: its words end with the one that ends with the quote.
        if value.hasPrefix("\""), !(value.count > 1 && value.hasSuffix("\"")) {
          while index < words.count, !words[index].hasSuffix("\"") { index += 1 }
          index += 1
        }
      case "-j", "--jump", "-g", "--goto":
        switch value {
        case "ACCEPT": rule.verdict = .accept
        case "DROP", "REJECT": rule.verdict = .drop
        case "RETURN": rule.verdict = .leave
        case "LOG", "NFLOG", "MARK", "CONNMARK", "TRACE", "NOTRACK", "TOS", "DSCP":
          rule.verdict = .none
        default: rule.verdict = .call(value)
        }
        if ["LOG", "NFLOG", "REJECT", "MARK", "DSCP", "TOS", "CONNMARK"].contains(value) {
          index = words.count
        }
      case "--match-set", "--src-type", "--dst-type", "--limit", "--mark", "--mac-source":
        rule.conditions.append(.notUnderstood)
        isNegated = false
      default:
        rule.conditions.append(.notUnderstood)
        // A word that is no option is the further value of one that is not known.
        if !word.hasPrefix("-") { index -= 1 }
      }
    }
    return rule
  }
}
