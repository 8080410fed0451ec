// What the node's answers to NodeQuestions mean. Pure: text in, values out, and whatever a node says,
// nothing traps.

internal import TakeoverModel

package enum NodeAnswers {
  /// Files by their paths; nil: there, but not to be read.
  package static func files(_ text: String) -> [(path: String, bytes: [UInt8]?)] {
    var files: [(path: String, bytes: [UInt8]?)] = []
    var path: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("file ") {
        path = bytes(line.dropFirst(5)).map { String(decoding: $0, as: UTF8.self) }
      } else if let known = path {
        files.append((known, line == "-" ? nil : bytes(line)))
        path = nil
      }
    }
    return files
  }

  /// Of hexadecimal digits; nil: something else.
  private static func bytes(_ hex: Substring) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// The file that the running daemon was told to read (keepalived(8), -f); nil: none, or none runs.
  package static func configurationFile(_ text: String) -> String? {
    for line in sections(text)["processes"] ?? [] {
      let words = line.split(separator: " ").map(String.init)
      for (index, word) in words.enumerated() {
        if ["-f", "--use-file"].contains(word), index + 1 < words.count { return words[index + 1] }
        if word.hasPrefix("--use-file=") { return String(word.dropFirst(11)) }
        if word.hasPrefix("-f/") { return String(word.dropFirst(2)) }
      }
    }
    return nil
  }

  package static func facts(_ text: String) -> NodeFacts {
    let parts = sections(text)
    var facts = NodeFacts()
    facts.version = parts["version"]?.first.flatMap(version)
    if let processes = parts["processes"] {
      facts.isRunning = !processes.isEmpty
      // sched(7): 1 is SCHED_FIFO, 2 is SCHED_RR.
      let policies = processes.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
      facts.isRealTime = policies.isEmpty ? nil : policies.contains { $0 == 1 || $0 == 2 }
    }
    // capabilities(7): CAP_SYS_RESOURCE is 24; no unit has what the first process may not give.
    facts.raisesLimits = parts["capabilities"]?.first.flatMap { UInt64($0, radix: 16) }
      .map { $0 >> 24 & 1 == 1 }
    facts.interfaces = interfaces(parts["links"] ?? [], parts["addresses"] ?? [])
    if let values = parts["nonlocal"], let v4 = values.first {
      facts.bindsNonlocal = (v4 == "1", values.dropFirst().first == "1")
    }
    facts.hasScriptUser = parts["users"]?.first.map { $0 == "yes" }
    facts.listeners = parts["listeners"].map { $0.compactMap(listener) }
    if let rules = parts["nftables"], rules.first == "read" {
      facts.firewall = Firewall(
        ruleset: rules.dropFirst().joined(separator: "\n"),
        saved4: (parts["iptables"] ?? []).joined(separator: "\n"),
        saved6: (parts["ip6tables"] ?? []).joined(separator: "\n"))
    } else if let saved = parts["iptables"], !saved.isEmpty {
      facts.firewall = Firewall(
        ruleset: "", saved4: saved.joined(separator: "\n"),
        saved6: (parts["ip6tables"] ?? []).joined(separator: "\n"))
    }
    return facts
  }

  /// What `NodeQuestions.programs` says of these paths.
  package static func programs(_ text: String, at paths: [String]) -> [String: NodeFacts.File] {
    var files = Dictionary(
      paths.map { ($0, NodeFacts.File(mode: nil)) }, uniquingKeysWith: { one, _ in one })
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 4).map(String.init)
      guard words.count >= 3, let number = Int(words[1]), paths.indices.contains(number) else {
        continue
      }
      let path = paths[number]
      if words[0] == "file", words.count == 5, let mode = Int(words[2], radix: 8) {
        files[path]?.mode = mode
        files[path]?.owner = words[3]
        files[path]?.isRegular = words[4].hasPrefix("regular")
      } else if words[0] == "open" {
        files[path]?.writableByOthers.append(words.dropFirst(2).joined(separator: " "))
      }
    }
    return files
  }

  /// A section that was never begun is not there; one that said nothing is empty.
  private static func sections(_ text: String) -> [String: [String]] {
    var parts: [String: [String]] = [:]
    var name: String?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("== ") {
        name = String(line.dropFirst(3))
        if let name { parts[name] = [] }
      } else if let name {
        parts[name]?.append(String(line))
      }
    }
    return parts
  }

  /// `Keepalived v2.2.7 (01/16,2022)`
  private static func version(_ line: String) -> String? {
    let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
    return digits.isEmpty ? nil : String(digits.prefix(20))
  }

  /// Of ip(8) with -o; nil: it did not say anything.
  private static func interfaces(_ links: [String], _ addresses: [String]) -> [NodeFacts.Interface]?
  {
    guard !links.isEmpty else { return nil }
    var interfaces: [NodeFacts.Interface] = links.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count > 2, words[1].hasSuffix(":") else { return nil }
      // `eth0@if12:` of a veth is called eth0.
      let name = words[1].dropLast().split(separator: "@").first.map(String.init) ?? ""
      let flags = words[2].dropFirst().dropLast().split(separator: ",")
      return NodeFacts.Interface(name, isUp: flags.contains("UP") && flags.contains("LOWER_UP"))
    }
    for line in addresses {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 3, let at = words.firstIndex(where: { $0 == "inet" || $0 == "inet6" }),
        at + 1 < words.count
      else { continue }
      let parts = words[at + 1].split(separator: "/")
      guard let first = parts.first, let address = IPAddress(first),
        let index = interfaces.firstIndex(where: { $0.name == words[1] })
      else { continue }
      let prefix = parts.count > 1 ? Int(parts[1]) : nil
      interfaces[index].addresses.append(
        NodeFacts.Address(address, prefix: prefix ?? (address.isV4 ? 32 : 128)))
    }
    return interfaces
  }

  /// Of ss(8) with -Hltnp: `LISTEN 0 4096 172.17.16.3:80 0.0.0.0:* users:(("haproxy",pid=1,fd=5))`.
  private static func listener(_ line: String) -> NodeFacts.Listener? {
    let words = line.split(separator: " ").map(String.init)
    guard words.count > 3, let colon = words[3].lastIndex(of: ":"),
      let port = Int(words[3][words[3].index(after: colon)...])
    else { return nil }
    let text = words[3][..<colon].filter { $0 != "[" && $0 != "]" }
    let bare = text.split(separator: "%").first.map(String.init) ?? ""
    let address = IPAddress(bare).flatMap { address in
      address.bytes.allSatisfy { $0 == 0 } ? nil : address
    }
    let process = line.split(separator: "\"").dropFirst().first.map(String.init) ?? "a service"
    return NodeFacts.Listener(address, port: port, process: process)
  }
}
