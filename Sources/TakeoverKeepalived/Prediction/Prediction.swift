// What a blow must cost a pair, by VRRP's arithmetic and by how keepalived goes about it. Pure.

package import TakeoverModel

package struct Prediction: Sendable {
  let holder: Speaker
  let standby: Speaker
  /// The site's.
  let addresses: Set<IPAddress>
  /// What a node is once it has read another configuration, by its name.
  let reread: [Rereading: [String: Reread]]

  package init(
    holder: Speaker, standby: Speaker, addresses: Set<IPAddress> = [],
    reread: [Rereading: [String: Reread]] = [:]
  ) {
    self.holder = holder
    self.standby = standby
    self.addresses = addresses
    self.reread = reread
  }

  /// `hold`: when it is healed; nil: not before all is over.
  package func outlook(
    of consequence: Consequence, striking target: Target, for hold: Duration? = nil
  ) -> Forecast.Outlook {
    let whole: Forecast.Outlook
    switch hit(target) {
    case .holder: whole = strikingHolder(resolved(consequence, at: holder))
    case .standby: whole = strikingStandby(resolved(consequence, at: standby))
    case .both: whole = strikingBoth(consequence)
    case .machine: whole = strikingMachine(consequence)
    }
    guard let hold, let promise = whole.promise, promise.taker != nil,
      isUndone(consequence, at: target)
    else { return whole }
    if hold >= promise.afterBlow.atMost { return whole }
    return hold < promise.afterBlow.atLeast
      ? .promised(stays("after \(TimeText.chosen(hold)) it is healed, before the takeover is due"))
      : .silent(
        "held for \(TimeText.chosen(hold)) it may be healed before the takeover is due, at most "
          + "\(TimeText.chosen(promise.afterBlow.atMost)) after the blow")
  }

  enum Hit { case holder, standby, both, machine }

  func hit(_ target: Target) -> Hit {
    switch target {
    case .holder: .holder
    case .standby: .standby
    case .both: .both
    case .machine: .machine
    case .node(let name):
      name == holder.node ? .holder : name == standby.node ? .standby : .machine
    }
  }

  /// Whether nothing comes of it where it is healed in time: nobody has left, and nobody has died.
  private func isUndone(_ consequence: Consequence, at target: Target) -> Bool {
    let speaker = hit(target) == .standby ? standby : holder
    return switch resolved(consequence, at: speaker) {
    case .silence(.frozen), .unheard, .cutOff, .deaf, .late, .checkFails, .checkHangs, .checkSlow,
      .checkFlaps, .linkDown:
      true
    default: false
    }
  }

  /// In the words of this speaker's configuration: what lies beside it is nothing, or not known.
  func resolved(_ consequence: Consequence, at speaker: Speaker) -> Consequence {
    switch consequence {
    case .along(let name, let inner):
      return resolved(
        speaker.interface.map { $0 == name } ?? true ? inner : .beside("what goes by \(name)"),
        at: speaker)
    case .beside(let what):
      return speaker.watched.isEmpty
        ? .nothing
        : .open(
          "whether \(speaker.watched.joined(separator: " and ")) of \(speaker.node) notices \(what) "
            + "is not known")
    case .undiscovered:
      return speaker.dialect.isV4 || !speaker.dialect.travel.isUnicast
        ? .nothing
        : .open("a unicast peer is not found any more when its neighbour entry ages")
    case .paced(let parts):
      // At most a tenth (adjtimex(2)), so a second advertisement always comes in time.
      return standby.downAdverts > 1
        ? .nothing : .open("one advertisement that is late by \(parts) parts per million is missed")
    case .linkDown(let name) where isOwn(name, of: speaker):
      return .silence(speaker.tracksInterface ? .gone : .frozen)
    case .linkDown(let name):
      guard let link = speaker.links.first(where: { $0.name == name }) else { return .nothing }
      return link.priorityLeft == nil ? .goodbye : consequence
    case .checkSlow(let program, let delay):
      return slowed(program, by: delay, at: speaker)
    default: return consequence
    }
  }

  func isOwn(_ interface: String?, of speaker: Speaker) -> Bool {
    interface == nil || interface == speaker.interface
  }

  // MARK: - At the holder

  private func strikingHolder(_ consequence: Consequence) -> Forecast.Outlook {
    switch consequence {
    case .nothing, .deaf, .goodbyesLost, .claims, .undiscovered, .paced:
      .promised(stays("a holder that advertises is not replaced"))
    case .goodbye: .promised(returning(leaving, asBackup: true))
    case .departure: .promised(restarting(leaving))
    case .silence(let remains): .promised(falling(silent: remains))
    case .unheard, .cutOff: .promised(falling(silent: .frozen))
    case .late(let delay): late(delay)
    case .linkDown(let name): lowered(by: name)
    case .linkFlaps(let name, let down): flapping(name, down: down)
    case .addressesGone: lettingGo
    case .checkFails(let program): failing(program, taking: nil)
    case .checkHangs(let program): failing(program, taking: \.timeout)
    case .checkFlaps(let program, let period): flapping(program, every: period)
    case .rereads(let reading): holderReads(reading)
    case .rival: .silent("the other speaker is a node of the pair itself")
    case .open(let reason), .beside(let reason): .silent(reason)
    case .along(_, let inner): strikingHolder(inner)
    case .checkSlow(let program, _): failing(program, taking: \.timeout)
    }
  }

  /// From the goodbye on.
  var leaving: Forecast.Promise { taking(after: skew, .goodbye, .nobody) }

  func falling(silent remains: Consequence.Remains) -> Forecast.Promise {
    switch remains {
    // keepalived's parent starts it anew at once the first time, then after 1, 2, 4 … 60 s.
    case .kept, .restarted:
      returning(taking(after: masterDown, .silence, .both), asBackup: true)
    case .gone: returning(taking(after: masterDown, .silence, .nobody), asBackup: true)
    case .off: restarting(taking(after: masterDown, .silence, .nobody))
    case .frozen: returning(taking(after: masterDown, .silence, .both), asBackup: false)
    }
  }

  /// keepalived 2.2.7 and 2.3.3 (core/keepalived_netlink.c, set_vrrp_backup): it says goodbye, and waits
  /// its own skew while the other waits its own.
  private var lettingGo: Forecast.Outlook {
    guard holder.daemon >= .bookworm else {
      return .silent(
        "what keepalived \(holder.daemon) does when its address is taken away is not known")
    }
    let own = skew(priority: holder.priority, by: holder.timers(behind: holder))
    let other = skew
    guard max(own.length - other.length, other.length - own.length) > Self.race else {
      return .silent(
        "both nodes wait their skews, which differ by less than timers are sure to keep")
    }
    guard own.length < other.length else {
      return .promised(returning(leaving, asBackup: true))
    }
    var promise = stays("it lets go, and has them back before \(standby.node): \(own.formula)")
    promise.lapse = own.length + Self.toSayGoodbye
    return .promised(promise)
  }

  // MARK: - At the standby

  private func strikingStandby(_ consequence: Consequence) -> Forecast.Outlook {
    switch consequence {
    case .deaf, .cutOff: .promised(deafened)
    case .rereads(let reading): standbyReads(reading)
    case .claims: .silent(Self.notByVRRP)
    case .late(let delay) where delay.most >= .seconds(1) && standby.dialect.travel.isUnicast:
      .silent("a standby that answers late is not found by its unicast peer")
    case .linkFlaps(let name, let down)
    where isOwn(name, of: standby) && !standby.tracksInterface
      && down + holder.interval >= masterDown.length:
      .silent("a standby that does not track its link takes over for itself, and meets the holder")
    case .rival: .silent("the other speaker is a node of the pair itself")
    case .open(let reason): .silent(reason)
    default: .promised(stays("the standby was struck"))
    }
  }

  private var deafened: Forecast.Promise {
    var promise = taking(after: masterDown, .silence, .both)
    // The holder advertises on. Of several instances it is not known whose advertisement was the last: the
    // waiting counts from the blow then, as `afterBlow` does.
    promise.origin = promise.point == nil ? .blow : .lastHeard
    return promise
  }

  private static let notByVRRP =
    "VRRP does not hear of it: the holder goes on, and whom each client believes is its own affair"

  // MARK: - At both, or at neither

  private func strikingBoth(_ consequence: Consequence) -> Forecast.Outlook {
    let meant = resolved(consequence, at: holder)
    let other = resolved(consequence, at: standby)
    for case .open(let reason) in [meant, other] { return .silent(reason) }
    guard meant == other else {
      return .silent("it strikes both nodes, and means something else to each of them")
    }
    switch meant {
    case .goodbye, .departure, .silence: return .promised(nobody(after: meant, and: meant))
    case .nothing, .goodbyesLost, .unheard, .cutOff, .late: return strikingHolder(meant)
    case .deaf: return .promised(deafened)
    case .claims: return .silent(Self.notByVRRP)
    default:
      return .silent("it strikes both nodes, and which of them it reaches first decides")
    }
  }

  /// Both are gone until the healing. Then both wait M, and the first of them takes over; a stronger
  /// one that preempts has the addresses in the end.
  func nobody(after own: Consequence, and other: Consequence) -> Forecast.Promise {
    switch own {
    case .silence(.kept), .silence(.frozen):
      return stays("both daemons are silent, and the holder's kernel goes on answering")
    default: break
    }
    var promise = stays("both nodes are gone, and nobody is left to take over")
    promise.meanwhile = .nobody
    promise.afterBlow = Elapsed(atLeast: .zero, atMost: Self.toSayGoodbye)
    guard own == .goodbye, other == .goodbye, holder.priority > standby.priority, holder.preempts
    else {
      return promise
    }
    promise.returns = true
    promise.returnWait = returnWait
    return promise
  }

  private func strikingMachine(_ consequence: Consequence) -> Forecast.Outlook {
    switch consequence {
    case .nothing: .promised(stays("no node of the pair is struck"))
    case .claims: .silent(Self.notByVRRP)
    case .rival(let rival): rivalry(rival)
    case .open(let reason): .silent(reason)
    default: .silent("what it means to a machine beside the pair is not known")
    }
  }
}
