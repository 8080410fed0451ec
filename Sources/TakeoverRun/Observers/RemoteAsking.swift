// What another machine asks and is answered, from its program's lines to probes on the run's axis.
// Pure: pieces of the stream and readings of the machine's clock in, observations out.

import TakeoverModel

struct RemoteAsking {
  private struct Question: Hashable {
    var method: Probe.Method
    var address: IPAddress
    var number: Int
  }

  private struct Open {
    var question: Question
    /// By the machine's clock, as the answers.
    var sent: Int64
    var answers: [(at: Int64, mac: MACAddress?)] = []
    var trouble = ""
    var isSettled = false
    var heard: Moment
  }

  /// So long a question that is over waits for a reading of the clock after it; then it is placed by
  /// those before.
  static let patience = Duration.seconds(3)
  /// More answers to one question say nothing new.
  private static let mostAnswers = 16

  private let vantage: String
  private let probing: Probing
  private var rest: [UInt8] = []
  private var open: [Question: Open] = [:]
  private var order: [Question] = []
  private var bracket = ClockBracket()
  private var table: RemoteNeighbours
  /// The last stamp of the stream: it comes in order, so that nothing before it is still missing.
  private var latest = Int64.min
  private var lost = 0
  private(set) var hasBegun = false
  /// Why the program cannot go on.
  private(set) var refusal: String?

  init(_ vantage: VantagePoint, of addresses: [IPAddress], _ probing: Probing) {
    self.vantage = vantage.name
    self.probing = probing
    table = RemoteNeighbours(vantage, addresses: addresses)
  }

  var clockSteps: Int { bracket.steps }

  mutating func add(_ sample: ClockBracket.Sample) { bracket.add(sample) }

  /// What is no line of the program's is left out.
  mutating func feed(_ bytes: [UInt8], at now: Moment) {
    rest += bytes
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return }
    for line in rest[..<end].split(separator: UInt8(ascii: "\n")) {
      take(String(decoding: line, as: UTF8.self).split(separator: " "), at: now)
    }
    rest.removeFirst(end + 1)
  }

  private mutating func take(_ words: [Substring], at now: Moment) {
    switch words.first {
    case "E": refusal = refusal ?? words.dropFirst().joined(separator: " ")
    case "W": table.takeQuestion(words.dropFirst(), at: now)
    case "T": table.takeMessage(words.dropFirst(), at: now)
    case "D": lost += words.dropFirst().first.flatMap { Int($0) } ?? 0
    default: takeStamped(words, at: now)
    }
  }

  private mutating func takeStamped(_ words: [Substring], at now: Moment) {
    guard words.count >= 5, let method = Probe.Method(rawValue: String(words[1])),
      let address = IPAddress(words[2]), let number = Int(words[3]),
      let stamp = NodeClock.reading(String(words[4]))
    else { return }
    latest = max(latest, stamp.nanoseconds)
    let question = Question(method: method, address: address, number: number)
    switch words[0] {
    case "Q":
      hasBegun = true
      guard open[question] == nil else { return }
      open[question] = Open(question: question, sent: stamp.nanoseconds, heard: now)
      order.append(question)
    case "N":
      open[question]?.trouble = "not sent: " + words[5...].joined(separator: " ")
      open[question]?.isSettled = true
    case "A" where words.count >= 7: answer(question, at: stamp, words[5], words[6...])
    default: break
    }
  }

  private mutating func answer(
    _ question: Question, at stamp: (nanoseconds: Int64, resolution: Int64), _ mac: Substring,
    _ words: ArraySlice<Substring>
  ) {
    guard var entry = open[question], !entry.isSettled, entry.answers.count < Self.mostAnswers,
      stamp.nanoseconds.saturatingMinus(entry.sent) <= wait(for: question.method)
    else { return }
    let word = words.joined(separator: " ")
    // A refusal comes from the holder; that a host is unreachable, from the machine's own kernel.
    if ["ok", "refused", "reset"].contains(word) {
      entry.answers.append(
        (stamp.nanoseconds.saturatingPlus(stamp.resolution), MACAddress(mac)))
    }
    entry.trouble = word == "ok" ? "" : word.lowercased().replacing("host is ", with: "")
    entry.isSettled = !question.method.isWitness
    open[question] = entry
  }

  /// The probes whose fate is known and whose stamps have their place, and the neighbour entries that
  /// changed; with `all`, every one.
  mutating func settle(at now: Moment, all: Bool = false) -> [Observation] {
    var done = table.settle(by: bracket, at: now, all: all)
    var left: [Question] = []
    for question in order {
      guard let entry = open[question] else { continue }
      let isOver =
        all || entry.isSettled || latest.saturatingMinus(entry.sent) > wait(for: question.method)
      let stamp = entry.answers.map(\.at).max() ?? entry.sent
      let isRipe = all || bracket.isBracketed(stamp) || now.since(entry.heard) > Self.patience
      if isOver, isRipe, let probe = observation(entry) {
        open[question] = nil
        // At the end, what was not answered yet may yet be: it says nothing.
        if !all || entry.isSettled || !entry.answers.isEmpty { done.append(probe) }
      } else {
        left.append(question)
      }
    }
    order = left
    return done
  }

  private mutating func observation(_ entry: Open) -> Observation? {
    guard let sent = bracket.when(entry.sent)?.when else { return nil }
    let answers = entry.answers.compactMap { answer in
      bracket.when(answer.at).map {
        Probe.Answer(at: max($0.when.latest, sent.latest), mac: answer.mac)
      }
    }
    var trouble = entry.trouble
    if answers.isEmpty, trouble.isEmpty, lost > 0 {
      trouble = "\(lost) answers were lost: the receive buffer was full"
      lost = 0
    }
    let question = entry.question
    let end =
      answers.map(\.at).max() ?? sent.latest + .nanoseconds(wait(for: question.method))
    return Observation(
      when: Interval(sent.earliest, end), source: "\(vantage)/\(question.method.rawValue)",
      event: .probe(
        Probe(
          vantage: vantage, method: question.method, address: question.address,
          sequence: question.number, sent: sent.earliest, slack: sent.width.nanoseconds,
          period: period(of: question.method), answers: answers, trouble: trouble)))
  }

  private func period(of method: Probe.Method) -> Int64 {
    let period =
      switch method {
      case .arp, .neighbour: probing.arp
      case .echo: probing.echo
      case .connect: probing.connect
      }
    return period?.nanoseconds ?? 0
  }

  /// How long answers are waited for, as from the coordinator.
  private func wait(for method: Probe.Method) -> Int64 {
    method.isWitness ? max(3 * period(of: method), 50_000_000) : 1_000_000_000
  }
}
