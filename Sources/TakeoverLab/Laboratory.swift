// From a description to real machines and back. A lab is a fault that you wanted: commands decided
// beforehand, carried out by the transport that is handed in.

package import TakeoverModel

package struct Laboratory: Sendable {
  package let layout: LabLayout
  private let local: any Transport
  private let abandonment: Abandonment?

  package typealias Progress = @Sendable (String) -> Void
  /// What ends all that this machine was to do at the place with this path.
  package typealias Abandonment = @Sendable (String) -> Command

  /// `local` runs commands as root on this machine; it is open already. `abandonment`: nil where
  /// nobody strikes the lab.
  package init(
    _ description: LabDescription, folders: LabFolders, local: any Transport,
    abandonment: Abandonment? = nil
  ) throws(Complaint) {
    layout = try LabLayout(description, in: folders)
    self.local = local
    self.abandonment = abandonment
  }

  package var site: Site { layout.site }

  /// Builds the lab and returns when every node's sshd answers. A lab that already stands as
  /// described is kept, and its machines that are off are started; anything else of that name,
  /// also what a killed coordinator left half-built, is taken away first.
  package func up(progress: @escaping Progress) async throws -> Site {
    try await up(owner: nil, progress: progress)
  }

  /// `owner`: with whom the lab goes, if it is built; nil: it stays until it is taken away.
  func up(owner: Owner?, progress: @escaping Progress) async throws -> Site {
    let lacks = try await requirements()
    guard lacks.isEmpty else {
      throw Complaint(
        lacks.map(\.problem).joined(separator: "; "),
        remedy: lacks.map(\.remedy).joined(separator: "; "))
    }
    try await prepareImages(progress: progress)
    let status = try await status()
    if status.isComplete {
      let off = layout.nodes.filter { status.power[$0.name] == .off }
      progress(
        off.isEmpty
          ? "lab \(layout.description.name) is up already"
          : "starting \(off.map(\.name).joined(separator: ", "))")
      for machine in off { try await carryOut(layout.boot(machine)) }
    } else {
      if status.exists { try await remove() }
      progress("building lab \(layout.description.name)")
      do {
        if let owner {
          try await carryOut(layout.makeOwnerFile())
          try owner.hold(layout.ownerFile)
          try await carryOut(layout.keep(ending: abandonment?(layout.folder + "/")))
        }
        for command in layout.commands() { try await carryOut(command) }
        try await carryOut(layout.completion())
      } catch {
        // What stands half-built would only be in the way; the first error is the one to tell.
        try? await carryOut(layout.removal())
        throw error
      }
    }
    for machine in layout.nodes {
      let result = try await local.run(layout.answering(machine), within: Self.limit)
      guard result.succeeded else {
        throw Complaint(
          "sshd of lab node \(machine.name) does not answer at "
            + "\(machine.management?.description ?? "its address"): \(result.errorText)",
          remedy: "its console is in \(machine.folder)/console; takeover lab down, then up again")
      }
    }
    return layout.site
  }

  /// Takes everything of the lab away but the images. Nothing happens when there is nothing.
  package func down(progress: Progress) async throws {
    progress("removing lab \(layout.description.name)")
    guard try await status().exists else { return }
    try await remove()
  }

  /// Whoever is about to start one of its machines is ended first, and does not wait for the lock that
  /// the removal has.
  private func remove() async throws {
    if let abandonment {
      _ = try await local.run(abandonment(layout.folder + "/"), within: Self.limit)
    }
    try await carryOut(layout.removal())
  }

  package func status() async throws -> LabStatus {
    layout.status(from: try await local.run(layout.inspection(), within: Self.limit))
  }

  /// A command inside one of the machines, to be run by a local transport; nil: no such machine.
  /// Its status is 69 (EX_UNAVAILABLE) when the machine is off.
  package func execution(of command: [String], on machine: String) -> Command? {
    layout.machines.first { $0.name == machine }.map { layout.execution(of: command, on: $0) }
  }

  /// Pulls the plug: kills the node's first process, and with it everything in the node.
  package func powerOff(_ machine: String) -> Command? {
    layout.nodes.first { $0.name == machine }.map { layout.locked(layout.unplug($0)) }
  }

  /// The power button: starts a node that is off. Its disk begins anew, its keys stay.
  package func powerOn(_ machine: String) -> Command? {
    layout.nodes.first { $0.name == machine }.map { layout.locked(layout.boot($0)) }
  }

  /// What this machine lacks; empty when a lab can be built.
  package func requirements() async throws -> [Complaint] {
    let result = try await local.run(layout.inspectionOfHost(), within: Self.limit)
    return LabLayout.complaints(from: result)
  }

  /// Makes the images that are not in the cache yet; minutes when there is no fast mirror.
  package func prepareImages(progress: @escaping Progress) async throws {
    var made: Set<LabImage> = []
    for image in layout.nodes.compactMap(\.image) where made.insert(image).inserted {
      guard let making = image.making(in: layout.folders) else { continue }
      if try await local.run(image.isThere(in: layout.folders), within: Self.limit).succeeded {
        continue
      }
      progress("making image \(image.name); the cache keeps it")
      let status = try await local.stream(making) { bytes in
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
          progress(String(line))
        }
      }
      guard status == 0 else {
        throw Complaint(
          "mmdebstrap could not make image \(image.name) (exit \(status))",
          remedy: "its messages are above; mmdebstrap and a reachable Debian mirror are needed")
      }
    }
  }

  /// Far above anything measured: a lab's command takes milliseconds, the wait for sshd 20 s.
  private static let limit = Duration.seconds(40)

  private func carryOut(_ command: Command) async throws {
    let result = try await local.run(layout.locked(command), within: Self.limit)
    guard result.succeeded else {
      throw Complaint(
        "the lab's command failed (exit \(result.status)): \(result.errorText)",
        remedy: "takeover doctor says what this machine lacks")
    }
  }
}
