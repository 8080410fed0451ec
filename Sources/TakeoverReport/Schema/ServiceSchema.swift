// The schema of what results.json tells of kept connections, of the ledger and of a cloud subnet, beside
// the words that write it (KeptResults, LedgerResults, SubnetResults).

internal import TakeoverModel

extension ResultsSchema {
  private static let fate = words(Fate.allCases.map(\.rawValue))

  // MARK: Kept connections

  private static let wait = orNull(
    object([
      "since": stamp, "length": elapsed, "fate": fate, "acknowledged": orNull(flag),
    ]))
  static let held = object([
    "vantage": string, "address": string, "connection": whole, "stoodBefore": flag, "made": stamp,
    "by": orNull(string), "end": orNull(object(["fate": fate, "at": stamp])),
    "longestWait": wait, "pendingWait": wait,
  ])
  static let requests = object([
    "vantage": string, "address": string, "period": whole, "asked": whole, "good": whole,
    "failed": whole, "failures": map(whole), "failing": elapsed, "sentAgain": whole,
    "unsent": whole, "slowest": elapsed, "servers": map(whole),
  ])

  // MARK: The ledger

  private static let pause = orNull(
    object([
      "old": orNull(string), "new": orNull(string), "from": stamp, "until": stamp,
      "length": elapsed,
    ]))
  private static let readOnly = object([
    "node": orNull(string), "refusals": whole, "from": stamp, "until": stamp, "length": elapsed,
  ])
  private static let database = object([
    "node": string, "server": orNull(string), "takesWrites": orNull(flag), "standbys": whole,
    "synchronousStandbys": whole, "rows": orNull(whole), "trouble": string,
  ])
  private static let audit = orNull(
    object([
      "node": string, "rows": whole, "lostCount": whole,
      "lost": list(object(["rows": interval, "server": string, "acknowledged": stamp])),
      "elsewhere": map(whole), "unacknowledged": list(interval), "writers": map(map(whole)),
    ]))
  static let ledger = object([
    "vantage": string, "address": string, "acknowledged": whole, "unanswered": whole,
    "refusals": map(whole), "before": object(["rows": whole, "length": whole]), "pause": pause,
    "readOnly": list(readOnly), "databases": list(database), "audit": audit,
    "auditTrouble": string,
  ])

  // MARK: A cloud subnet

  private static let binding = object([
    "address": string, "node": orNull(string), "from": stamp, "called": flag,
    "witness": words(Binding.Witness.allCases.map(\.rawValue)),
  ])
  private static let misbinding = object([
    "address": string, "holder": string, "node": orNull(string), "from": stamp, "until": stamp,
    "length": elapsed,
  ])
  private static let refusal = object([
    "address": string, "node": orNull(string), "reason": string, "count": whole, "first": stamp,
  ])
  private static let lag = object([
    "address": string, "node": string, "length": elapsed, "called": flag,
  ])
  private static let parts = object([
    "vantage": string, "method": method, "address": string, "length": elapsed,
    "takeover": elapsed, "lag": elapsed, "rest": elapsed,
  ])
  static let subnet = object([
    "bindings": list(binding), "elsewhere": list(misbinding), "refused": list(refusal),
    "promisedLag": orNull(whole), "lags": list(lag), "outages": list(parts), "reasons": texts,
  ])
}
