// keepalived as the oracle: what its configuration on both nodes promises of each trial of a plan.

package import TakeoverModel

package struct KeepalivedForecasts: Sendable {
  /// As sentences name it.
  package static let reader = "keepalived"

  private let site: Site
  private let faults: Catalog<any Fault.Type>
  /// By node: what its configuration says, or why that is not known.
  private let speakers: [String: Result<Speaker, Complaint>]
  /// By node: what it is once it has read another configuration.
  private let reread: [Rereading: [String: Reread]]

  package init(
    site: Site, faults: Catalog<any Fault.Type>, speakers: [String: Result<Speaker, Complaint>],
    reread: [Rereading: [String: Reread]] = [:]
  ) {
    self.site = site
    self.faults = faults
    self.speakers = speakers
    self.reread = reread
  }

  /// All that a node would have to be asked for: what its configuration is behind an edit.
  package static func rereadings(
    in plans: [Plan], of faults: Catalog<any Fault.Type>, where isAsked: (Trial) -> Bool
  ) -> Set<Rereading> {
    Set(
      plans.flatMap(\.trials).filter(isAsked).flatMap(\.blows).compactMap { blow in
        guard case .rereads(let reading)? = try? faults.fault(blow.fault).consequence else {
          return nil
        }
        return reading
      })
  }

  /// Of the trials for which `isAsked` is true; one for each node that may hold the addresses.
  package func forecasts(of plans: [Plan], where isAsked: (Trial) -> Bool) -> [Forecast] {
    plans.enumerated().flatMap { index, plan in
      plan.trials.enumerated().filter { isAsked($0.element) }.flatMap { place, trial in
        site.nodes.map { node in
          Forecast(
            plan: index, trial: place, holder: node.name, reader: Self.reader,
            outlook(of: trial, heldBy: node))
        }
      }
    }
  }

  private func outlook(of trial: Trial, heldBy holder: Node) -> Forecast.Outlook {
    do throws(Complaint) {
      guard let standby = site.peers(of: holder).first, site.nodes.count == 2 else {
        throw Complaint("the site has \(site.nodes.count) nodes, and a pair has two", remedy: "")
      }
      var blows: [Prediction.Blow] = []
      for blow in trial.blows {
        blows.append(
          Prediction.Blow(
            blow.fault.kind, try faults.fault(blow.fault).consequence, at: blow.target,
            after: blow.after, hold: blow.hold))
      }
      guard let one = speakers[holder.name], let other = speakers[standby.name] else {
        throw Complaint("its configuration was not read on both nodes", remedy: "")
      }
      return Prediction(
        holder: try one.get(), standby: try other.get(),
        addresses: Set(site.addresses.map(\.address)), reread: reread
      ).outlook(of: blows, for: trial.hold)
    } catch {
      return .silent(error.problem)
    }
  }
}
