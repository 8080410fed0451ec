// One run from consent to exit status: the place, the run, the verdict, the files.

internal import Foundation
internal import Synchronization
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

enum Session {
  /// Runs every job and ends with the status that outweighs the others.
  /// `confirmed`: the sites that the user has named to be broken.
  static func run(
    _ selection: Selection, consent: Consent, confirmed: [String] = [],
    reporting: ReportingOptions
  ) async throws {
    var statuses: [ExitStatus] = []
    let interruption = Interruption()
    let integration = ContinuousIntegration()
    defer { integration.tell() }
    try Permission.check(confirmed, for: selection.jobs.map(\.place))
    for run in Unfinished.all(in: reporting.output) { Terminal.note(run.words) }
    for job in selection.jobs {
      try Privileges.own.check(job)
      try Permission.ask(consent, confirmed, about: job.place)
      do {
        let status = try await interruption.guarding {
          try await run(
            job, reporting: reporting, interruption: interruption, integration: integration)
        }
        statuses.append(status)
      } catch {
        // What an earlier job has left outweighs that this one could not begin.
        guard !statuses.isEmpty else { throw error }
        Terminal.complain(error)
        statuses.append((error as? Ending)?.status ?? .noVerdict)
        break
      }
      if interruption.signal != nil { break }
    }
    if let status = interruption.status { statuses.append(status) }
    let status = ExitStatus.worst(statuses)
    if status != .passed { throw Ending(status, "", remedy: "") }
  }

  private static func run(
    _ job: Job, reporting: ReportingOptions, interruption: Interruption,
    integration: ContinuousIntegration
  ) async throws -> ExitStatus {
    let name = job.plans.map(\.name).joined(separator: "+")
    let folder = try RunFolder.create(in: reporting.output, called: name)
    for (name, text) in job.planTexts { try folder.write(Array(text.utf8), as: "plans/\(name)") }
    let say: @Sendable (String) -> Void = { if !reporting.quiet { Terminal.note($0) } }
    say("takeover: \(name) at \(job.place.name) → \(folder.path)")
    let body: @Sendable (Site, Bool) async throws -> ExitStatus = { site, goesWithUs in
      try await run(
        job, at: site, goingWithUs: goesWithUs, in: folder, reporting: reporting,
        interruption: interruption, integration: integration, say: say)
    }
    do {
      return try await RunMark.holding(folder.path) {
        try Permission.begin(in: reporting.output, at: job.place)
        switch job.place {
        case .site(let site): return try await body(site, false)
        case .lab(let description):
          return try await Wiring.laboratory(description) { laboratory in
            try await laboratory.standing(progress: { say("takeover: \($0)") }, body)
          }
        }
      }
    } catch {
      // CI sees why nothing was tested, also when there was nothing to run on.
      try Reporting.writeUnrun(name, error, in: folder, reporting)
      throw error
    }
  }

  /// The machines beside the pair to which a plan does something: they are held like nodes.
  private static func machines(of job: Job, at site: Site) -> [Node] {
    let targets = Set(job.plans.flatMap(\.trials).flatMap(\.blows).map(\.target))
    return site.others.enumerated().compactMap { index, machine in
      targets.contains(.node(machine.name)) || (index == 0 && targets.contains(.machine))
        ? machine : nil
    }
  }

  private static func run(
    _ job: Job, at site: Site, goingWithUs: Bool, in folder: RunFolder,
    reporting: ReportingOptions, interruption: Interruption, integration: ContinuousIntegration,
    say: @escaping @Sendable (String) -> Void
  ) async throws -> ExitStatus {
    try folder.write(Array(Wiring.siteText(site).utf8), as: "site.yaml")
    for caveat in site.caveats { Terminal.note("takeover: \(caveat)") }
    let clock = SystemClock()
    let journal = try JournalFile(path: folder.journal)
    let pair = LivePair(site: site)
    journal.listen { pair.take($0) }
    let progress = reporting.quiet ? nil : Progress(clock: clock)
    if let progress { journal.listen { progress.take($0) } }
    let unhealed = Unhealed(site: site, undoPath: folder.undo)
    journal.listen { unhealed.take($0) }
    interruption.onSecondSignal {
      if goingWithUs { return .init(text: "the lab \(site.name) goes with this run") }
      let text = unhealed.lastWords
      return .init(isBroken: !text.isEmpty, text: text)
    }
    var transports: [String: any Transport] = [:]
    for node in site.nodes + machines(of: job, at: site) {
      say("takeover: connecting to \(node.name): \(node.reach.user)@\(node.reach.host)")
      transports[node.name] = Wiring.transport(to: node.reach)
    }
    var setting = RunSetting(
      name: folder.name, version: Takeover.version, plans: job.plans, site: site,
      faults: Wiring.faults, transports: transports,
      observers: try Wiring.observers(
        of: site, for: job.plans, transports: transports, in: folder)
        + Wiring.watches(of: job.plans, at: site),
      clock: clock)
    for node in site.nodes {
      setting.otherWays[node.name] = node.otherWay.map(Wiring.transport(to:))
    }
    setting.outsides = Wiring.outsides(of: site)
    // Not ProcessInfo's: that one asks name servers.
    let host = (try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)) ?? ""
    setting.owner =
      "run \(folder.name) on \(host.split(separator: "\n").first ?? "?"), "
      + "process \(ProcessInfo.processInfo.processIdentifier)"
    if Wiring.asks(for: AsConfigured.declaration.name, job.plans) {
      setting.oracle = ConfiguredPair()
    }
    if Wiring.asks(for: DaemonAgrees.declaration.name, job.plans) {
      setting.daemons = DaemonsAsked()
    }
    setting.databases = Wiring.databases(of: site, for: job.plans)
    setting.halt = { await StopFile(in: reporting.output).watch() }
    let hours = OpeningHours(of: site)
    setting.refusal = {
      hours.refusal(of: "\"\($0.name)\"", lasting: $0.worst, at: Date())
    }
    let runner = Runner(setting, journal: journal, undo: try UndoLog(path: folder.undo), pair: pair)
    let end =
      if let progress {
        await progress.showing { await runner.run() }
      } else {
        await runner.run()
      }
    if end.reason != .completed, !end.detail.isEmpty {
      Terminal.note("takeover: \(CleanText.line(end.detail))")
    }
    if let failure = journal.failure { Terminal.complain(failure) }
    let report = try Reporting.write(
      from: folder, dialect: reporting.junitDialect, copies: reporting.copies)
    integration.take(report)
    Reporting.tell(report, in: folder, json: reporting.json)
    return end.healed
      ? Reporting.status(of: report, journalIntact: journal.failure == nil) : .notHealed
  }
}
