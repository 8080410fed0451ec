// One trial: gate, blow, hold, heal, redundancy again. Whatever happens after the undo log was
// written, the healing is carried out.

internal import TakeoverModel

struct TrialCourse: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var clock: any RunClock { runner.setting.clock }
  private var limits: Limits { runner.setting.limits }
  private var voice: RunVoice { runner.voice }

  /// What became of the worst of the nodes.
  func run() async -> Healed {
    guard let roles = await gate() else { return .asPlanned }
    let warding = Warding(runner: runner, header: header, trial: trial)
    let wards: [Ward]
    do {
      wards = try await warding.wards(for: roles)
      try await proveSurvivor(besides: wards.map(\.node.name))
    } catch let lack as Lack {
      voice.say(.trialSkipped(Note(lack.words)))
      return .asPlanned
    } catch {
      voice.say(.gateRefused(Note("\(error)")))
      return .asPlanned
    }
    let (healed, trouble) = await warding.withLeases(wards) { wards in
      await warding.withProcedures(wards) {
        await Striking(runner: runner, header: header, trial: trial)
          .strikeAndHold(wards, expecting: roles)
      }
    }
    if let trouble { voice.say(.gateRefused(Note(trouble))) }
    if healed == .asPlanned, trouble == nil { await restoreRedundancy() }
    return healed
  }

  /// Waits until exactly one node holds the addresses and everything agrees, calm for a while.
  private func gate() async -> Roles? {
    await runner.awaitCaptures(within: trial.recover)
    switch await soundRoles(within: trial.recover) {
    case .sound(let roles):
      voice.say(.gatePassed(roles))
      await ViewReading(runner: runner).tell(for: trial)
      return roles
    case .unsound(let reasons):
      voice.say(.gateRefused(Note(reasons.joined(separator: "; "))))
      return nil
    }
  }

  /// Every way of looking agrees, for a while, and every node could take over.
  private func soundRoles(within limit: Duration) async -> PairTracker.Standing {
    let deadline = clock.now() + limit
    let readiness = Readiness(
      site: runner.setting.site, transports: runner.setting.transports,
      limits: limits, services: Readiness.services(for: trial.blows.map(\.fault)))
    var soundSince: (moment: Moment, roles: Roles)?
    while true {
      let now = clock.now()
      var standing = runner.pair.standing(at: now)
      if case .sound(let roles) = standing {
        if let since = soundSince, since.roles == roles {
          if now.since(since.moment) >= limits.calm {
            let complaints = await readiness.complaints()
            if complaints.isEmpty { return standing }
            standing = .unsound(complaints)
            soundSince = nil
          }
        } else {
          soundSince = (now, roles)
        }
      } else {
        soundSince = nil
      }
      if soundSince == nil, now >= deadline { return standing }
      do {
        try await clock.wait(until: now + limits.look)
      } catch {
        return .unsound(["interrupted while waiting for a sound pair"])
      }
    }
  }

  /// Somebody must be left who can hold the addresses: reached this moment, its services running.
  private func proveSurvivor(besides targets: [String]) async throws(Complaint) {
    let others = runner.setting.site.nodes.filter { !targets.contains($0.name) }
    guard !others.isEmpty else {
      if trial.allowsOutage { return }
      throw Complaint(
        "nobody would be left: every node would be struck",
        remedy: "add allow-outage: true to the trial if that is meant")
    }
    let readiness = Readiness(
      site: runner.setting.site, transports: runner.setting.transports, limits: limits,
      services: Readiness.services(for: trial.blows.map(\.fault)))
    var complaints: [String] = []
    for node in others {
      let found = await readiness.survival(of: node)
      if found.isEmpty { return }
      complaints += found
    }
    throw Complaint(
      "nobody would be left: \(complaints.joined(separator: "; "))",
      remedy: "make the other node whole first")
  }

  /// After the healing: watch for `settle`, then wait, bounded, until the pair is redundant again.
  private func restoreRedundancy() async {
    try? await clock.wait(until: clock.now() + trial.settle)
    guard !Task.isCancelled else { return }
    switch await soundRoles(within: trial.recover) {
    case .sound(let roles): voice.say(.restored(roles))
    case .unsound(let reasons):
      voice.say(.notRestored(Note(reasons.joined(separator: "; "))))
    }
    await ViewReading(runner: runner).tell(for: trial)
  }
}
