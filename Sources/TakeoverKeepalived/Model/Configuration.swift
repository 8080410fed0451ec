// One keepalived.conf(5) as the daemon reads it: what is written, each with its place. What a missing
// keyword means is said by the computed properties, which know the global defaults, too.

package import TakeoverModel

package struct Configuration: Hashable, Sendable {
  /// The file that was read first; includes are in the places.
  package var file: String
  package var globals = Globals()
  package var instances: [Instance] = []
  package var groups: [SyncGroup] = []
  package var scripts: [Script] = []
  package var trackFiles: [TrackFile] = []
  package var trackProcesses: [TrackProcess] = []
  /// Whether it has virtual servers (LVS): the check processes are not this reader's.
  package var hasVirtualServers = false
  /// The words of every keyword that the daemon would not know there, or that was not read further.
  package var unknown: [Placed<String>] = []
  /// What the daemon says of the text, or should: each with its place.
  package var remarks: [Remark] = []

  package init(file: String) { self.file = file }
}

/// Something about the text itself, found while it was read.
package struct Remark: Hashable, Sendable {
  package enum Gravity: String, Hashable, Sendable {
    /// `keepalived -t` ends with a status other than 0.
    case refused
    /// The daemon says so in its log and goes on, with the value that the sentence names.
    case corrected
    /// The daemon says nothing, and does something else than what is written.
    case silent
  }

  /// What it is about, where others have more to say of it than this room's reader.
  package enum Subject: Hashable, Sendable {
    /// Something tracked that is defined nowhere.
    case undefinedCheck(String)
    case scriptWithoutCommand(String)
    /// An address of the other family than the instance's.
    case addressOfOtherFamily(String)
    /// A peer or a source of the other family.
    case peerOfOtherFamily(String)
    case notLinkLocal
    case ownInterfaceTracked
    case noPrefix
    case insecureScripts
  }

  package var gravity: Gravity
  package var place: Place
  /// What is wrong, and what the daemon does about it, in one sentence.
  package var sentence: String
  /// What to write instead.
  package var remedy: String
  /// No daemon speaks VRRP with this text; otherwise it does, without what is refused.
  package var isFatal = false
  package var subject: Subject?

  package init(
    _ gravity: Gravity, at place: Place, _ sentence: String, remedy: String, isFatal: Bool = false,
    about subject: Subject? = nil
  ) {
    self.gravity = gravity
    self.isFatal = isFatal
    self.subject = subject
    self.place = place
    self.sentence = sentence
    self.remedy = remedy
  }
}

/// `global_defs`, as far as VRRP is concerned.
package struct Globals: Hashable, Sendable {
  package var routerID: Placed<String>?
  /// `vrrp_version`; the daemon's default is 2.
  package var version: Placed<Int>?
  package var isStrict: Placed<Bool>?
  package var scriptUser: Placed<String>?
  package var scriptSecurity: Placed<Bool>?
  package var announcing = Announcing()
  /// `vrrp_priority`, `vrrp_rt_priority`, `vrrp_no_swap`: what keeps the process from waiting.
  package var realTimePriority: Placed<Int>?
  /// `vrrp_rlimit_rttime`, in microseconds (RLIMIT_RTTIME, setrlimit(2)); the daemon's default is 10,000.
  package var realTimeLimit: Placed<Int>?
  package var processPriority: Placed<Int>?
  package var downTimerAdverts: Placed<Int>?
  package var dynamicInterfaces: Placed<Bool>?
  package var skipsCheckOfAdvertAddresses: Placed<Bool>?
  package var multicastGroup: Placed<String>?
  package var multicastGroupV6: Placed<String>?
  package var startupDelay: Placed<Duration>?
  package var notifyFIFO: Placed<String>?
  package var nftables: Placed<String>?
  package var iptables: Placed<String>?
  package var nopreemptByDefault: Placed<Bool>?
  package var lowerPrioritySendsNoAdvert: Placed<Bool>?
  package var higherPrioritySendsAdvert: Placed<Bool>?
  package var checksUnicastSource: Placed<Bool>?
  package var defaultInterface: Placed<String>?
  package var netNamespace: Placed<String>?
  package var instanceName: Placed<String>?

  package init() {}
}

/// The gratuitous ARP and neighbour advertisement keywords, which stand in `global_defs` as defaults
/// (`vrrp_garp_…`) and in an instance (`garp_…`).
package struct Announcing: Hashable, Sendable {
  /// `garp_master_delay`: from becoming master to the second burst; the daemon's default is 5 s.
  package var delay: Placed<Duration>?
  /// `garp_master_repeat`: frames of each burst; the daemon's default is 5.
  package var `repeat`: Placed<Int>?
  /// `garp_master_refresh`: the least time between refreshes while master; the default is 0, none.
  package var refresh: Placed<Duration>?
  package var refreshRepeat: Placed<Int>?
  package var lowerPriorityDelay: Placed<Duration>?
  package var lowerPriorityRepeat: Placed<Int>?
  package var interval: Placed<Duration>?
  package var neighbourInterval: Placed<Duration>?

  package init() {}
}

/// A `vrrp_instance`.
package struct Instance: Hashable, Sendable {
  package enum State: String, Hashable, Sendable { case master = "MASTER", backup = "BACKUP" }
  package enum Family: Hashable, Sendable { case v4, v6 }

  package var name: String
  package var place: Place
  package var state: Placed<State>?
  package var interface: Placed<String>?
  package var routerID: Placed<Int>?
  package var priority: Placed<Int>?
  /// As the daemon takes it, before the version rounds it (`advertInterval(in:)` does).
  package var advertInterval: Placed<Duration>?
  package var version: Placed<Int>?
  package var authentication: Authentication?
  /// What the first address, peer or source of it said; all others have to be of this family.
  package var family: Family?
  package var preempts: Placed<Bool>?
  package var preemptDelay: Placed<Duration>?
  package var unicastSource: Placed<String>?
  /// The place of `unicast_peer`, also where it is empty; nil: there is none.
  package var unicastBlock: Place?
  package var unicastPeers: [Placed<String>] = []
  /// The first keyword that speaks of unicast: without peers it means nothing (or a fault).
  package var unicastKeyword: Place?
  /// `unicast_fault_no_peer` (from 2.2.5): no peers, no instance, instead of multicast.
  package var faultsWithoutPeers: Placed<Bool>?
  package var unicastTTL: Placed<Int>?
  package var multicastGroup: Placed<String>?
  package var tracksSource: Placed<Bool>?
  package var multicastSource: Placed<String>?
  package var checksUnicastSource: Placed<Bool>?
  package var addresses: [Placed<HeldAddress>] = []
  package var excludedAddresses: [Placed<HeldAddress>] = []
  /// The lines of virtual_routes and virtual_rules, as they stand.
  package var routes: [Placed<String>] = []
  package var rules: [Placed<String>] = []
  package var interfaces: [Tracked] = []
  package var scripts: [Tracked] = []
  package var files: [Tracked] = []
  package var processes: [Tracked] = []
  package var doesNotTrackPrimary: Placed<Bool>?
  package var announcing = Announcing()
  package var virtualMAC: Placed<String>?
  package var baseTransmits: Placed<Bool>?
  package var isStrict: Placed<Bool>?
  package var accepts: Placed<Bool>?
  package var downTimerAdverts: Placed<Int>?
  /// Every notify_… keyword and its words.
  package var notifies: [Placed<[String]>] = []
  package var skipsCheckOfAdvertAddresses: Placed<Bool>?
  package var nativeV6: Placed<Bool>?
  package var promotesSecondaries: Placed<Bool>?
  /// `timer_expired_backup` (from 2.3.2): the highest priority of the others.
  package var timerExpiredBackup: Placed<Int>?
  /// `no_virtual_ipaddress` (from 2.3): an instance may go without addresses.
  package var needsNoAddress: Placed<Bool>?
  package var higherPrioritySendsAdvert: Placed<Bool>?
  package var lowerPrioritySendsNoAdvert: Placed<Bool>?

  package init(_ name: String, at place: Place) {
    self.name = name
    self.place = place
  }

  package struct Authentication: Hashable, Sendable {
    package var type: Placed<String>?
    /// As it stands in the file; the daemon compares its first eight bytes. Never printed.
    package var password: Placed<String>?

    package init(type: Placed<String>? = nil, password: Placed<String>? = nil) {
      self.type = type
      self.password = password
    }
  }
}

/// A line of virtual_ipaddress: `ADDRESS[/PREFIX] [brd …] [dev IF] [scope …] [label …] [no_track]`.
package struct HeldAddress: Hashable, Sendable {
  /// nil: what stands there is no address.
  package var address: IPAddress?
  package var text: String
  package var prefix: Int?
  package var device: String?
  package var label: String?
  /// `brd`, `scope` as they stand.
  package var broadcast: String?
  package var scope: String?
  /// `no_track`: the loss of its device (`dev`) is not a fault of the instance.
  package var isUntracked = false

  package init(_ text: String, address: IPAddress? = nil, prefix: Int? = nil) {
    self.text = text
    self.address = address
    self.prefix = prefix
  }
}

/// A name below track_interface, track_script, track_file or track_process.
package struct Tracked: Hashable, Sendable {
  package var name: String
  package var place: Place
  /// nil: none is written here; the tracked thing's own counts.
  package var weight: Int?
  package var isReversed = false

  package init(_ name: String, at place: Place, weight: Int? = nil, isReversed: Bool = false) {
    self.name = name
    self.place = place
    self.weight = weight
    self.isReversed = isReversed
  }
}

package struct SyncGroup: Hashable, Sendable {
  package var name: String
  package var place: Place
  package var members: [Placed<String>] = []
  package var scripts: [Tracked] = []
  package var interfaces: [Tracked] = []
  package var files: [Tracked] = []
  package var processes: [Tracked] = []
  package var notifies: [Placed<[String]>] = []
  /// `global_tracking`, `sync_group_tracking_weight`: members keep the weights they track with.
  package var globalTracking: Placed<Bool>?

  package init(_ name: String, at place: Place) {
    self.name = name
    self.place = place
  }
}

/// A `vrrp_script`; defaults: interval 1 s, timeout the interval, fall 1, rise 1, weight 0.
package struct Script: Hashable, Sendable {
  package var name: String
  package var place: Place
  /// The command's words, as the daemon splits them.
  package var command: Placed<[String]>?
  package var interval: Placed<Duration>?
  package var timeout: Placed<Duration>?
  package var fall: Placed<Int>?
  package var rise: Placed<Int>?
  package var weight: Placed<Int>?
  package var isReversed = false
  package var user: Placed<String>?
  package var startsFailed: Placed<Bool>?

  package init(_ name: String, at place: Place) {
    self.name = name
    self.place = place
  }
}

package struct TrackFile: Hashable, Sendable {
  package var name: String
  package var place: Place
  package var path: Placed<String>?
  package var weight: Placed<Int>?
  package var isReversed = false
  package var initial: Placed<Int>?

  package init(_ name: String, at place: Place) {
    self.name = name
    self.place = place
  }
}

package struct TrackProcess: Hashable, Sendable {
  package var name: String
  package var place: Place
  package var process: Placed<String>?
  package var weight: Placed<Int>?
  package var isReversed = false
  package var quorum: Placed<Int>?
  package var quorumMax: Placed<Int>?
  package var delay: Placed<Duration>?
  package var terminateDelay: Placed<Duration>?
  package var forkDelay: Placed<Duration>?

  package init(_ name: String, at place: Place) {
    self.name = name
    self.place = place
  }
}
