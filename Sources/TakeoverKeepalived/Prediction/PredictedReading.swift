// What becomes of a pair when one of its nodes reads another configuration, or hears a speaker that is
// not of the pair: who believes whom, who is stronger (keepalived 2.2.7, vrrp/vrrp.c and
// vrrp/vrrp_scheduler.c).

package import TakeoverModel

/// What is left of the instance with the addresses.
package enum Reread: Hashable, Sendable {
  case speaker(Speaker)
  /// There is none any more.
  case gone
  /// It has no address.
  case bare
  case unknown(String)
}

extension Reread {
  /// `after`: with the other configuration; `before` is what it was.
  package init(_ after: Member, from before: Speaker, holding addresses: [IPAddress]) {
    guard before.instances == 1 else {
      self = .unknown("the addresses belong to \(before.instances) instances of \(before.node)")
      return
    }
    let configuration = after.configuration
    do throws(Complaint) {
      let speaker = try Speaker(after, holding: addresses)
      let refusal = configuration.remarks.first(where: \.isFatal)
      self =
        refusal.map { .unknown("keepalived would not speak VRRP with it: \($0.sentence)") }
        ?? .speaker(speaker)
    } catch {
      let left = configuration.instances.first {
        $0.routerID?.value == before.dialect.router
          && ($0.effectiveFamily == .v4) == before.dialect.isV4
      }
      self =
        left.map {
          ($0.addresses + $0.excludedAddresses).isEmpty ? .bare : .unknown(error.problem)
        } ?? .gone
    }
  }
}

extension Prediction {
  func holderReads(_ reading: Rereading) -> Forecast.Outlook {
    switch reread[reading]?[holder.node] {
    case nil: return .silent("the other configuration was not read")
    case .unknown(let reason): return .silent(reason)
    case .gone: return .promised(returning(leaving, asBackup: true))
    case .bare: return holderIsBare(restarts: reading.restarts)
    case .speaker(let new):
      if let reason = changesPeers(holder, new) { return .silent(reason) }
      return reading.restarts || !holder.dialect.isSameInstance(as: new.dialect)
        ? holderBeginsAnew(as: new) : holderGoesOn(as: new)
    }
  }

  /// 2.2.7 takes an instance of version 2 without addresses, whose peers refuse it; of one of version 3
  /// its process ends, and leaves them in the kernel.
  private func holderIsBare(restarts: Bool) -> Forecast.Outlook {
    guard holder.daemon == .bookworm else {
      return .silent(
        "what keepalived \(holder.daemon) makes of an instance without addresses is not known")
    }
    if restarts { return .promised(returning(leaving, asBackup: true)) }
    if holder.version == 3 { return .promised(falling(silent: .kept)) }
    return .promised(
      takingFromBlow(
        after: masterDown, spread: readingSpread,
        because: "\(standby.node) has another list of addresses", .nobody))
  }

  private var readingSpread: Elapsed {
    Elapsed(atLeast: max(Self.toRead, holder.interval), atMost: Self.toRead)
  }

  private func changesPeers(_ old: Speaker, _ new: Speaker) -> String? {
    guard case .unicast(let one) = old.dialect.travel, case .unicast(let two) = new.dialect.travel,
      one != two
    else { return nil }
    return "whether the other peers are the other node is not looked at"
  }

  /// It says goodbye as what it was, and is a backup as what it is now.
  private func holderBeginsAnew(as new: Speaker) -> Forecast.Outlook {
    var promise = returning(leaving, asBackup: true)
    switch new.dialect.belief(in: standby.dialect) {
    case .unknown(let reason): return .silent("it is not known \(reason)")
    case .refuses where new.dialect.travel == .fault: return .promised(promise)
    case .refuses:
      // Alone, for all that it believes, it is master as well, after its own M.
      promise.meanwhile = .both
      promise.returns = nil
    case .believes:
      guard new.preempts, new.priority > standby.priority else { break }
      // It has the addresses again before the healing, and is asked anew then.
      if standby.dialect.belief(in: new.dialect).isRefusal { promise.meanwhile = .both }
      if promise.returns == false || promise.meanwhile == .both { promise.returns = nil }
    }
    return .promised(promise)
  }

  /// A master stays one (vrrp_scheduler.c, vrrp_init_state), and advertises before the reload and after.
  private func holderGoesOn(as new: Speaker) -> Forecast.Outlook {
    switch standby.dialect.belief(in: new.dialect) {
    case .unknown(let reason): return .silent("it is not known \(reason)")
    case .refuses(let why):
      return .promised(
        takingFromBlow(
          after: masterDown, spread: readingSpread, because: "\(standby.node) \(why)", .both))
    case .believes: break
    }
    guard new.priority < standby.priority, standby.preempts else {
      // Between the last advertisement of old and the first of new there is the reading.
      let most = holder.interval + Self.toBeginAnew + new.interval
      guard most < masterDown.length else {
        return .silent(
          "its reload may keep it silent for \(TimeText.chosen(most)), and \(standby.node) waits for "
            + TimeText.value(masterDown.length, knownTo: .microseconds(1)))
      }
      return .promised(
        stays(
          new.priority < standby.priority
            ? "\(standby.node) has nopreempt, so a weaker master keeps its place"
            : "a master stays one, and \(standby.node) believes it and is not stronger"))
    }
    guard new.version == 2 || new.interval == holder.interval else {
      return .silent("whose interval \(standby.node) goes by when it overrules the master")
    }
    var wait = masterDown
    if standby.preemptDelay > .zero {
      wait.length += standby.preemptDelay
      wait.formula += " + \(TimeText.chosen(standby.preemptDelay))"
    }
    return .promised(
      returning(
        takingFromBlow(
          after: wait, spread: readingSpread,
          because: "priority \(new.priority) is less than \(standby.priority)", .holder),
        asBackup: true))
  }

  func standbyReads(_ reading: Rereading) -> Forecast.Outlook {
    switch reread[reading]?[standby.node] {
    case nil: return .silent("the other configuration was not read")
    case .unknown(let reason): return .silent(reason)
    case .gone, .bare: return .promised(stays("the standby has nothing to take over any more"))
    case .speaker(let new):
      if let reason = changesPeers(standby, new) { return .silent(reason) }
      return standbyIs(new, restarts: reading.restarts)
    }
  }

  /// It waits M anew, by its own interval until it believes an advertisement.
  private func standbyIs(_ new: Speaker, restarts: Bool) -> Forecast.Outlook {
    if new.dialect.travel == .fault { return .promised(stays("the standby is in FAULT")) }
    let anew = restarts || !standby.dialect.isSameInstance(as: new.dialect)
    let spread = Elapsed(
      atLeast: Self.toRead, atMost: anew ? Self.toRead + Self.toStart : Self.toRead)
    var wait = masterDown(priority: new.priority, by: new.timers(behind: new))
    switch new.dialect.belief(in: holder.dialect) {
    case .unknown(let reason): return .silent("it is not known \(reason)")
    case .refuses(let why):
      guard new.dialect.router == standby.dialect.router else {
        return .silent("what it advertises is another virtual router's, and is not counted here")
      }
      return .promised(
        takingFromBlow(after: wait, spread: spread, because: "\(new.node) \(why)", .both))
    case .believes: break
    }
    guard new.preempts, new.priority > holder.priority else {
      return wait.length > holder.interval + Self.toRun
        ? .promised(stays("the standby believes the holder and does not outrank it"))
        : .silent("the standby may give the holder up before the next advertisement")
    }
    wait.length += new.preemptDelay
    let believed = !holder.dialect.belief(in: new.dialect).isRefusal
    var promise = takingFromBlow(
      after: wait, spread: spread,
      because: "priority \(new.priority) is more than \(holder.priority)",
      believed ? .holder : .both)
    guard believed else { return .promised(promise) }
    promise = returning(promise, asBackup: true)
    // A restart for the healing says goodbye, and the old holder is the one that hears it.
    if restarts {
      promise.returns = true
      promise.returnWait = returnWait
    }
    return .promised(promise)
  }

  // MARK: - A speaker that is not of the pair

  /// A master that hears a higher priority gives up for it (vrrp_state_master_rx); a backup that may not
  /// overrule it waits for it to fall silent. Nobody of the pair has the addresses then.
  func rivalry(_ rival: Rival) -> Forecast.Outlook {
    let belief = holder.dialect.belief(
      in: Dialect(rival, toward: holder.dialect, addresses: addresses))
    let other = standby.dialect.belief(
      in: Dialect(rival, toward: standby.dialect, addresses: addresses))
    switch (belief, other) {
    case (.unknown(let reason), _), (_, .unknown(let reason)):
      return .silent("it is not known \(reason)")
    case (.refuses(let why), .refuses):
      return .promised(stays("\(holder.node) \(why), and believes nothing else"))
    case (.believes, .believes): break
    default: return .silent("one of the nodes believes it and the other one does not")
    }
    if rival.priority < holder.priority {
      return .promised(
        stays("a master of priority \(holder.priority) overrules one of \(rival.priority)"))
    }
    guard rival.priority > holder.priority else {
      return .silent(
        "of two masters of one priority the higher address wins, which is not compared")
    }
    guard !standby.preempts || rival.priority >= standby.priority else {
      return .silent("the standby overrules it, and gives the addresses to itself")
    }
    var promise = stays(
      "it gives up for priority \(rival.priority), and \(standby.node) waits for it, too")
    promise.meanwhile = .nobody
    promise.afterBlow = Elapsed(atLeast: .zero, atMost: rival.interval + Self.toSayGoodbye)
    return .promised(promise)
  }
}
