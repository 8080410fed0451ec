// A site as the YAML that SiteReader reads: reading it back gives an equal site.

package import TakeoverModel

package enum SiteWriter {
  package static func text(of site: Site) -> String {
    var lines = [
      "version: 1", "site: \(quoted(site.name))", "environment: \(site.environment.rawValue)",
      "nodes:",
    ]
    for node in site.nodes { lines += self.lines(of: node) }
    if !site.machines.isEmpty { lines.append("machines:") }
    for machine in site.machines {
      lines += ["  \(quoted(machine.name)):"] + self.lines(of: machine.reach)
      if let interface = machine.interface { lines.append("    interface: \(quoted(interface))") }
      if !machine.addresses.isEmpty { lines.append("    address: \(list(machine.addresses))") }
    }
    lines.append("addresses: [\(site.addresses.map(network).joined(separator: ", "))]")
    if let vrid = site.vrid { lines.append("vrid: \(vrid)") }
    lines.append(site.captures.isEmpty ? "capture: []" : "capture:")
    for capture in site.captures {
      lines.append(
        "  - "
          + place(
            capture.name, capture.interface, capture.namespace, node: capture.node,
            through: capture.through, vlan: capture.vlan))
    }
    lines += probes(site)
    if !site.windows.isEmpty {
      lines += ["windows:"] + site.windows.map { "  - \(quoted($0.description))" }
    }
    if site.timezone != "UTC" { lines.append("timezone: \(quoted(site.timezone))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(of node: Node) -> [String] {
    var lines = ["  \(quoted(node.name)):"] + self.lines(of: node.reach)
    lines += [
      "    interface: \(quoted(node.interface))", "    address: \(list(node.addresses))",
    ]
    if let priority = node.priority { lines.append("    priority: \(priority)") }
    if let other = node.otherWay {
      lines += ["    other-way:"] + self.lines(of: other).map { "  " + $0 }
    }
    if let reboot = node.reboot { lines.append("    reboot: \(command(reboot))") }
    if let outside = node.outside { lines += self.lines(of: outside) }
    lines.append(node.services.isEmpty ? "    services: {}" : "    services:")
    for (name, control) in node.services.sorted(by: { $0.key < $1.key }) {
      lines += service(name, control)
    }
    return lines
  }

  private static func list(_ addresses: [IPAddress]) -> String {
    "[\(addresses.map { "\"\($0)\"" }.joined(separator: ", "))]"
  }

  private static func lines(of outside: Outside) -> [String] {
    var lines = ["    outside:"]
    if let at = outside.at { lines += ["      at:"] + self.lines(of: at).map { "    " + $0 } }
    for act in Outside.Act.allCases {
      guard let commands = outside.acts[act] else { continue }
      lines += [
        "      \(act.rawValue):", "        break: \(command(commands.break))",
        "        mend: \(command(commands.mend))", "        broken: \(command(commands.isBroken))",
      ]
    }
    return lines
  }

  private static func lines(of reach: Reach) -> [String] {
    let optional = [
      ("identity", reach.identity), ("known-hosts", reach.knownHosts),
      ("namespace", reach.namespace), ("config", reach.config),
    ]
    return [
      "    host: \(quoted(reach.host))", "    port: \(reach.port)",
      "    user: \(quoted(reach.user))", "    sudo: \(reach.sudo)",
      "    client: \(reach.client.rawValue)",
    ] + optional.compactMap { key, value in value.map { "    \(key): \(quoted($0))" } }
  }

  private static func service(_ name: String, _ control: ServiceControl) -> [String] {
    switch control {
    case .unit(let unit): ["      \(quoted(name)): {unit: \(quoted(unit))}"]
    case .commands(let own):
      [
        "      \(quoted(name)):", "        start: \(command(own.start))",
        "        stop: \(command(own.stop))", "        active: \(command(own.isActive))",
        "        main-process: \(command(own.mainProcess))",
      ] + (own.reload.map { ["        reload: \(command($0))"] } ?? [])
    }
  }

  /// A script without parameters is text; anything else a list of words.
  private static func command(_ command: Command) -> String {
    if let script = command.asScript, script.parameters.isEmpty { return quoted(script.body) }
    return "[\(command.arguments.map(quoted).joined(separator: ", "))]"
  }

  private static func probes(_ site: Site) -> [String] {
    var lines = ["probes:", site.vantages.isEmpty ? "  from: []" : "  from:"]
    for vantage in site.vantages {
      lines.append(
        "    - "
          + place(
            vantage.name, vantage.interface, vantage.namespace, node: nil,
            through: vantage.through))
    }
    let probing = site.probing
    let periods = [("arp", probing.arp), ("echo", probing.echo), ("connect", probing.connect)]
    for (key, period) in periods {
      lines.append("  \(key): \(SiteShape.spelled(period))")
    }
    lines.append("  port: \(probing.port)")
    return lines
  }

  private static func place(
    _ name: String, _ interface: String, _ namespace: String?, node: String?,
    through: String? = nil, vlan: Int? = nil
  ) -> String {
    var fields = ["name: \(quoted(name))", "interface: \(quoted(interface))"]
    if let namespace { fields.append("namespace: \(quoted(namespace))") }
    if let node { fields.append("node: \(quoted(node))") }
    if let through { fields.append("through: \(quoted(through))") }
    if let vlan { fields.append("vlan: \(vlan)") }
    return "{\(fields.joined(separator: ", "))}"
  }

  private static func network(_ address: VirtualAddress) -> String {
    "\"\(address.address)/\(address.prefix)\""
  }

  /// A double-quoted scalar (YAML 1.1, 5.6): exact for any text.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case " "..."~": quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}
