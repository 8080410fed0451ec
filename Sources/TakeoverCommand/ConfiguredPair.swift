// The oracle of a keepalived pair: reads the configurations from the nodes, over the run's own
// connections, before anything is observed or broken; also what they would be behind the edits that the
// plans make.

internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct ConfiguredPair: Oracle {
  func forecasts(
    of plans: [Plan], at site: Site, over transports: [String: any Transport]
  ) async -> [Forecast] {
    let addresses = site.addresses.map(\.address)
    let readings = KeepalivedForecasts.rereadings(
      in: plans, of: Wiring.faults, where: Self.isAsked)
    var speakers: [String: Result<Speaker, Complaint>] = [:]
    var reread: [Rereading: [String: Reread]] = [:]
    for node in site.nodes {
      guard let transport = transports[node.name] else { continue }
      do {
        let look = try await NodeLook.look(at: node.name, over: transport)
        let speaker = Result { () throws(Complaint) in
          try Speaker(look.member, holding: addresses)
        }
        speakers[node.name] = speaker
        guard case .success(let before) = speaker else { continue }
        for reading in readings {
          reread[reading, default: [:]][node.name] = await Self.reread(
            reading, in: look, from: before, holding: addresses, over: transport)
        }
      } catch {
        let problem = (error as? any Explained)?.problem ?? "\(error)"
        speakers[node.name] = .failure(Complaint(problem, remedy: ""))
      }
    }
    return KeepalivedForecasts(
      site: site, faults: Wiring.faults, speakers: speakers, reread: reread
    ).forecasts(of: plans, where: Self.isAsked)
  }

  private static func isAsked(_ trial: Trial) -> Bool {
    trial.expectations.contains { $0.check == AsConfigured.declaration.name }
  }

  /// The edit is made of the node's file as the fault would make it, and put nowhere.
  private static func reread(
    _ reading: Rereading, in look: NodeLook, from before: Speaker,
    holding addresses: [IPAddress], over transport: any Transport
  ) async -> Reread {
    guard look.texts[reading.file] != nil else {
      return .unknown("\(before.node) reads no \(reading.file)")
    }
    do {
      let edited = try await transport.run(
        .script("eval \"$1\" <\"$2\"", [reading.edit.shellText, reading.file]),
        within: NodeQuestions.limit)
      guard edited.status == 0, !edited.truncated else {
        return .unknown("the edit finds nothing to change in \(reading.file) of \(before.node)")
      }
      return Reread(
        look.member(with: edited.output, at: reading.file), from: before, holding: addresses)
    } catch {
      return .unknown(error.problem)
    }
  }
}
