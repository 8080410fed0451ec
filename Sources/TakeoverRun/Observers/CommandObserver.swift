// Runs a command of the plan's again and again, and writes down how it ended and what it printed.

package import TakeoverModel

/// A failure of the way there is a result without a status: the fault may have cut it.
package struct CommandObserver: Observer {
  package let name: String
  private let plan: String
  private let watch: CommandWatch
  private let transport: any Transport

  /// `transport`: its own, not yet opened.
  package init(_ watch: CommandWatch, in plan: String, over transport: any Transport) {
    name = "observe/\(watch.name)"
    self.plan = plan
    self.watch = watch
    self.transport = transport
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    do {
      try await transport.open(within: .seconds(10))
      ready()
      while !Task.isCancelled {
        let asked = clock.now()
        let seen = await ask()
        if Task.isCancelled { break }
        journal.record(
          Observation(
            when: Interval(asked, clock.now()), source: name, event: .command(seen)))
        try await clock.wait(until: asked + watch.period)
      }
    } catch {
      await transport.close()
      throw error
    }
    await transport.close()
  }

  private func ask() async -> CommandSeen {
    do throws(TransportError) {
      let result = try await transport.run(watch.command, within: CommandWatch.patience)
      let (output, isCut) = Self.kept(result.output)
      return CommandSeen(
        plan: plan, watch: watch.name, status: result.status, output: output,
        isCut: isCut || result.truncated)
    } catch {
      return CommandSeen(plan: plan, watch: watch.name, status: nil, trouble: error.problem)
    }
  }

  /// Without the end of its last line, as `$(command)` in a shell has it; ill-formed text is repaired.
  static func kept(_ bytes: [UInt8]) -> (output: String, isCut: Bool) {
    var bytes = bytes[...]
    while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    let kept = bytes.prefix(CommandWatch.mostOutput)
    return (String(decoding: kept, as: UTF8.self), kept.count < bytes.count)
  }
}
