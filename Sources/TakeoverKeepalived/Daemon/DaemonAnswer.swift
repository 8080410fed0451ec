// What a keepalived wrote of itself, read: any bytes are an answer, or a reason why there is none. The
// password, which is in them, goes nowhere.

package import TakeoverModel

package enum DaemonAnswer {
  /// Of what `DaemonQuestion.command` printed on this node.
  package static func view(of node: String, _ result: CommandResult) -> DaemonView {
    var view = DaemonView(node: node, daemon: DaemonQuestion.service)
    var lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var form = ""
    while let line = lines.popFirst() {
      let words = line.split(separator: " ")
      switch words.first {
      case "version": view.daemon = daemon(line)
      case "processes": view.processes = words.dropFirst().compactMap { Int($0) }
      case "==": form = words.dropFirst().joined(separator: " ")
      default: break
      }
      if !form.isEmpty { break }
    }
    guard result.succeeded, !result.truncated else {
      view.trouble = trouble(result)
      return view
    }
    let instances: [DaemonView.Instance]?
    switch form {
    case "json":
      view.means = "JSON"
      instances = DaemonJSON.instances(lines.joined(separator: "\n"))
    case "data":
      view.means = "text"
      let stats = lines.firstIndex(of: "== stats") ?? lines.endIndex
      instances = DaemonText.instances(data: lines[..<stats], stats: lines[stats...].dropFirst())
    default: instances = nil
    }
    if let instances {
      view.instances = instances
    } else {
      view.trouble = "what it wrote cannot be read"
    }
    return view
  }

  /// `keepalived 2.2.7`, of `version Keepalived v2.2.7 (01/16,2022)`.
  private static func daemon(_ line: Substring) -> String {
    let version = line.split(separator: " ").first { word in
      word.first == "v" && word.dropFirst().first?.isNumber == true
        && word.dropFirst().allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
    }
    return version.map { "\(DaemonQuestion.service) \($0.dropFirst())" } ?? DaemonQuestion.service
  }

  private static func trouble(_ result: CommandResult) -> String {
    if result.truncated { return "it says more than is read of one answer" }
    let said = result.errorText.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return said.isEmpty ? "it cannot be asked: exit \(result.status)" : said
  }
}

extension IPAddress {
  /// Of `10.9.0.100/24 dev eth0 scope global set`, as keepalived writes a virtual address.
  init?(written line: some StringProtocol) {
    guard let word = line.split(separator: " ").first?.split(separator: "/").first else {
      return nil
    }
    self.init(word)
  }
}
