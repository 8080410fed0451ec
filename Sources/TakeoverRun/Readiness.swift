// Whether every node could take the addresses over: a standby that is sent advertisements but does
// not run the daemon looks well from outside, and is none.

internal import TakeoverModel

struct Readiness: Sendable {
  let site: Site
  let transports: [String: any Transport]
  let limits: Limits
  /// The services that must be active wherever the site has them.
  let services: Set<String>

  /// The daemon that moves the addresses, and whatever the faults hit.
  static func services(for faults: [FaultUse]) -> Set<String> {
    Set(["keepalived"]).union(faults.compactMap { $0.arguments.text("service") })
  }

  /// What is not as it must be, in words; empty when every node is ready.
  func complaints() async -> [String] {
    await withTaskGroup(of: [String].self) { group in
      for node in site.nodes { group.addTask { await complaints(about: node) } }
      return await group.reduce(into: []) { $0 += $1 }.sorted()
    }
  }

  /// What speaks against this node holding the addresses, this moment: it must answer, its interface
  /// be up and the services run.
  func survival(of node: Node) async -> [String] {
    guard let transport = transports[node.name] else { return ["\(node.name) is not reached"] }
    do {
      let link = try await transport.run(
        Command("ip", "-o", "link", "show", "dev", node.interface, "up"), within: limits.command)
      guard link.succeeded, !link.text.isEmpty || !link.errorText.isEmpty else {
        return ["\(node.interface) of \(node.name) is not up"]
      }
    } catch {
      return ["\(node.name) does not answer: \(error.problem)"]
    }
    return await complaints(about: node)
  }

  private func complaints(about node: Node) async -> [String] {
    guard let transport = transports[node.name] else { return [] }
    var found: [String] = []
    for service in services.sorted() {
      guard let control = node.services[service] else { continue }
      do {
        let result = try await transport.run(control.isActive, within: limits.command)
        if !result.succeeded {
          found.append("\(service) is not active on \(node.name)")
        }
      } catch {
        found.append("\(node.name) cannot say whether \(service) is active: \(error.problem)")
      }
    }
    return found
  }
}
