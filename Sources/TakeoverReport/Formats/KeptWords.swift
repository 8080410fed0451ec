// How kept connections and the requests on them fared, in words: the same in every format that people
// read.

internal import TakeoverModel

enum KeptWords {
  /// `client's connection 3 to 172.17.16.3 (a/web1)`
  static func name(_ connection: HeldConnection) -> String {
    "\(connection.vantage)'s connection \(connection.number) to \(connection.address)"
      + (connection.by.map { " (\($0))" } ?? "")
  }

  static func ending(_ fate: Fate) -> String {
    switch fate {
    case .reset: "was reset"
    case .closed: "was closed by the other side"
    case .timeout: "was given up by its own kernel"
    case .unreachable: "was given up, because nothing leads there any more"
    case .refused: "was refused"
    case .answered, .pending, .abandoned, .failed, .unsent: "broke down"
    }
  }

  /// `had no answer for at least 8.2 s and until the end, though its request had arrived`
  static func waiting(_ silence: HeldConnection.Silence) -> String {
    let arrived =
      switch silence.isAcknowledged {
      case true: ", though its request had arrived"
      case false: "; its request had not arrived anywhere"
      case nil: ""
      }
    return "had no answer for \(TimeText.least(silence.length.atLeast)) and until the end" + arrived
  }

  /// `was reset 464.8 ms ± 5.2 ms after the blow`
  static func fate(_ connection: HeldConnection, in trial: TrialTimeline) -> String {
    func since(_ when: Interval) -> String {
      trial.sinceBlow(when).map { " \($0) after the blow" } ?? ""
    }
    let made = connection.stoodBefore ? "" : connection.made.map { "made\(since($0)), " } ?? ""
    if let end = connection.end { return "\(made)\(ending(end.fate))\(since(end.at))" }
    if let pending = connection.pending { return made + waiting(pending) }
    return made + (connection.stoodBefore ? "stood all the while" : "stood from then on")
  }

  /// `498, failed 12 (9 refused, 3 503) within 310 ms ± 2 ms, slowest 4.1 ms ± 1 µs; by a/web1: 249, …`
  static func fate(_ record: RequestRecord) -> String {
    let servers = record.servers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return "\(record.asked), failed \(failures(record))"
      + (record.retried > 0 ? ", sent again \(record.retried)" : "")
      + (record.slowest.map { ", slowest \($0)" } ?? "")
      + (servers.isEmpty ? "" : "; by \(servers)")
  }

  static func rows(_ trial: TrialTimeline) -> [MarkRow] {
    trial.conduct.held.map { one in
      let longest = one.longest.map { "; longest wait \($0.length)" } ?? ""
      return MarkRow(mark: "", words: name(one), value: fate(one, in: trial) + longest)
    }
      + trial.conduct.requests.map { one in
        MarkRow(
          mark: "", words: "\(one.vantage)'s requests to \(one.address)", value: fate(one))
      }
  }

  /// `0`, `12 (9 refused, 3 503) within 310 ms ± 2 ms`
  static func failures(_ record: RequestRecord) -> String {
    guard record.failed > 0 else { return "0" }
    let kinds = record.failures.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    return "\(record.failed) (\(kinds))" + (record.failing.map { " within \($0)" } ?? "")
  }
}
