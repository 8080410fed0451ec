// Whether a plan can be carried out on a site: every target is there, every fault can be planned.

package import TakeoverModel

/// A trial that the site cannot give what it needs.
package struct Misfit: Explained, Hashable {
  /// `plan.yaml:12`, as far as it is known.
  package let place: String
  package let trial: String
  package let complaint: Complaint

  package var problem: String { "\(place): \(trial): \(complaint.problem)" }
  package var remedy: String { complaint.remedy }
}

package enum PlanFit {
  /// Everything that does not fit, in the plan's order; each complaint once per trial.
  package static func misfits(of plan: Plan, on site: Site) -> [Misfit] {
    let places = site.nodes.map(\.name) + site.machines.map(\.name)
    let watches = plan.watches.filter { $0.place.map { !places.contains($0) } ?? false }
    let lost = watches.map { watch in
      Misfit(
        place: plan.source, trial: "observe \(watch.name)",
        complaint: Complaint(
          "the site \(site.name) has no node or machine \"\(watch.place ?? "")\"",
          remedy: "on: here, \(places.joined(separator: ", "))"))
    }
    return lost
      + plan.trials.flatMap { trial in
        var complaints: [Complaint] = []
        for node in targets(of: trial, on: site, &complaints) {
          do throws(Complaint) {
            let procedure = try FaultCatalog.faults.fault(trial.fault).procedure(
              on: node, in: site)
            if procedure.cutsRoad(to: node) { _ = try trial.selfHealing() }
          } catch {
            if !complaints.contains(error) { complaints.append(error) }
          }
        }
        if let longest = TimeWindow.longest(of: site.windows), trial.worst > longest {
          complaints.append(
            Complaint(
              "it may take \(TimeText.chosen(trial.worst)), longer than any window of "
                + "\(site.name) is open",
              remedy: "shorten hold, settle or recover, or lengthen the site's windows"))
        }
        return complaints.map {
          Misfit(place: "\(plan.source):\(trial.line)", trial: trial.name, complaint: $0)
        }
      }
  }

  /// A role may be any node's when the blow comes.
  private static func targets(
    of trial: Trial, on site: Site, _ complaints: inout [Complaint]
  ) -> [Node] {
    if trial.target == .standby, site.nodes.count < 2 {
      complaints.append(
        Complaint(
          "the site \(site.name) has no standby: \(site.nodes.count) of 2 nodes",
          remedy: "a pair has two nodes below `nodes:`"))
      return []
    }
    guard case .node(let name) = trial.target else { return site.nodes }
    if let node = site.node(named: name) { return [node] }
    let names = site.nodes.map(\.name)
    complaints.append(
      Complaint(
        "the site \(site.name) has no node \"\(name)\"",
        remedy: "targets: holder, standby, both, \(names.joined(separator: ", "))"))
    return []
  }
}
