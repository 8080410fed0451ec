// takeover watch: a pair that nobody breaks, as the wire shows it, for as long as one likes.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a pair that nobody breaks: who holds, and what goes wrong.",
    discussion: """
      EXAMPLES
        takeover watch --site my-pair.yaml               from where the site captures
        takeover watch --interface eth0                  every virtual router there
        takeover watch --site my-pair.yaml --for 10m     for so long: a check
        takeover watch --interface eth0 --record night   keep frames and a journal
        takeover watch --from night                      again, from what was kept
        takeover explain two-claimants                   what a word in a line means

      Nothing is changed, and nothing is sent but with --ask. Ctrl-C ends it.

      EXIT STATUS
        0 well all the time · 1 something was not ·
        2 nobody was seen to hold, or frames were missed
      """)

  @Option(
    help: "A site or lab file: its capture points, its nodes, its addresses.",
    completion: .siteFiles)
  var site: String?

  @Option(help: "An interface of this machine in the pair's segment.", completion: .interfaces)
  var interface: String?

  @Option(help: "With --interface: the 802.1Q network that is meant, on a trunk.")
  var vlan: Int?

  @Option(
    help: "A new folder that gets the frames (capture.pcapng) and the journal.",
    completion: .directory)
  var record: String?

  @Option(help: "A folder that --record has made: look at it again.", completion: .directory)
  var from: String?

  @Option(
    name: .customLong("for"), help: "How long to watch: 30s, 10m, 8h. Without it, until Ctrl-C.")
  var length: String?

  @Flag(help: "With --site: ask for the addresses, too, as the site's `probes:` say.")
  var ask = false

  @Flag(help: "With --site: look at the nodes' own addresses by SSH, too.")
  var nodes = false

  func validate() throws {
    guard [site, interface, from].compactMap({ $0 }).count == 1 else {
      throw ValidationError("give one of --site FILE, --interface NAME and --from FOLDER")
    }
    if vlan != nil, interface == nil { throw ValidationError("--vlan goes with --interface") }
    if let vlan, !(1...4094).contains(vlan) {
      throw ValidationError("--vlan takes a number from 1 to 4094, not \(vlan)")
    }
    if ask || nodes, site == nil { throw ValidationError("--ask and --nodes go with --site") }
    if from != nil, record != nil || length != nil {
      throw ValidationError("--from looks at what is kept: it goes with no other option")
    }
    if let length, DurationText.duration(length) == nil {
      throw ValidationError("--for takes a duration such as 30s or 8h, not \"\(length)\"")
    }
  }

  func run() async throws {
    if let from {
      try end(ExitStatus(try Self.replay(from)))
      return
    }
    let place = try place()
    if let missing = Privileges.own.missing(for: place) {
      throw Ending(.missingPrivilege, missing.problem, remedy: missing.remedy)
    }
    guard !place.captures.isEmpty else {
      throw Ending(
        .planInvalid, "\(place.name) captures nothing: there is nothing to watch",
        remedy: "add `capture:` to the site, or name an interface with --interface")
    }
    let folder = try record.map(Self.create)
    let clock = SystemClock()
    let journal = try folder.map { try Self.journal(in: $0, of: place, from: clock) }
    let view = WatchView(place, clock: clock, recordingTo: journal)
    let transports = try await connect(to: nodes ? place.nodes : [], telling: view, clock)
    let observers = Wiring.watching(
      place, transports: transports, in: folder, learningAddresses: site == nil)
    let deadline = clock.now() + (length.flatMap(DurationText.duration) ?? .seconds(1 << 31))
    let interruption = Interruption(says: "takeover: stopping (again: at once)")
    let outcome = try await view.showing {
      try await interruption.guarding {
        await withObservers(
          observers, of: place, into: view, clock: clock, readyWithin: .seconds(10)
        ) { _ = try? await clock.wait(until: deadline) }
      }
    }
    for transport in transports.values { await transport.close() }
    if let journal, let folder { try Self.finish(journal, in: folder, at: clock.now()) }
    try end(ExitStatus(outcome))
  }

  /// The site, or what stands for a segment of which nothing is known.
  private func place() throws -> Site {
    if let site {
      var place = try Selection.site(at: site)
      if !ask { place.vantages = [] }
      return place
    }
    let name = interface ?? ""
    return Site(
      name: name, environment: .test, nodes: [], addresses: [],
      captures: [CapturePoint(name: name, interface: name, vlan: vlan)])
  }

  private func connect(
    to nodes: [Node], telling view: WatchView, _ clock: SystemClock
  ) async throws -> [String: any Transport] {
    var transports: [String: any Transport] = [:]
    for node in nodes {
      Terminal.note("takeover: connecting to \(node.name): \(node.reach.user)@\(node.reach.host)")
      let transport = Wiring.transport(to: node.reach)
      try await transport.open(within: .seconds(10))
      transports[node.name] = transport
      let speech = node.system.speech
      let said = try await transport.run(speech.inspection, within: .seconds(5))
      let described = speech.described(
        node: node.name, transport: transport.description, output: said.text)
      view.record(
        Observation(
          when: Interval(at: clock.now()), source: "watch", event: .nodeDescribed(described)))
    }
    return transports
  }

  // MARK: What is kept

  private static func create(_ path: String) throws -> RunFolder {
    let folder = RunFolder(
      path: path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    guard !FileManager.default.fileExists(atPath: folder.journal) else {
      throw Ending(
        .usage, "\(folder.journal) is there already, and is not overwritten",
        remedy: "name another folder, or look at it with --from")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: folder.path, withIntermediateDirectories: true)
    } catch {
      throw Complaint(
        "\(path) cannot be made: \(error.localizedDescription)", remedy: "name another folder")
    }
    return folder
  }

  private static func journal(
    in folder: RunFolder, of place: Site, from clock: SystemClock
  ) throws -> JournalFile {
    let journal = try JournalFile(path: folder.journal)
    let header = RunHeader(
      run: folder.name, version: Takeover.version, origin: clock.origin, plans: [], site: place)
    try journal.recordDurably(
      Observation(when: Interval(at: .began), source: "watch", event: .runBegan(header)))
    return journal
  }

  private static func finish(
    _ journal: JournalFile, in folder: RunFolder, at now: Moment
  ) throws {
    journal.record(
      Observation(
        when: Interval(at: now), source: "watch", event: .runEnded(RunEnd(reason: .completed))))
    Terminal.note("kept in \(folder.path); again: takeover watch --from \(folder.path)")
    if let failure = journal.failure { throw failure }
  }

  private static func replay(_ path: String) throws -> Outcome {
    let folder = RunFolder(path: path)
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.journal)))
    } catch {
      throw Ending(
        .notFound, "\(folder.journal) cannot be read: \(error.localizedDescription)",
        remedy: "name a folder that takeover watch --record has made")
    }
    let observations = try JournalReader.read(bytes)
    guard case .runBegan(let header)? = observations.first?.event else {
      throw Complaint(
        "\(folder.journal) does not say what was watched", remedy: "name another folder")
    }
    return WatchView.replay(observations, of: header)
  }
}
