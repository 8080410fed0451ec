// What moves an instance's priority: its checks with their weights, and the arithmetic of a failure.

/// A tracked script, interface, file or process of one seat, with the weight that counts.
struct Watch: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case script = "track_script"
    case interface = "track_interface"
    case file = "track_file"
    case process = "track_process"
  }

  var kind: Kind
  var name: String
  var place: Place
  /// 0: its failure is a fault of the whole instance.
  var weight: Int
  var isReversed: Bool
  /// Below a sync group, not below the instance.
  var isOfGroup: Bool

  /// How much the priority changes when it fails; a failure of weight 0 is none of arithmetic.
  var change: Int { isReversed ? abs(weight) : -abs(weight) }
  /// What it adds while all is well.
  var bonus: Int { weight > 0 ? (isReversed ? -weight : weight) : 0 }
}

extension Seat {
  /// All that is tracked for it, with the weights as they are written.
  var watches: [Watch] {
    let own = Self.watches(
      instance.scripts, instance.interfaces, instance.files, instance.processes, isOfGroup: false,
      in: member.configuration)
    guard let group else { return own }
    return own
      + Self.watches(
        group.scripts, group.interfaces, group.files, group.processes, isOfGroup: true,
        in: member.configuration)
  }

  /// Those that the daemon does not throw away: weights of an instance in a sync group and of an
  /// address owner are, and with them the tracking.
  var livingWatches: [Watch] {
    watches.filter { $0.weight == 0 || !ignoresWeight(of: $0) }.filter {
      !($0.kind == .interface && $0.name == instance.interface?.value)
    }
  }

  func ignoresWeight(of watch: Watch) -> Bool {
    guard watch.weight != 0 else { return false }
    if isOwner { return true }
    guard let group, !watch.isOfGroup else { return false }
    return !(group.globalTracking?.value ?? false)
  }

  private static func watches(
    _ scripts: [Tracked], _ interfaces: [Tracked], _ files: [Tracked], _ processes: [Tracked],
    isOfGroup: Bool, in configuration: Configuration
  ) -> [Watch] {
    func watch(_ kind: Watch.Kind, _ tracked: Tracked, _ weight: Int, _ isReversed: Bool) -> Watch {
      Watch(
        kind: kind, name: tracked.name, place: tracked.place, weight: tracked.weight ?? weight,
        isReversed: tracked.isReversed || (tracked.weight == nil && isReversed),
        isOfGroup: isOfGroup)
    }
    return scripts.compactMap { tracked in
      configuration.script(named: tracked.name).map {
        watch(.script, tracked, $0.weight?.value ?? 0, $0.isReversed)
      }
    } + interfaces.map { watch(.interface, $0, 0, false) }
      + files.compactMap { tracked in
        configuration.trackFiles.first { $0.name == tracked.name }.map {
          watch(.file, tracked, $0.weight?.value ?? 1, $0.isReversed)
        }
      }
      + processes.compactMap { tracked in
        configuration.trackProcesses.first { $0.name == tracked.name }.map {
          watch(.process, tracked, $0.weight?.value ?? 0, $0.isReversed)
        }
      }
  }

  /// The sum before it is clamped. What a tracked file says is not known: it counts as 0.
  private func sum(failing: Set<Watch> = []) -> Int {
    guard !isOwner else { return priority }
    return priority
      + livingWatches.filter { $0.kind != .file }.reduce(0) { $0 + $1.bonus }
      + failing.filter { !ignoresWeight(of: $0) }.reduce(0) { $0 + $1.change }
  }

  /// The effective priority while every check is good: 1…254, or 255.
  var healthyPriority: Int { clamped(sum()) }

  /// The effective priority while these fail; nil: the instance is in fault.
  func priority(failing: Set<Watch>) -> Int? {
    failing.contains { $0.weight == 0 } ? nil : clamped(sum(failing: failing))
  }

  /// Without the bounds, to see whether they cost something.
  func unclampedPriority(failing: Set<Watch> = []) -> Int { sum(failing: failing) }

  private func clamped(_ sum: Int) -> Int { isOwner ? Self.owner : min(max(sum, 1), 254) }
}

extension Configuration {
  func script(named name: String) -> Script? { scripts.first { $0.name == name } }
}
