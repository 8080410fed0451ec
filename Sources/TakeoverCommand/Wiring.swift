// The one place that names concrete things together: kinds, transports, observers, the lab.

internal import Foundation
internal import TakeoverLab
internal import TakeoverLedger
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverRemote
internal import TakeoverReport
internal import TakeoverRun

enum Wiring {
  static let faults = FaultCatalog.faults
  static let checks = CheckCatalog.checks

  static var plans: PlanReader {
    PlanReader(faults: faults, checks: checks.kinds.map { $0.declaration })
  }

  static var planSchema: String {
    Schema.plan(faults: faults, checks: checks.kinds.map { $0.declaration })
  }

  static func transport(to reach: Reach) -> any Transport { AutomaticTransport(reach) }

  /// The ways to whoever carries the nodes, by the nodes' names; not yet opened.
  static func outsides(of site: Site) -> [String: any Transport] {
    var ways: [String: any Transport] = [:]
    for node in site.nodes {
      guard let outside = node.outside else { continue }
      ways[node.name] = outside.at.map(transport(to:)) ?? LocalTransport()
    }
    return ways
  }

  /// Each has a connection of its own: a command must not stand in a blow's way.
  static func watches(of plans: [Plan], at site: Site) -> [any Observer] {
    plans.flatMap { plan in
      plan.watches.compactMap { watch -> (any Observer)? in
        guard let place = watch.place else {
          return CommandObserver(watch, in: plan.name, over: LocalTransport())
        }
        return site.reach(of: place).map { reach in
          CommandObserver(
            self.watch(watch, at: site), in: plan.name, over: transport(to: reach))
        }
      }
    }
  }

  /// The same with a command for the shell of whoever runs it.
  static func watch(_ watch: CommandWatch, at site: Site) -> CommandWatch {
    var watch = watch
    let system = watch.place.flatMap(site.reach(of:))?.system ?? .posix
    watch.command = system.taking(watch.command) ?? watch.command
    return watch
  }

  /// `transports`: by the nodes' names. A capture elsewhere has a connection of its own: what it
  /// streams must not stand in a blow's way. What costs the nodes a processor (a look at all processes:
  /// 3.6 ms, twice a second) is observed only where a plan asks for it.
  static func observers(
    of site: Site, for plans: [Plan], transports: [String: any Transport], in folder: RunFolder
  ) throws(Complaint) -> [any Observer] {
    var observers: [any Observer] = [OwnClock(), ProcessorsAwake()]
    observers += try CloudAsked(site)?.observers() ?? []
    // A lab's nodes run on this machine's processors.
    if site.environment == .lab { observers.append(ProcessorPauses()) }
    observers += captures(of: site, in: folder) + questions(to: site)
    if let database = site.database, LedgerPromise.isAsked(by: plans),
      let vantage = site.vantages.first(where: { $0.through == nil })
    {
      observers.append(LedgerObserver(in: database, from: vantage))
    }
    let nodes = transports.filter { site.node(named: $0.key) != nil }
    for (node, transport) in nodes.sorted(by: { $0.key < $1.key }) {
      let system = site.node(named: node)?.system ?? .posix
      observers.append(AddressObserver(node: node, system: system, transport: transport))
      if asks(for: DaemonStays.declaration.name, plans), let watched = site.node(named: node),
        !watched.services.isEmpty
      {
        observers.append(ProcessObserver(of: watched, transport: transport))
      }
    }
    return observers
  }

  /// What sees a pair that nobody breaks. `transports`: to the nodes that are looked at, opened.
  static func watching(
    _ site: Site, transports: [String: any Transport], in folder: RunFolder?,
    learningAddresses: Bool
  ) -> [any Observer] {
    captures(of: site, in: folder, learningAddresses: learningAddresses) + questions(to: site)
      + transports.sorted { $0.key < $1.key }.map {
        AddressObserver(
          node: $0.key, system: site.node(named: $0.key)?.system ?? .posix, transport: $0.value,
          period: .seconds(1))
      }
  }

  private static func captures(
    of site: Site, in folder: RunFolder?, learningAddresses: Bool = false
  ) -> [any Observer] {
    // A watch that is not recorded may go on for days.
    let nowhere = "/dev/null"
    var observers: [any Observer] = []
    if site.captures.contains(where: { $0.through == nil }) {
      observers.append(
        WireObserver(
          capturePath: folder?.capture ?? nowhere, learningAddresses: learningAddresses))
    }
    for point in site.captures {
      guard let reach = point.through.flatMap(site.reach(of:)) else { continue }
      observers.append(
        RemoteCapture(
          point, over: transport(to: reach),
          capturePath: folder?.capture(through: point.name) ?? nowhere))
    }
    return observers
  }

  /// Who asks the virtual addresses.
  private static func questions(to site: Site) -> [any Observer] {
    var observers: [any Observer] = []
    let isV4 = site.addresses.contains { $0.address.isV4 }
    let isV6 = site.addresses.contains { !$0.address.isV4 }
    for vantage in site.vantages {
      if let machine = vantage.through {
        guard let reach = site.reach(of: machine) else { continue }
        observers.append(RemoteProbe(from: vantage, over: transport(to: reach)))
        continue
      }
      if site.probing.arp != nil, isV4 { observers.append(ARPProbe(from: vantage)) }
      if site.probing.arp != nil, isV6 { observers.append(NeighbourProbe(from: vantage)) }
      if site.probing.echo != nil { observers.append(EchoProbe(from: vantage)) }
      if site.probing.connect != nil { observers.append(ConnectProbe(from: vantage)) }
      if let period = site.probing.held {
        observers.append(HeldProbe(from: vantage, every: period))
      }
      if let period = site.probing.requests {
        observers.append(PooledProbe(from: vantage, every: period))
      }
      observers.append(NeighbourTableObserver(from: vantage))
    }
    return observers
  }

  /// nil: no plan wants to know of the site's database.
  static func databases(of site: Site, for plans: [Plan]) -> (any DatabaseReader)? {
    guard LedgerPromise.isAsked(by: plans) else { return nil }
    return site.database.map { PostgresReading(of: $0) }
  }

  static func asks(for check: String, _ plans: [Plan]) -> Bool {
    plans.contains { $0.trials.contains { $0.expectations.contains { $0.check == check } } }
  }

  /// The site of a place, without touching it.
  static func site(of place: Place) throws -> Site {
    switch place {
    case .site(let site): site
    case .lab(let description): try LabLayout(description, in: labFolders).site
    }
  }

  /// The control plane of a lab's cloud subnet; nil: it has none.
  static func endpoint(of lab: LabDescription) throws -> LabLayout.Endpoint? {
    try LabLayout(lab, in: labFolders).endpoint
  }

  static func siteText(_ site: Site) -> String { SiteWriter.text(of: site) }

  /// The images' folder follows the XDG base directories; the state is gone after a reboot.
  static var labFolders: LabFolders {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/root"
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return LabFolders(
      cache: "\(cache)/takeover/images",
      programs: String(own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex)))
  }

  static func laboratory<Value>(
    _ description: LabDescription, _ body: (Laboratory) async throws -> Value
  ) async throws -> Value {
    guard geteuid() == 0 else {
      throw Ending(
        .missingPrivilege, "a lab needs root: it makes namespaces and mounts",
        remedy: "run the same command as root")
    }
    let local = LocalTransport()
    try await local.open(within: .seconds(5))
    do {
      let laboratory = try Laboratory(
        description, folders: labFolders, local: local, abandonment: Lease.abandonment(of:))
      let value = try await body(laboratory)
      await local.close()
      return value
    } catch {
      await local.close()
      throw error
    }
  }
}
