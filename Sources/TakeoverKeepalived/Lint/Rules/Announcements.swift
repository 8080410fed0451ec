// What the network is told after a takeover, and how often.

internal import TakeoverModel

enum RefreshIsUnset: LintRule {
  static let declaration = Rule(
    "KA090", .warning, "garp_master_refresh is not set",
    "The master announces its addresses when it becomes master, and never again: garp_master_refresh is "
      + "0 by default. A client or a switch that misses that moment talks to the old node until its "
      + "entry expires, and forever while the old node still answers.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.filter { $0.refresh <= .zero && !$0.instance.addresses.isEmpty }.map { seat in
      finding(
        at: seat.refreshPlace, of: seat,
        pair.profile.isHAVIP
          ? "announces its addresses only when it becomes master: a HAVIP whose announcement is lost "
            + "stays bound to the other node"
          : "announces its addresses only when it becomes master: whoever misses that keeps talking to "
            + "the old node until its entry expires",
        mend: "garp_master_refresh 5")
    }
  }
}

enum SecondBurstIsOff: LintRule {
  static let declaration = Rule(
    "KA091", .warning, "garp_master_delay 0",
    "The second burst of announcements, garp_master_delay after the first, is for switches whose port "
      + "was not forwarding yet and clients that missed the first. 0 turns it off.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      let written = seat.instance.announcing.delay ?? seat.globals.announcing.delay
      guard let written, written.value <= .zero else { return nil }
      return finding(
        at: written.place, of: seat,
        "garp_master_delay 0: there is no second burst, and what misses the first is not told again"
          + (seat.refresh > .zero ? " before \(Words.time(seat.refresh)) have passed" : ""),
        mend: "garp_master_delay 1")
    }
  }
}

enum BurstIsSlow: LintRule {
  static let declaration = Rule(
    "KA093", .warning, "announcements are spread over more than a second",
    "garp_interval and gna_interval put a pause between two announcements. With many addresses and "
      + "repetitions the last address is announced late.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      let announcing = seat.instance.announcing
      let global = seat.globals.announcing
      let written =
        seat.isV4
        ? announcing.interval ?? global.interval
        : announcing.neighbourInterval ?? global.neighbourInterval
      guard let written, written.value > .zero else { return nil }
      let count = seat.all.filter { $0.value.address?.isV4 == seat.isV4 }.count
      let whole = written.value * (count * seat.repetitions)
      guard whole > .seconds(1) else { return nil }
      return finding(
        at: written.place, of: seat,
        "\(Words.count(count, "address", "addresses")) · \(seat.repetitions) announcements at "
          + "\(Words.time(written.value)) each take \(Words.time(whole))",
        mend: "garp_master_repeat 1, or a shorter interval")
    }
  }
}

enum LowerPriorityIsNotAnswered: LintRule {
  static let declaration = Rule(
    "KA094", .warning, "a master does not answer a lower one",
    "After a time with two masters the better one hears the other, advertises and announces again; "
      + "lower_prio_no_advert and garp_lower_prio_repeat 0 take that away, and the last announcement "
      + "on the wire may be the loser's.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.seats.compactMap { seat -> LintFinding? in
      guard !seat.isStrict else { return nil }
      let silent =
        seat.instance.lowerPrioritySendsNoAdvert ?? seat.globals.lowerPrioritySendsNoAdvert
      let repeats =
        seat.instance.announcing.lowerPriorityRepeat ?? seat.globals.announcing.lowerPriorityRepeat
      if let silent, silent.value {
        return finding(
          at: silent.place, of: seat,
          "lower_prio_no_advert: after a time with two masters the other node stays master until it "
            + "hears the next advertisement, and its announcements are not overridden at once",
          mend: "remove lower_prio_no_advert")
      }
      if let repeats, repeats.value <= 0 {
        return finding(
          at: repeats.place, of: seat,
          "garp_lower_prio_repeat 0: after a time with two masters the last announcement is the "
            + "loser's, and clients stay with it",
          mend: "garp_lower_prio_repeat 1")
      }
      return nil
    }
  }
}

extension Seat {
  private var writtenRefresh: Placed<Duration>? {
    instance.announcing.refresh ?? globals.announcing.refresh
  }
  var refresh: Duration { writtenRefresh?.value ?? .zero }
  var refreshPlace: Place { writtenRefresh?.place ?? instance.place }
  var repetitions: Int {
    instance.announcements(in: globals).repeat
  }
}
