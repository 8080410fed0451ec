// The priority an instance advertises, and when it is in FAULT, given what is down (keepalived 2.2.7,
// vrrp/vrrp_track.c).

/// What an instance tracks, with the weight that counts.
package struct Track: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case interface, script, file, process }

  package var kind: Kind
  package var name: String
  /// 0: its loss is a FAULT.
  package var weight: Int
  package var isReversed: Bool
  /// nil: by itself, as the instance's own interface is.
  package var place: Place?

  package init(
    _ kind: Kind, _ name: String, weight: Int = 0, isReversed: Bool = false, place: Place? = nil
  ) {
    self.kind = kind
    self.name = name
    self.weight = weight
    self.isReversed = isReversed
    self.place = place
  }
}

/// What is down, of what is tracked; everything else is up.
package struct TrackedState: Hashable, Sendable {
  package var interfaces: Set<String>
  package var scripts: Set<String>
  package var processes: Set<String>
  /// The numbers in the tracked files; 0 where none is given.
  package var files: [String: Int]

  package init(
    interfaces: Set<String> = [], scripts: Set<String> = [], processes: Set<String> = [],
    files: [String: Int] = [:]
  ) {
    self.interfaces = interfaces
    self.scripts = scripts
    self.processes = processes
    self.files = files
  }

  /// Everything works.
  package static let allUp = TrackedState()
}

package enum EffectivePriority: Hashable, Sendable {
  /// 1 to 254; 255 for an owner.
  case priority(Int)
  /// In FAULT, because of these.
  case fault([Track])
}

extension Configuration {
  package func group(of instance: Instance) -> SyncGroup? {
    groups.first { $0.members.contains { $0.value == instance.name } }
  }

  /// All that an instance tracks: its own, its group's, its interface, the devices of its addresses.
  /// In a group without `sync_group_tracking_weight`, and for an owner, weights of the instance's own
  /// are left out, and with them scripts and files that have one.
  package func tracks(of instance: Instance) -> [Track] { TrackLookup(self).tracks(of: instance) }

  /// The base priority and the weights, kept within 1 to 254. A positive weight counts while its thing
  /// is up, a negative one while it is down, a reversed one the other way of the scale; a weight of 0
  /// is a FAULT while the thing is down (reversed: up). An owner's priority never moves.
  package func effectivePriority(of instance: Instance, _ state: TrackedState = .allUp)
    -> EffectivePriority
  {
    var total = instance.basePriority
    var faults: [Track] = []
    for track in tracks(of: instance) {
      switch effect(of: track, state) {
      case .some(let change): total += change
      case nil: faults.append(track)
      }
    }
    if !faults.isEmpty { return .fault(faults) }
    return .priority(instance.isOwner ? 255 : min(max(total, 1), 254))
  }

  /// What a track adds; nil: FAULT.
  private func effect(of track: Track, _ state: TrackedState) -> Int? {
    let sign = track.isReversed ? -1 : 1
    if track.kind == .file {
      let value = state.files[track.name] ?? 0
      guard track.weight != 0 else { return (value != 0) != track.isReversed ? nil : 0 }
      let change = value * track.weight * sign
      return change <= -254 ? nil : min(change, 253)
    }
    let isDown =
      switch track.kind {
      case .interface: state.interfaces.contains(track.name)
      case .script: state.scripts.contains(track.name)
      case .process: state.processes.contains(track.name)
      case .file: false
      }
    guard track.weight != 0 else { return isDown != track.isReversed ? nil : 0 }
    return (track.weight > 0) == isDown ? 0 : track.weight * sign
  }
}

/// Finds by names what instances track: made once for a configuration.
struct TrackLookup {
  private let scripts: [String: Script]
  private let files: [String: TrackFile]
  private let processes: [String: TrackProcess]
  private let groups: [String: SyncGroup]
  private let groupsWithOwner: Set<String>

  init(_ configuration: Configuration) {
    func byName<Value>(_ values: [Value], _ name: (Value) -> String) -> [String: Value] {
      Dictionary(values.map { (name($0), $0) }) { first, _ in first }
    }
    scripts = byName(configuration.scripts, \.name)
    files = byName(configuration.trackFiles, \.name)
    processes = byName(configuration.trackProcesses, \.name)
    groups = Dictionary(
      configuration.groups.flatMap { group in group.members.map { ($0.value, group) } }
    ) { first, _ in first }
    let owners = Set(configuration.instances.filter(\.isOwner).map(\.name))
    groupsWithOwner = Set(
      configuration.groups.filter { $0.members.contains { owners.contains($0.value) } }.map(\.name))
  }

  func group(of instance: Instance) -> SyncGroup? { groups[instance.name] }

  func tracks(of instance: Instance) -> [Track] {
    let group = group(of: instance)
    let losesWeights =
      instance.isOwner || group.map { !($0.globalTracking?.value ?? false) } ?? false
    var tracks = written(instance).compactMap { track -> Track? in
      guard losesWeights, track.weight != 0, track.kind != .process else { return track }
      let staysWithout =
        track.kind == .interface ? !instance.isOwner : track.kind == .file && track.weight == 1
      return staysWithout ? Track(track.kind, track.name, place: track.place) : nil
    }
    if let group {
      let ownsAny = groupsWithOwner.contains(group.name)
      tracks += written(group.interfaces, group.scripts, group.files, group.processes).map {
        ownsAny ? Track($0.kind, $0.name, place: $0.place) : $0
      }
    }
    return tracks + unwritten(instance, besides: tracks)
  }

  /// The instance's interface, and the devices of its addresses.
  private func unwritten(_ instance: Instance, besides tracks: [Track]) -> [Track] {
    var known = Set(tracks.filter { $0.kind == .interface }.map(\.name))
    var more: [Track] = []
    if let interface = instance.interface?.value {
      if !(instance.doesNotTrackPrimary?.value ?? false) {
        more.append(Track(.interface, interface))
      }
      known.insert(interface)
    }
    for held in instance.addresses + instance.excludedAddresses where !held.value.isUntracked {
      guard let device = held.value.device, known.insert(device).inserted else { continue }
      more.append(Track(.interface, device, place: held.place))
    }
    return more
  }

  /// The lines of an instance, with the weights they have; its own interface is tracked anyway, and a
  /// line for it is left out.
  func written(_ instance: Instance) -> [Track] {
    written(instance.interfaces, instance.scripts, instance.files, instance.processes)
      .filter { $0.kind != .interface || $0.name != instance.interface?.value }
  }

  private func written(
    _ interfaces: [Tracked], _ scripts: [Tracked], _ files: [Tracked], _ processes: [Tracked]
  ) -> [Track] {
    func track(_ kind: Track.Kind, _ tracked: Tracked, _ weight: Int?, _ isReversed: Bool?) -> Track
    {
      Track(
        kind, tracked.name, weight: tracked.weight ?? weight ?? 0,
        isReversed: tracked.isReversed || isReversed ?? false, place: tracked.place)
    }
    return interfaces.map { track(.interface, $0, 0, false) }
      + scripts.map {
        let script = self.scripts[$0.name]
        return track(.script, $0, script?.effectiveWeight, script?.isReversed)
      }
      + files.map {
        let file = self.files[$0.name]
        return track(.file, $0, file?.weight?.value ?? 1, file?.isReversed)
      }
      + processes.map {
        let process = self.processes[$0.name]
        return track(.process, $0, process?.weight?.value, process?.isReversed)
      }
  }
}
