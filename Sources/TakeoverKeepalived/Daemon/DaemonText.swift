// The text that keepalived writes of its instances where JSON is not built in: keepalived.data has the
// states (vrrp/vrrp_data.c), keepalived.stats the counters (vrrp/vrrp_print.c).

internal import TakeoverModel

enum DaemonText {
  /// nil: it is not what keepalived writes, or not all of it.
  static func instances(
    data: some Sequence<Substring>, stats: some Sequence<Substring>
  ) -> [DaemonView.Instance]? {
    guard var instances = topology(data) else { return nil }
    let counters = counters(stats)
    for index in instances.indices { instances[index].counters = counters[instances[index].name] }
    return instances
  }

  // MARK: keepalived.data

  /// One ` VRRP Instance = NAME`, with everything below it by its key; `   Virtual IP (2):` is followed
  /// by one address a line, further in.
  private struct Section {
    var name: String
    var values: [String: String] = [:]
    var addresses: [IPAddress] = []
    /// How far in the list is that these lines belong to; nil: none.
    var list: (indentation: Int, isOfAddresses: Bool)?

    mutating func take(_ line: Substring) {
      let indentation = line.prefix { $0 == " " }.count
      let text = line.dropFirst(indentation)
      if let list, indentation > list.indentation {
        if list.isOfAddresses, let address = IPAddress(written: text) { addresses.append(address) }
        return
      }
      list = nil
      if let equals = text.firstRange(of: " = ") {
        let key = String(text[..<equals.lowerBound])
        values[key] = values[key] ?? String(text[equals.upperBound...])
      } else if text.hasSuffix(":") {
        list = (indentation, text.hasPrefix("Virtual IP"))
      }
    }

    var instance: DaemonView.Instance? {
      guard let vrid = values["Virtual Router ID"].flatMap({ Int($0) }),
        let state = values["State"]
      else { return nil }
      return DaemonView.Instance(
        name: name, interface: values["Interface"] ?? "", vrid: vrid,
        state: DaemonView.Instance.State(rawValue: state),
        priority: values["Priority"].flatMap { Int($0) },
        effectivePriority: values["Effective priority"].flatMap { Int($0) },
        addresses: addresses)
    }
  }

  private static func topology(_ lines: some Sequence<Substring>) -> [DaemonView.Instance]? {
    var sections: [Section] = []
    var (isInside, isWhole) = (false, false)
    for line in lines {
      if line.hasPrefix("------<") {
        // Whatever follows shows that this was written to its end.
        if isInside { isWhole = true }
        isInside = line.contains("VRRP Topology")
      } else if isInside, line.hasPrefix(" VRRP Instance = ") {
        sections.append(Section(name: String(line.dropFirst(" VRRP Instance = ".count))))
      } else if isInside, !sections.isEmpty {
        sections[sections.count - 1].take(line)
      }
    }
    let instances = sections.compactMap(\.instance)
    return isWhole && instances.count == sections.count ? instances : nil
  }

  // MARK: keepalived.stats

  private static let refusals: [(String, DaemonView.Refusal)] = [
    ("Packet Errors/Length", .length), ("Packet Errors/TTL", .ttl),
    ("Packet Errors/Invalid Type", .type), ("Packet Errors/Advertisement Interval", .interval),
    ("Packet Errors/Address List", .addresses),
    ("Authentication Errors/Invalid Type", .authenticationType),
    ("Authentication Errors/Type Mismatch", .authenticationMismatch),
    ("Authentication Errors/Failure", .authenticationFailure),
  ]

  /// By the instances' names; each counter by its heading, `Packet Errors/Length`.
  private static func counters(
    _ lines: some Sequence<Substring>
  ) -> [String: DaemonView.Counters] {
    var found: [String: [String: Int]] = [:]
    var (name, heading) = ("", "")
    for line in lines {
      if line.hasPrefix("VRRP Instance: ") {
        name = String(line.dropFirst("VRRP Instance: ".count))
        continue
      }
      guard let colon = line.lastIndex(of: ":") else { continue }
      let indentation = line.prefix { $0 == " " }.count
      let key = line[..<colon].dropFirst(indentation)
      let rest = line[colon...].dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        heading = String(key)
      } else if let number = Int(rest) {
        found[name, default: [:]][indentation > 2 ? "\(heading)/\(key)" : String(key)] = number
      }
    }
    return found.compactMapValues { values in
      guard let received = values["Advertisements/Received"],
        let sent = values["Advertisements/Sent"], let became = values["Became master"],
        let released = values["Released master"],
        // The last line: what is cut before it has cut numbers, too.
        values["Priority Zero/Sent"] != nil
      else { return nil }
      var counters = DaemonView.Counters(
        received: received, sent: sent, becameMaster: became, releasedMaster: released)
      for (key, reason) in refusals { counters.refused[reason] = values[key] }
      return counters
    }
  }
}
