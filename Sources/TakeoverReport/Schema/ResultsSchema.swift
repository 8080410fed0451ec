// The JSON Schema (draft-07) of results.json, beside the words that write it (ResultsWords).

internal import TakeoverModel

package enum ResultsSchema {
  package static var text: String {
    var head = members(
      required: [
        "format": .object(["const": .number(1)]), "run": string, "version": string, "site": string,
        "environment": words(Site.Environment.allCases.map(\.rawValue)),
        "origin": number("nanoseconds since 1970: where the run's axis begins"),
        "outcome": outcome, "end": orNull(end), "nodes": list(node), "trials": list(trial),
      ], optional: ["clocks": list(clock), "caveats": texts])
    head["$schema"] = .text(SchemaText.draft)
    head["title"] = .text("Takeover results (results.json)")
    head["description"] = .text(
      "Times are integers in nanoseconds. A pair of them is an interval: the truth lies between the two, "
        + "both included.")
    return String(decoding: JSONText.object(head).document, as: UTF8.self)
  }

  // MARK: Parts

  static let string = JSONText.object(["type": .text("string")])
  static let flag = JSONText.object(["type": .text("boolean")])
  static let whole = JSONText.object(["type": .text("integer")])
  static let null = JSONText.object(["type": .text("null")])
  private static let outcome = words(Outcome.allCases.map(\.rawValue))
  static let interval = SchemaText.json(.list(.integer, exactly: 2))
  static let elapsed = orNull(interval)
  static let texts = list(string)

  private static func number(_ words: String) -> JSONText {
    .object(["type": .text("integer"), "description": .text(words)])
  }

  static func words(_ words: [String]) -> JSONText {
    .object(["enum": .list(words.map { .text($0) })])
  }

  static func list(_ element: JSONText) -> JSONText {
    .object(["type": .text("array"), "items": element])
  }

  static func map(_ element: JSONText) -> JSONText {
    .object(["type": .text("object"), "additionalProperties": element])
  }

  static func orNull(_ schema: JSONText) -> JSONText {
    .object(["anyOf": .list([schema, null])])
  }

  private static func members(
    required: [String: JSONText], optional: [String: JSONText] = [:]
  ) -> [String: JSONText] {
    [
      "type": .text("object"),
      "properties": .object(required.merging(optional) { mine, _ in mine }),
      "required": .list(required.keys.sorted().map { .text($0) }),
      "additionalProperties": .flag(false),
    ]
  }

  static func object(
    _ required: [String: JSONText], optional: [String: JSONText] = [:]
  ) -> JSONText { .object(members(required: required, optional: optional)) }

  // MARK: Nouns

  private static let end = object([
    "reason": words(RunEnd.Reason.allCases.map(\.rawValue)), "detail": string, "healed": flag,
  ])
  private static let node = object(["name": string, "transport": string, "system": string])
  private static let clock = object(["name": string, "ahead": elapsed, "means": string])
  static let stamp = orNull(
    object(["axis": interval, "wall": interval, "sinceBlow": elapsed]))
  static let method = words(Probe.Method.allCases.map(\.rawValue))

  private static let finding = object([
    "check": string, "outcome": outcome, "sentence": string, "expected": string,
    "measured": elapsed,
    "hint": string,
  ])

  private static let marks = object([
    "t0": stamp, "t1": stamp, "t2": stamp, "t3": map(stamp), "t4": stamp, "t5": map(stamp),
    "t6": map(stamp), "t7": map(stamp),
  ])

  private static let election = orNull(
    object([
      "interval": whole, "priority": whole, "configuredPriority": orNull(whole),
      "version": whole, "released": flag, "waited": elapsed, "promised": whole,
      "residual": elapsed, "sinceAdvertisement": elapsed, "dueAfterBlow": elapsed,
      "timerLateness": whole, "processorWait": orNull(whole), "processorWaitTrouble": string,
      "machinePause": orNull(whole), "machinePauseTrouble": string,
    ]))

  private static let transition = object(["from": orNull(string), "to": string, "at": stamp])
  private static let claim = object([
    "address": string, "node": string, "from": stamp, "until": stamp,
  ])
  private static let overlap = object(["address": string, "nodes": texts, "length": elapsed])
  private static let absence = object(["address": string, "length": elapsed])
  private static let outage = object([
    "vantage": string, "method": method, "address": string, "ended": flag, "from": stamp,
    "until": stamp, "length": elapsed,
  ])
  private static let repair = object([
    "vantage": string, "address": string, "way": string, "at": stamp, "length": elapsed,
    "watched": whole, "last": orNull(string),
  ])
  private static let probed = object([
    "vantage": string, "method": method, "address": string, "period": whole, "asked": whole,
    "good": whole,
  ])

  private static let counters = object([
    "received": whole, "sent": whole, "becameMaster": whole, "releasedMaster": whole,
    "refused": map(whole),
  ])
  private static let instance = object(
    [
      "name": string, "interface": string, "vrid": whole, "state": orNull(string),
      "priority": orNull(whole), "effectivePriority": orNull(whole), "addresses": texts,
      "counters": orNull(counters),
    ],
    optional: [
      "wire": object(["advertises": orNull(flag), "priority": orNull(whole)]),
      "kernel": orNull(texts),
    ])
  private static let daemon = object([
    "stage": string, "when": stamp, "node": string, "daemon": string, "means": string,
    "trouble": string,
    "instances": list(instance),
  ])
  private static let refused = object([
    "node": string, "daemon": string, "vrid": whole, "reason": string, "count": whole,
  ])

  private static let trial = object(
    [
      "plan": string, "name": string, "repetition": whole, "fault": string, "line": whole,
      "state": words(TrialResult.State.allCases.map(\.rawValue)), "reason": string,
      "outcome": outcome, "findings": list(finding), "targets": texts, "addresses": texts,
      "holderBefore": orNull(string), "holderAfter": orNull(string), "span": elapsed,
      "window": elapsed, "marks": marks, "election": election, "healing": stamp,
      "transitions": list(transition), "claims": list(claim), "twoHolders": list(overlap),
      "noHolder": list(absence), "outages": list(outage), "probes": list(probed),
      "caches": list(repair), "blowConfirmed": outcome, "healingConfirmed": outcome,
      "aftermath": texts, "doubts": texts,
    ],
    optional: [
      "daemons": list(daemon), "refused": list(refused), "held": list(held),
      "requests": list(requests), "subnet": subnet, "ledger": ledger,
    ])
}
