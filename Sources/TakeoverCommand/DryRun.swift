// What a run would do, in words one can paste: nothing is touched, nobody is asked.

internal import TakeoverKeepalived
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverReport
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
      if Wiring.asks(for: AsConfigured.declaration.name, job.plans) {
        lines.append(
          "# on each node, before the first blow: what its keepalived is told (and what that includes)"
        )
        lines.append(NodeQuestions.facts.shellText)
        lines.append(NodeQuestions.files(matching: [NodeQuestions.standardFile]).shellText)
      }
      for plan in job.plans {
        for trial in plan.trials { lines += try text(of: trial, in: plan, at: site) }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func text(of trial: Trial, in plan: Plan, at site: Site) throws -> [String] {
    var lines = ["", "# \(plan.name): \(trial.name), \(trial.repetitions) ×"]
    for blow in trial.blows {
      let fault = try Wiring.faults.fault(blow.fault)
      for node in candidates(for: blow.target, in: site) {
        let procedure = try fault.procedure(on: node, in: site)
        lines.append(heading(of: blow, at: node, procedure, isAlone: trial.also.isEmpty))
        let cutsRoad = procedure.cutsRoad(to: node)
        lines.append(
          "#   lease: the node gets what is below \"heal\", and does it by itself after "
            + TimeText.chosen(cutsRoad ? try trial.selfHealing() : plan.lease)
            + (cutsRoad ? ": the blow cuts the way there" : " without a word"))
        lines += commands(of: procedure, heldFor: blow.hold ?? trial.hold)
      }
    }
    return lines
  }

  private static func heading(
    of blow: FurtherBlow, at node: Node, _ procedure: Procedure, isAlone: Bool
  ) -> String {
    var words = procedure.place == .node ? "# on \(node.name)" : "# on \(node.name), from outside"
    switch blow.target {
    case .holder, .standby: words += " (when it is the \(blow.target))"
    default: break
    }
    if !isAlone {
      words += ", \(blow.fault.kind), \(TimeText.chosen(blow.after)) after the first blow"
    }
    return words
  }

  private static func commands(of procedure: Procedure, heldFor hold: Duration) -> [String] {
    let phases: [(String, [Command])] = [
      ("required", procedure.requirements.map(\.command)), ("prepare", procedure.prepare),
      ("inject", procedure.inject), ("confirm", procedure.confirm),
      ("heal, after \(TimeText.chosen(hold))", procedure.heal),
      ("confirm healed", procedure.confirmHealed),
    ]
    return phases.filter { $0.0 != "required" || !$0.1.isEmpty }
      .flatMap { phase, commands in ["#   \(phase)"] + commands.map(\.shellText) }
  }

  private static func candidates(for target: Target, in site: Site) -> [Node] {
    switch target {
    case .holder, .standby, .both: site.nodes
    case .machine: Array(site.others.prefix(1))
    case .node(let name): (site.nodes + site.others).filter { $0.name == name }
    }
  }
}
