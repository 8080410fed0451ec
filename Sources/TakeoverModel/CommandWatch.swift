// Commands that a plan has run again and again, to see what no other observer looks at: a primary's
// role, a row in a table, the state of a cloud's binding.

package struct CommandWatch: Hashable, Sendable, Codable {
  /// What expectations call it.
  package var name: String
  /// A node of the pair or a machine beside it; nil: here, where Takeover runs.
  package var place: String?
  package var command: Command
  package var period: Duration

  package static let standardPeriod = Duration.milliseconds(500)
  /// A command that has not ended for so long gives no answer.
  package static let patience = Duration.seconds(10)
  /// Bytes of its output that are kept.
  package static let mostOutput = 200

  package init(
    name: String, place: String? = nil, command: Command, period: Duration = standardPeriod
  ) {
    self.name = name
    self.place = place
    self.command = command
    self.period = period
  }
}

/// One run of such a command; it asked and answered within the observation's interval.
package struct CommandSeen: Hashable, Sendable, Codable {
  package var plan: String
  package var watch: String
  /// The exit status: 0 is good. nil: no answer came.
  package var status: Int?
  /// The beginning of what it printed, without the last line's end.
  package var output: String
  /// Whether there was more.
  package var isCut: Bool
  /// Why no answer came; empty when one did.
  package var trouble: String

  package init(
    plan: String, watch: String, status: Int?, output: String = "", isCut: Bool = false,
    trouble: String = ""
  ) {
    self.plan = plan
    self.watch = watch
    self.status = status
    self.output = output
    self.isCut = isCut
    self.trouble = trouble
  }
}
