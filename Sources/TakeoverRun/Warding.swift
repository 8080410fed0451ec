// From a trial and the roles of the moment to wards, and the scopes around them: what was decided is
// written down and promised before anything may be touched, and healed in any case.

internal import TakeoverModel

/// A node is not such that this fault could be done to it.
struct Lack: Error {
  let words: String
}

struct Warding: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var setting: RunSetting { runner.setting }
  private var voice: RunVoice { runner.voice }

  // MARK: Deciding

  /// Decides everything before anything is touched.
  func wards(for roles: Roles) async throws -> [Ward] {
    var wards: [Ward] = []
    for blow in trial.blows {
      let fault = try setting.faults.fault(blow.fault)
      for node in try targets(of: blow.target, roles) {
        let procedure = try fault.procedure(on: node, in: setting.site)
        let (acting, looking) = try commands(for: procedure.place, at: node)
        if let lack = try await acting.lack(
          of: type(of: fault).declaration.requires, for: procedure)
        {
          throw Lack(words: lack)
        }
        let cutsRoad = try await looking.cutsRoad(procedure, to: node)
        let strike = Strike(
          fault: blow.fault, procedure: procedure, after: blow.after, hold: blow.hold,
          cutsRoad: cutsRoad)
        let key = Ward.key(node.name, procedure.place)
        if let index = wards.firstIndex(where: { $0.key == key }) {
          wards[index].strikes.append(strike)
        } else {
          wards.append(
            Ward(
              node: node, place: procedure.place, strikes: [strike],
              lease: Lease(id: "", length: .zero), acting: acting, looking: looking))
        }
      }
    }
    for index in wards.indices {
      wards[index].strikes.sort { $0.after < $1.after }
      wards[index].lease = try lease(of: wards[index])
    }
    return wards
  }

  private func targets(of target: Target, _ roles: Roles) throws(Complaint) -> [Node] {
    let site = setting.site
    let names =
      switch target {
      case .holder: [roles.holder]
      case .standby: roles.standby
      case .both: site.nodes.map(\.name)
      case .machine: Array(site.others.map(\.name).prefix(1))
      case .node(let name): [name]
      }
    guard !names.isEmpty else {
      throw Complaint(
        "the target \(target) is nobody: nothing would be struck",
        remedy: "name a node, or give the site a second one")
    }
    return try names.map { name throws(Complaint) in
      guard let node = site.strikable(named: name), setting.transports[name] != nil else {
        throw Complaint(
          "the site has no node \"\(name)\"",
          remedy: "name one of \((site.nodes + site.others).map(\.name).joined(separator: ", "))")
      }
      return node
    }
  }

  private func commands(
    for place: Procedure.Place, at node: Node
  ) throws(Complaint) -> (acting: NodeCommands, looking: NodeCommands) {
    func commands(_ transport: any Transport) -> NodeCommands {
      NodeCommands(
        node: node.name, transport: transport, clock: setting.clock, limits: setting.limits)
    }
    guard let own = setting.transports[node.name] else {
      throw Complaint("\(node.name) is not reached", remedy: "look at the site's nodes")
    }
    guard place == .outside else { return (commands(own), commands(own)) }
    guard let outside = setting.outsides[node.name] else {
      throw Complaint(
        "nothing can be done to \(node.name) from outside",
        remedy: "tell how, below `outside:` of the node in the site")
    }
    return (commands(outside), commands(own))
  }

  /// A lease per trial and ward. Nodes' own folders tell them apart; outside of them their names do.
  private func lease(of ward: Ward) throws(Complaint) -> Lease {
    let outside = ward.place == .node ? "" : ".\(ward.node.name)"
    let id =
      "\(setting.token).\(header.plan + 1).\(header.trial + 1).\(header.repetition)\(outside)"
    guard ward.cutsRoad else { return Lease(id: id, length: setting.plans[header.plan].lease) }
    return Lease(id: id, length: try trial.selfHealing(), isTimer: true)
  }

  // MARK: Scopes

  /// Writes down how each node is mended, has it watch over itself, and looks at it, before the body
  /// may touch anything. Words instead of a run of the body when one of that fails.
  func withLeases(
    _ wards: [Ward], _ body: ([Ward]) async -> Healed
  ) async -> (healed: Healed, trouble: String?) {
    var ready: [Ward] = []
    var trouble: String?
    for var ward in wards where trouble == nil {
      do {
        trouble = await runner.keeper.renew(ward.node.name)
        ward.before = try await ward.looking.state(
          of: ward.node, in: setting.site, touching: ward.touches)
        if let why = ward.before?.shortcoming {
          throw Complaint(
            "no healing of \(ward.node.name) could be proven: \(why)",
            remedy: "takeover doctor --site says what is missing there")
        }
        for strike in ward.strikes {
          try runner.undo.append(
            UndoLog.Entry(
              trial: header, node: ward.node.name, fault: strike.fault,
              heal: strike.procedure.heal, confirmHealed: strike.procedure.confirmHealed,
              lease: ward.lease, before: ward.before, touches: strike.procedure.touches,
              place: ward.place))
        }
        ready.append(ward)
        if trouble == nil { trouble = await runner.keeper.grant(ward) }
      } catch {
        trouble = "\(error)"
      }
    }
    if trouble == nil {
      let healed = await body(ready)
      return (healed, nil)
    }
    let granted = ready
    await shielded {
      for ward in granted where await runner.keeper.end(leaseOf: ward) {
        runner.undo.markHealed(header, ward.node.name)
      }
    }
    return (.asPlanned, trouble)
  }

  /// Runs the body, and heals every node afterwards: on return, on throw, on cancellation.
  func withProcedures(_ wards: [Ward], _ body: () async -> Void) async -> Healed {
    await body()
    return await shielded {
      let all = await withTaskGroup(of: (String, Healed).self) { group in
        for ward in wards {
          group.addTask {
            let healed = await Healing(
              ward: ward, keeper: runner.keeper, site: setting.site, voice: voice,
              otherWay: ward.place == .node ? setting.otherWays[ward.node.name] : nil
            ).run()
            return (ward.node.name, healed)
          }
        }
        return await group.reduce(into: [String: Healed]()) { worst, one in
          worst[one.0] = max(worst[one.0] ?? .asPlanned, one.1)
        }
      }
      for (node, healed) in all where healed != .notAtAll {
        runner.undo.markHealed(header, node)
      }
      return all.values.max() ?? .asPlanned
    }
  }
}
