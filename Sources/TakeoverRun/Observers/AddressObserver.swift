// Which virtual addresses a node's kernel has, asked through the node's own shell.

package import TakeoverModel

/// Asks every `period`; the answer was true somewhere between asking and hearing.
package struct AddressObserver: Observer {
  package let name: String
  private let node: String
  private let transport: any Transport
  private let period: Duration

  package init(node: String, transport: any Transport, period: Duration = .milliseconds(250)) {
    name = "\(node)/addresses"
    self.node = node
    self.transport = transport
    self.period = period
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let wanted = Set(site.addresses.map(\.address))
    let question = Command("ip", "-o", "address", "show")
    var isReady = false
    while !Task.isCancelled {
      let asked = clock.now()
      // A node that does not answer is no news here: it may be the fault that cut the road.
      let result = try? await transport.run(question, within: .seconds(2))
      if let result, result.succeeded {
        let held = NodeInspection.addresses(result.text.split(separator: "\n"))
          .values.joined().filter(wanted.contains)
        journal.record(
          Observation(
            when: Interval(asked, clock.now()), source: name,
            event: .addresses(AddressesHeld(node: node, addresses: held.sorted()))))
      }
      if !isReady { ready() }
      isReady = true
      try await clock.wait(until: asked + period)
    }
  }
}
