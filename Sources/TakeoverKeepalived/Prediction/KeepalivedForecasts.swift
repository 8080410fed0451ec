// keepalived as the oracle: what its configuration on both nodes promises of each trial of a plan.

package import TakeoverModel

package struct KeepalivedForecasts: Sendable {
  /// As sentences name it.
  package static let reader = "keepalived"

  private let site: Site
  private let faults: Catalog<any Fault.Type>
  /// By node: what its configuration says, or why that is not known.
  private let speakers: [String: Result<Speaker, Complaint>]

  package init(
    site: Site, faults: Catalog<any Fault.Type>, speakers: [String: Result<Speaker, Complaint>]
  ) {
    self.site = site
    self.faults = faults
    self.speakers = speakers
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
      guard trial.also.isEmpty else {
        throw Complaint("several blows overlap", remedy: "")
      }
      let fault = try faults.fault(trial.fault)
      guard let consequence = fault.consequence else {
        throw Complaint(
          "what \(trial.fault.kind) means to VRRP, with these parameters, is not known beforehand",
          remedy: "")
      }
      guard let one = speakers[holder.name], let other = speakers[standby.name] else {
        throw Complaint("its configuration was not read on both nodes", remedy: "")
      }
      return Prediction(holder: try one.get(), standby: try other.get())
        .outlook(of: consequence, striking: trial.target)
    } catch {
      return .silent(error.problem)
    }
  }
}
