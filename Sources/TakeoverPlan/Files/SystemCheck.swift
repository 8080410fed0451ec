// What a node of one system has that one of another has not: said at its place, with the way out.

internal import TakeoverModel

extension CrossCheck {
  mutating func fits(_ node: Checked, _ system: NodeSystem) {
    for service in node["services"]?.named ?? [] {
      isService(service, of: system)
    }
    guard system == .windows else { return }
    for way in [node, node["other-way"]].compactMap({ $0 }) {
      if let sudo = way["sudo"], sudo.flag == true {
        diagnostics.report(
          .unknownKey, at: sudo.span, "there is no sudo on a Windows node",
          suggestion: "let an administrator log in: user: Administrator")
      }
      if way["user"] == nil {
        diagnostics.report(
          .missingKey, at: way.span, "a Windows node needs user: nobody is called root there",
          suggestion: "user: Administrator, or another of its administrators")
      }
    }
    if let reboot = node["reboot"], reboot.list != nil {
      diagnostics.report(
        .wrongForm, at: reboot.span, "a Windows node's shell takes no list of words",
        suggestion: "write it as a line of text: Restart-Computer -Force")
    }
  }

  private mutating func isService(_ service: Checked.Named, of system: NodeSystem) {
    let isWindows = service.value["service"] != nil
    switch system {
    case .posix where isWindows:
      diagnostics.report(
        .unknownKey, at: service.span, "a posix node has no service of Windows",
        suggestion: "name its unit: {unit: …}; or add system: windows to the node")
    case .windows where !isWindows:
      diagnostics.report(
        .unknownKey, at: service.span, "a Windows node has neither units nor lines for sh",
        suggestion: "name the service as Get-Service knows it: {service: ClusSvc}")
    default: break
    }
  }

  /// A Windows node has no tcpdump.
  mutating func canCapture(_ place: Checked, besides windows: [String]) {
    guard let name = place.text, windows.contains(name) else { return }
    diagnostics.report(
      .unknownNode, at: place.span, "nothing is captured on \(name), a Windows node",
      suggestion: "capture here, or through a machine with tcpdump")
  }
}
