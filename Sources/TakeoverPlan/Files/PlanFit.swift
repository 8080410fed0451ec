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
    lostWatches(of: plan, on: site) + plan.trials.flatMap { misfits(of: $0, in: plan, on: site) }
  }

  private static func lostWatches(of plan: Plan, on site: Site) -> [Misfit] {
    let places = site.nodes.map(\.name) + site.machines.map(\.name)
    return plan.watches.filter { $0.place.map { !places.contains($0) } ?? false }.map { watch in
      Misfit(
        place: plan.source, trial: "observe \(watch.name)",
        complaint: Complaint(
          "the site \(site.name) has no node or machine \"\(watch.place ?? "")\"",
          remedy: "on: here, \(places.joined(separator: ", "))"))
    }
  }

  private static func misfits(of trial: Trial, in plan: Plan, on site: Site) -> [Misfit] {
    var complaints: [Complaint] = []
    for blow in trial.blows {
      for node in targets(of: blow.target, on: site, &complaints) {
        do throws(Complaint) {
          let procedure = try FaultCatalog.faults.fault(blow.fault).procedure(
            on: node, in: site)
          if procedure.cutsRoad(to: node) { _ = try trial.selfHealing() }
        } catch {
          if !complaints.contains(error) { complaints.append(error) }
        }
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

  /// A role may be any node's when the blow comes.
  private static func targets(
    of target: Target, on site: Site, _ complaints: inout [Complaint]
  ) -> [Node] {
    switch target {
    case .holder, .both: return site.nodes
    case .standby:
      if site.nodes.count > 1 { return site.nodes }
      complaints.append(
        Complaint(
          "the site \(site.name) has no standby: \(site.nodes.count) of 2 nodes",
          remedy: "a pair has two nodes below `nodes:`"))
      return []
    case .machine:
      if let machine = site.others.first { return [machine] }
      complaints.append(
        Complaint(
          "the site \(site.name) has no machine to which something may be done",
          remedy: "name one below `machines:`, with its interface in the pair's segment"))
      return []
    case .node(let name):
      if let node = site.strikable(named: name) { return [node] }
      let isThere = site.machines.contains { $0.name == name }
      let names = (site.nodes + site.others).map(\.name)
      complaints.append(
        Complaint(
          isThere
            ? "nothing is done to the machine \"\(name)\": the site tells no interface of it"
            : "the site \(site.name) has no node \"\(name)\"",
          remedy: isThere
            ? "add its interface in the pair's segment"
            : "targets: \(Target.roles.joined(separator: ", ")), \(names.joined(separator: ", "))"))
      return []
    }
  }
}
