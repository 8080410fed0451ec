// Who is master by the wire. A node is master from its first advertisement until it gives up
// (priority 0) or falls silent; the holder is whoever began most recently.

internal import TakeoverModel

/// A stretch of advertisements without a gap.
struct AdvertisingSpan: Hashable, Sendable {
  var node: String
  var first: Interval
  var last: Interval
  var interval: Duration
  var gaveUp: Bool

  /// When its silence is plain.
  var silent: Moment { last.latest + interval * Mastership.patience }

  /// Whether it may have been advertising then.
  func covers(_ when: Interval) -> Bool {
    first.earliest <= when.latest && when.earliest <= (gaveUp ? last.latest : silent)
  }
}

extension Collection<AdvertisingSpan> {
  /// Whether the node whose spans these are was the master by the wire; nil: that cannot be told, just
  /// after its last advertisement.
  func advertise(_ when: Interval) -> Bool? {
    if contains(where: { $0.first.latest <= when.earliest && when.latest <= $0.last.earliest }) {
      return true
    }
    return contains { $0.covers(when) } ? nil : false
  }
}

struct Mastership: Sendable {
  /// So many of its own intervals without an advertisement end a node's mastership. A backup waits
  /// for three (RFC 9568 6.1), so one lost frame makes no change, and whoever was replaced and
  /// comes back has been silent for longer.
  static let patience = 2.5

  let spans: [AdvertisingSpan]
  private let seenUntil: Moment

  /// `advertised` is sorted by time; what is silent at `seenUntil` may yet go on.
  init(_ advertised: [Advertised], seenUntil: Moment) {
    self.seenUntil = seenUntil
    var open: [String: AdvertisingSpan] = [:]
    var done: [AdvertisingSpan] = []
    for one in advertised {
      var span = open.removeValue(forKey: one.node)
      if let old = span,
        one.when.middle.since(old.last.middle) > old.interval * Self.patience
      {
        done.append(old)
        span = nil
      }
      if one.priority == 0 {
        if var old = span {
          old.last = one.when
          old.gaveUp = true
          done.append(old)
        }
        continue
      }
      var current =
        span
        ?? AdvertisingSpan(
          node: one.node, first: one.when, last: one.when, interval: one.interval, gaveUp: false)
      current.last = one.when
      current.interval = one.interval
      open[one.node] = current
    }
    spans = (done + open.values).sorted {
      ($0.first.middle, $0.node) < ($1.first.middle, $1.node)
    }
  }

  /// Who was master at the moment, by the wire alone.
  func holder(at moment: Moment) -> String? {
    spans.last { $0.covers(Interval(at: moment)) }?.node
  }

  /// Changes of the holder, in order. `first` held before anything was seen; nil: not known.
  func transitions(from first: String?) -> [Transition] {
    struct Turn {
      var at: Interval
      var begins: Bool
      var span: AdvertisingSpan
    }
    let turns =
      (spans.map { Turn(at: $0.first, begins: true, span: $0) }
      + spans.filter { $0.gaveUp || $0.silent <= seenUntil }
      .map { Turn(at: $0.last, begins: false, span: $0) })
      .sorted {
        ($0.at.middle, $0.begins ? 0 : 1, $0.span.node)
          < ($1.at.middle, $1.begins ? 0 : 1, $1.span.node)
      }
    var holder = first
    var masters: [String] = []
    var transitions: [Transition] = []
    for turn in turns {
      let node = turn.span.node
      if turn.begins {
        masters.append(node)
        if node != holder {
          transitions.append(Transition(from: holder, to: node, at: turn.at))
          holder = node
        }
        continue
      }
      masters.removeAll { $0 == node }
      // Another one advertised all the while: the address is that one's as soon as this one is
      // silent, which shows within an interval.
      if holder == node, let left = masters.last {
        transitions.append(
          Transition(
            from: node, to: left,
            at: Interval(turn.at.earliest, turn.at.latest + turn.span.interval)))
        holder = left
      }
    }
    return transitions
  }
}
