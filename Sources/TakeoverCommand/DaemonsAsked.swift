// Asks the keepalived of each node how it sees itself, in those trials that compare it with what is seen.

internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct DaemonsAsked: DaemonReader {
  func view(
    of node: Node, in trial: Trial, over transport: any Transport
  ) async -> DaemonView? {
    guard let control = node.services[DaemonQuestion.service],
      trial.expectations.contains(where: { $0.check == DaemonAgrees.declaration.name })
    else { return nil }
    do {
      let result = try await transport.run(
        DaemonQuestion.command(control), within: DaemonQuestion.limit)
      return DaemonAnswer.view(of: node.name, result)
    } catch {
      // A late command would be told with its whole text.
      let trouble =
        error.kind == .deadlinePassed ? "it did not say it in time" : error.problem
      return DaemonView(node: node.name, daemon: DaemonQuestion.service, trouble: trouble)
    }
  }
}
