// How a site's cloud is asked: with which credentials, by which road, and what is missing for it.

internal import Foundation
internal import TakeoverModel
internal import TakeoverRemote
internal import TakeoverRun

struct CloudAsked {
  let subnet: CloudSubnet

  /// nil: the site is in no cloud.
  init?(_ site: Site) {
    guard let cloud = site.cloud else { return nil }
    subnet = cloud
  }

  private var endpoint: String { subnet.endpoint ?? CloudQuestion.vendorEndpoint }

  private var plainRoad: PlainRoad? { PlainRoad(to: endpoint, from: subnet.namespace) }

  /// What a run's questions need here, each with the way to get it.
  func missing() -> [Complaint] {
    guard !subnet.havips.isEmpty else { return [] }
    var missing: [Complaint] = []
    if plainRoad == nil {
      let programs = [CurlRoad.program] + (subnet.namespace == nil ? [] : ["nsenter"])
      for program in programs where !Self.isThere(program) {
        missing.append(
          Complaint(
            "\(program) is not here, and \(endpoint) is asked by it",
            remedy: "apt-get install \(program == CurlRoad.program ? program : "util-linux")"))
      }
    }
    do throws(Complaint) { _ = try credentials() } catch { missing.append(error) }
    return missing
  }

  /// Whether the control plane answers, and knows each HAVIP; nil: it does.
  func trouble() async -> Complaint? {
    guard !subnet.havips.isEmpty, let credentials = try? credentials() else { return nil }
    let road = road()
    do {
      try await road.open()
      let question = CloudQuestion(
        of: subnet, by: credentials, at: Int64(Date().timeIntervalSince1970))
      let trouble = HavipBindingObserver.trouble(
        in: try await road.ask(question, within: .seconds(10)), of: subnet)
      await road.close()
      return trouble.map {
        Complaint(
          "\(endpoint): \($0)",
          remedy: "compare region, credentials and havips of the site with the console's")
      }
    } catch {
      await road.close()
      let explained = error as? any Explained
      return Complaint(
        "\(endpoint): \(explained?.problem ?? "\(error)")", remedy: explained?.remedy ?? "")
    }
  }

  func observers() throws(Complaint) -> [any Observer] {
    var observers: [any Observer] = []
    if let path = subnet.decisions { observers.append(FabricDecisionsObserver(following: path)) }
    if !subnet.havips.isEmpty {
      let roads = (0..<HavipBindingObserver.mostOpen).map { _ in road() }
      observers.append(
        HavipBindingObserver(of: subnet, by: try credentials(), over: roads))
    }
    return observers
  }

  private func road() -> any CloudRoad {
    if let plainRoad { return plainRoad }
    return CurlRoad(over: LocalTransport(), from: subnet.namespace)
  }

  private func credentials() throws(Complaint) -> CloudCredentials {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
    return try CloudCredentials.found(for: subnet, home: home) { path in
      try? String(contentsOfFile: path, encoding: .utf8)
    }
  }

  private static func isThere(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }
}
