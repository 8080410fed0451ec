// What a run would do, in words one can paste: nothing is touched, nobody is asked.

internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverRun

enum DryRun {
  /// For every trial and every node that it may hit: exactly the commands of a run, in order.
  static func text(of selection: Selection) throws -> String {
    var lines: [String] = []
    for job in selection.jobs {
      let site = try Wiring.site(of: job.place)
      lines.append("# at \(site.name)")
      for point in site.captures {
        guard let machine = point.through else { continue }
        lines.append("# on \(machine), throughout: capture \(point.name)")
        lines.append(RemoteCapture.command(at: point, of: site).shellText)
      }
      for vantage in site.vantages {
        guard let machine = vantage.through else { continue }
        lines.append("# on \(machine), throughout: the probes of \(vantage.name)")
        lines.append(RemoteProbe.command(from: vantage, of: site).shellText)
      }
      for watch in job.plans.flatMap(\.watches) {
        lines.append(
          "# on \(watch.place ?? "this machine"), every \(TimeText.chosen(watch.period)): "
            + "\(watch.name)")
        lines.append(watch.command.shellText)
      }
      for plan in job.plans {
        for trial in plan.trials { lines += try text(of: trial, in: plan, at: site) }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func text(of trial: Trial, in plan: Plan, at site: Site) throws -> [String] {
    let fault = try Wiring.faults.fault(trial.fault)
    var lines = ["", "# \(plan.name): \(trial.name), \(trial.repetitions) ×"]
    for node in candidates(for: trial.target, in: site) {
      let procedure = try fault.procedure(on: node, in: site)
      let condition =
        switch trial.target {
        case .holder, .standby: " (when it is the \(trial.target))"
        default: ""
        }
      lines.append("# on \(node.name)\(condition)")
      let leased = procedure.cutsRoad(to: node) ? try trial.selfHealing() : plan.lease
      lines.append(
        "#   lease: the node gets what is below \"heal\", and does it by itself after "
          + TimeText.chosen(leased)
          + (procedure.cutsRoad(to: node) ? ": the blow cuts the way there" : " without a word"))
      let phases: [(String, [Command])] = [
        ("prepare", procedure.prepare), ("inject", procedure.inject),
        ("confirm", procedure.confirm),
        ("heal, after \(TimeText.chosen(trial.hold))", procedure.heal),
        ("confirm healed", procedure.confirmHealed),
      ]
      for (phase, commands) in phases {
        lines.append("#   \(phase)")
        lines += commands.map(\.shellText)
      }
    }
    return lines
  }

  private static func candidates(for target: Target, in site: Site) -> [Node] {
    if case .node(let name) = target { site.nodes.filter { $0.name == name } } else { site.nodes }
  }
}
