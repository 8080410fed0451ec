// The oracle of a keepalived pair: reads the configurations from the nodes, over the run's own
// connections, before anything is observed or broken.

internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct ConfiguredPair: Oracle {
  func forecasts(
    of plans: [Plan], at site: Site, over transports: [String: any Transport]
  ) async -> [Forecast] {
    let addresses = site.addresses.map(\.address)
    var speakers: [String: Result<Speaker, Complaint>] = [:]
    for node in site.nodes {
      guard let transport = transports[node.name] else { continue }
      do {
        let member = try await NodeLook.look(at: node.name, over: transport).member
        speakers[node.name] = Result { () throws(Complaint) in
          try Speaker(member, holding: addresses)
        }
      } catch {
        let problem = (error as? any Explained)?.problem ?? "\(error)"
        speakers[node.name] = .failure(Complaint(problem, remedy: ""))
      }
    }
    return KeepalivedForecasts(site: site, faults: Wiring.faults, speakers: speakers)
      .forecasts(of: plans) { trial in
        trial.expectations.contains { $0.check == AsConfigured.declaration.name }
      }
  }
}
