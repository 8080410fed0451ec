// From the text of a lab file to a checked lab, or to everything that is wrong with it.

package import TakeoverModel

package struct LabReader: Sendable {
  package init() {}

  /// `path` is the name in messages. There is a lab exactly when no diagnostic is an error.
  /// `variant`: what is changed of it first.
  package func read(
    text: String, path: String, changedBy variant: LabVariant? = nil
  ) -> (LabDescription?, [Diagnostic]) {
    var reader = ShapeReader(diagnostics: Diagnostics(SourceText(text, path: path)))
    let source = reader.diagnostics.source
    guard let root = YAMLDocument.root(source, &reader.diagnostics),
      let checked = reader.read(
        LabMatrix.changed(root, by: variant?.settings ?? []), as: LabShape.shape)
    else { return (nil, reader.diagnostics.sorted) }
    crossCheck(checked, &reader.diagnostics)
    let lab = reader.diagnostics.hasErrors ? nil : lab(checked)
    return (lab, reader.diagnostics.sorted)
  }

  private func lab(_ checked: Checked) -> LabDescription? {
    guard let name = checked["lab"]?.text else { return nil }
    return LabDescription(
      name: name, nodes: checked["nodes"]?.named?.compactMap(node) ?? [],
      clients: checked["clients"]?.named?.compactMap { machine($0.name, $0.value) } ?? [],
      addresses: checked["addresses"]?.list?.compactMap(\.network) ?? [],
      keepalived: keepalived(checked["keepalived"]),
      servicePort: checked["service-port"]?.count ?? 80,
      machines: checked["machines"]?.named?.compactMap(node) ?? [],
      mayBind: checked["may-bind"]?.list?.compactMap(\.text))
  }

  private func node(_ named: Checked.Named) -> LabNode? {
    let checked = named.value
    guard let machine = machine(named.name, checked["address"]) else { return nil }
    // A machine beside the pair has none.
    let priority = checked["priority"]?.count ?? 1
    let image = checked["image"]?.text ?? LabShape.suites[0]
    return LabNode(
      machine: machine, priority: priority, image: image == "host" ? .host : .suite(image),
      firstProcess: checked["init"]?.text.flatMap(LabNode.Init.init) ?? .systemd,
      management: checked["management"]?.text.flatMap(LabNode.Management.init) ?? .separate)
  }

  private func machine(_ name: String, _ checked: Checked?) -> LabMachine? {
    checked?.network.map { LabMachine(name: name, address: $0.address, prefix: $0.prefix) }
  }

  private func keepalived(_ checked: Checked?) -> LabKeepalived {
    let standard = LabKeepalived()
    let version = checked?["version"]?.count ?? standard.version
    let password =
      checked?["password"].map { $0.text ?? "" } ?? (version == 2 ? standard.password ?? "" : "")
    return LabKeepalived(
      version: version, vrid: checked?["vrid"]?.count ?? standard.vrid,
      interval: checked?["interval"]?.duration ?? standard.interval,
      mode: checked?["mode"]?.text.flatMap(LabKeepalived.Mode.init) ?? standard.mode,
      preempt: checked?["preempt"]?.flag ?? standard.preempt,
      preemptDelay: checked?["preempt-delay"]?.duration,
      password: password.isEmpty ? nil : password,
      garpMasterDelay: checked?["garp-master-delay"]?.duration ?? standard.garpMasterDelay,
      garpMasterRefresh: checked?["garp-master-refresh"]?.duration ?? standard.garpMasterRefresh,
      garpMasterRepeat: checked?["garp-master-repeat"]?.count ?? standard.garpMasterRepeat,
      check: checked?["check"].map(check),
      instances: checked?["instances"]?.text.flatMap(LabKeepalived.Instances.init)
        ?? standard.instances,
      realTimePriority: checked?["real-time-priority"]?.count)
  }

  private func check(_ checked: Checked) -> LabCheck {
    let standard = LabCheck()
    return LabCheck(
      interval: checked["interval"]?.duration ?? standard.interval,
      timeout: checked["timeout"]?.duration ?? standard.timeout,
      fall: checked["fall"]?.count ?? standard.fall,
      rise: checked["rise"]?.count ?? standard.rise,
      weight: checked["weight"]?.count ?? standard.weight)
  }

  private func crossCheck(_ checked: Checked, _ diagnostics: inout Diagnostics) {
    let nodes = checked["nodes"]?.named ?? []
    let machines = checked["machines"]?.named ?? []
    let clients = checked["clients"]?.named ?? []
    var check = CrossCheck(diagnostics)
    check.rolesAreNoNames(nodes + machines)
    check.namesDiffer(
      (nodes + machines + clients).map { ($0.name, $0.span) }, noun: "machine")
    check.addressesDiffer(
      (nodes + machines).compactMap { $0.value["address"] } + clients.map(\.value)
        + (checked["addresses"]?.list ?? []))
    for name in checked["may-bind"]?.list ?? [] { check.isNode(name, among: nodes.map(\.name)) }
    diagnostics = check.diagnostics
    guard let keepalived = checked["keepalived"] else { return }
    checkKeepalived(keepalived, &diagnostics)
    let last = self.keepalived(keepalived).lastVRID(of: checked["addresses"]?.list?.count ?? 0)
    if last > 255, let part = keepalived["vrid"] {
      diagnostics.report(
        .keepalivedRefuses, at: part.span,
        "the last of the addresses would have vrid \(last); 255 is the highest")
    }
  }

  /// RFC 3768 (version 2) and RFC 9568 (version 3); keepalived would round, or refuse.
  private func checkKeepalived(_ checked: Checked, _ diagnostics: inout Diagnostics) {
    let version = checked["version"]?.count ?? LabKeepalived().version
    func refuse(_ part: Checked?, _ message: String, _ suggestion: String = "") {
      guard let part else { return }
      diagnostics.report(.keepalivedRefuses, at: part.span, message, suggestion: suggestion)
    }
    if let interval = checked["interval"], let length = interval.duration,
      !VRRPTimers.canSay(length, version: version)
    {
      if version == 2 {
        refuse(interval, "VRRPv2 counts its interval in whole seconds, 1s to 255s", "or version: 3")
      } else {
        refuse(interval, "VRRPv3 counts its interval in steps of 10ms, from 10ms to 40950ms")
      }
    }
    if version == 3, let password = checked["password"]?.text, !password.isEmpty {
      refuse(checked["password"], "VRRPv3 has no password", "remove it, or version: 2")
    }
    if let password = checked["password"]?.text,
      !password.utf8.allSatisfy({ 33...126 ~= $0 && !"\"#!'{}\\".utf8.contains($0) })
    {
      refuse(checked["password"], "the password holds a character that keepalived.conf cannot")
    }
    if checked["preempt-delay"] != nil, checked["preempt"]?.flag != true {
      refuse(checked["preempt-delay"], "preempt-delay means nothing without preempt: true")
    }
    for name in ["preempt-delay", "garp-master-delay", "garp-master-refresh"] {
      guard let part = checked[name], let length = part.duration?.nanoseconds else { continue }
      if length % 1_000_000_000 != 0 || length > 1_000 * 1_000_000_000 {
        refuse(part, "keepalived counts \(name) in whole seconds, up to 1000s")
      }
    }
    for name in ["interval", "timeout"] {
      guard let part = checked["check"]?[name], let length = part.duration?.nanoseconds else {
        continue
      }
      if length % 1_000_000_000 != 0 || !(1_000_000_000...1_000_000_000_000).contains(length) {
        refuse(part, "keepalived counts a check's \(name) in whole seconds, 1s to 1000s")
      }
    }
  }
}
