// From the text of a site file to a checked site, or to everything that is wrong with it.

package import TakeoverModel

package struct SiteReader: Sendable {
  package init() {}

  /// `path` is the name in messages. There is a site exactly when no diagnostic is an error.
  package func read(text: String, path: String) -> (Site?, [Diagnostic]) {
    var reader = ShapeReader(diagnostics: Diagnostics(SourceText(text, path: path)))
    let source = reader.diagnostics.source
    guard let root = YAMLDocument.root(source, &reader.diagnostics),
      let checked = reader.read(root, as: SiteShape.shape)
    else { return (nil, reader.diagnostics.sorted) }
    crossCheck(checked, &reader.diagnostics)
    let site = reader.diagnostics.hasErrors ? nil : site(checked)
    return (site, reader.diagnostics.sorted)
  }

  private func site(_ checked: Checked) -> Site? {
    guard let name = checked["site"]?.text,
      let environment = checked["environment"]?.text.flatMap(Site.Environment.init)
    else { return nil }
    let nodeNames = checked["nodes"]?.named?.map(\.name) ?? []
    return Site(
      name: name, environment: environment,
      nodes: checked["nodes"]?.named?.compactMap(node) ?? [],
      machines: checked["machines"]?.named?.compactMap(machine) ?? [],
      addresses: checked["addresses"]?.list?.compactMap(\.network) ?? [],
      vrid: checked["vrid"]?.count,
      captures: checked["capture"]?.list?.compactMap { capture($0, nodes: nodeNames) } ?? [],
      vantages: Self.vantages(checked).compactMap(vantage), probing: probing(checked["probes"]),
      windows: checked["windows"]?.list?.compactMap { $0.text.flatMap { TimeWindow($0) } } ?? [],
      timezone: checked["timezone"]?.text ?? "UTC")
  }

  private func node(_ named: Checked.Named) -> Node? {
    let checked = named.value
    guard let reach = reach(checked), let interface = checked["interface"]?.text else { return nil }
    var services = ["keepalived": ServiceControl.unit("keepalived")]
    if let given = checked["services"]?.named {
      services = [:]
      for entry in given { services[entry.name] = service(entry.value) }
    }
    return Node(
      name: named.name, reach: reach, interface: interface,
      addresses: Self.addresses(checked).compactMap(\.address), services: services,
      priority: checked["priority"]?.count, otherWay: checked["other-way"].flatMap(self.reach),
      reboot: command(checked["reboot"]), outside: checked["outside"].map(outside))
  }

  private func outside(_ checked: Checked) -> Outside {
    var acts: [Outside.Act: Outside.Commands] = [:]
    for act in Outside.Act.allCases {
      guard let given = checked[act.rawValue], let blow = command(given["break"]),
        let mend = command(given["mend"]), let isBroken = command(given["broken"])
      else { continue }
      acts[act] = Outside.Commands(break: blow, mend: mend, isBroken: isBroken)
    }
    return Outside(at: checked["at"].flatMap(reach), acts: acts)
  }

  private func machine(_ named: Checked.Named) -> Machine? {
    let checked = named.value
    return reach(checked).map {
      Machine(
        name: named.name, reach: $0, interface: checked["interface"]?.text,
        addresses: Self.addresses(checked).compactMap(\.address))
    }
  }

  private func reach(_ checked: Checked) -> Reach? {
    guard let host = checked["host"]?.text else { return nil }
    return Reach(
      host: host, port: checked["port"]?.count ?? 22, user: checked["user"]?.text ?? "root",
      identity: checked["identity"]?.text, knownHosts: checked["known-hosts"]?.text,
      namespace: checked["namespace"]?.text, sudo: checked["sudo"]?.flag ?? false,
      client: checked["client"]?.text.flatMap(Reach.Client.init) ?? .automatic,
      config: checked["config"]?.text)
  }

  private func service(_ checked: Checked) -> ServiceControl? {
    if let unit = checked["unit"]?.text { return .unit(unit) }
    guard let start = command(checked["start"]), let stop = command(checked["stop"]),
      let active = command(checked["active"]), let main = command(checked["main-process"])
    else { return nil }
    return .commands(
      ServiceCommands(
        start: start, stop: stop, isActive: active, mainProcess: main,
        reload: command(checked["reload"])))
  }

  private func command(_ checked: Checked?) -> Command? { checked?.command }

  /// On a node of the pair the port is the node's own, where nothing else is said.
  private func capture(_ checked: Checked, nodes: [String]) -> CapturePoint? {
    guard let name = checked["name"]?.text, let interface = checked["interface"]?.text else {
      return nil
    }
    let through = checked["through"]?.text
    return CapturePoint(
      name: name, interface: interface, namespace: checked["namespace"]?.text,
      node: checked["node"]?.text ?? through.flatMap { nodes.contains($0) ? $0 : nil },
      through: through, vlan: checked["vlan"]?.count)
  }

  private func vantage(_ checked: Checked) -> VantagePoint? {
    guard let name = checked["name"]?.text, let interface = checked["interface"]?.text else {
      return nil
    }
    return VantagePoint(
      name: name, interface: interface, namespace: checked["namespace"]?.text,
      through: checked["through"]?.text)
  }

  private func probing(_ checked: Checked?) -> Probing {
    let standard = Probing()
    func period(_ name: String, _ otherwise: Duration?) -> Duration? {
      guard let given = checked?[name] else { return otherwise }
      return given.duration
    }
    return Probing(
      arp: period("arp", standard.arp), echo: period("echo", standard.echo),
      connect: period("connect", standard.connect),
      port: checked?["port"]?.count ?? standard.port)
  }

  private static func vantages(_ checked: Checked) -> [Checked] {
    guard let from = checked["probes"]?["from"] else { return [] }
    return from.list ?? [from]
  }

  private static func addresses(_ node: Checked) -> [Checked] {
    guard let given = node["address"] else { return [] }
    return given.list ?? [given]
  }

  private func crossCheck(_ checked: Checked, _ diagnostics: inout Diagnostics) {
    let nodes = checked["nodes"]?.named ?? []
    let names = nodes.map(\.name)
    var check = CrossCheck(diagnostics)
    let machines = checked["machines"]?.named ?? []
    check.rolesAreNoNames(nodes + machines)
    check.addressesDiffer(
      (nodes + machines).flatMap { Self.addresses($0.value) } + (checked["addresses"]?.list ?? []))
    check.namesDiffer(checked["capture"]?.list ?? [], noun: "capture")
    check.namesDiffer(Self.vantages(checked), noun: "vantage point")
    check.namesDiffer((nodes + machines).map { ($0.name, $0.span) }, noun: "machine")
    let captures = checked["capture"]?.list ?? []
    for node in captures.compactMap({ $0["node"] }) { check.isNode(node, among: names) }
    for place in (captures + Self.vantages(checked)).compactMap({ $0["through"] }) {
      check.isNode(place, among: names + machines.map(\.name))
    }
    for period in ["arp", "echo", "connect"].compactMap({ checked["probes"]?[$0] }) {
      check.isUsablePeriod(period)
    }
    diagnostics = check.diagnostics
  }
}
