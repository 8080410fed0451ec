// rate-limit: a link that has become slow: a modem where there was a fibre, or a neighbour's backup.

package import TakeoverModel

package struct RateLimit: Fault {
  package static let declaration = FaultDeclaration(
    kind: "rate-limit",
    summary: "let an interface send no more than a rate (tbf); what waits too long is dropped",
    effect:
      "nothing while advertisements still find their way; on a link that is full they wait or "
      + "are lost among the rest, and the standby takes over while the holder stays",
    parameters: [
      Parameter(
        "rate", .text, standard: .text("1mbit"), summary: "kbit, mbit or gbit, by the second"),
      Parameter(
        "latency", .duration, standard: .duration(.milliseconds(50)),
        summary: "what would wait longer is dropped"),
      InterfaceParameter.parameter,
    ],
    requires: ["tc", "unshare"],
    examples: [[:], ["rate": .text("64kbit"), "latency": .duration(.milliseconds(400))]])

  /// Bits by the second.
  let rate: Int
  let latency: Duration
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    let text = arguments.text("rate") ?? "1mbit"
    guard let rate = Self.rate(text), rate >= 8_000, rate <= 100_000_000_000 else {
      throw Complaint("\"\(text)\" is no rate", remedy: "from 8kbit to 100gbit")
    }
    self.rate = rate
    latency = arguments.duration("latency") ?? .milliseconds(50)
    guard latency >= .milliseconds(1), latency <= .seconds(10) else {
      throw Complaint(
        "\(TimeText.chosen(latency)) is no time to wait in a queue", remedy: "from 1ms to 10s")
    }
    interface = try InterfaceParameter.checked(arguments)
  }

  /// `64kbit` in bits by the second; nil when it is anything else.
  private static func rate(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = ["kbit": 1_000, "mbit": 1_000_000, "gbit": 1_000_000_000]
    guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let (bits, isTooMuch) = count.multipliedReportingOverflow(by: unit)
    return isTooMuch ? nil : bits
  }

  package var consequence: Consequence {
    .open(
      "advertisements wait behind all else that is sent, and no configuration tells what that is")
  }

  /// The burst is what the rate gives in 10 ms, so that the kernel's tick (4 ms where it is longest
  /// in use) can keep it up, and never less than a large frame.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let burst = max(rate / 800, 16_384)
    return RootDiscipline(
      kind: "tbf",
      options: [
        "rate", "\(rate)bit", "burst", "\(burst)b", "latency",
        "\(latency.nanoseconds / 1_000)us",
      ], interface: interface ?? node.interface
    ).procedure()
  }
}
