// Asks the keepalived of each node how it sees itself, and the cluster of a Windows node who owns what, in
// those trials that compare it with what is seen.

internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

struct DaemonsAsked: DaemonReader {
  func view(
    of node: Node, in trial: Trial, over transport: any Transport
  ) async -> DaemonView? {
    guard trial.expectations.contains(where: { $0.check == DaemonAgrees.declaration.name })
    else { return nil }
    if node.system == .windows { return await Self.cluster(of: node, over: transport) }
    guard let control = node.services[DaemonQuestion.service] else { return nil }
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

  private static func cluster(of node: Node, over transport: any Transport) async -> DaemonView {
    do {
      let answer = try await transport.run(ClusterView.command, within: ClusterView.limit)
      return ClusterView.view(of: node.name, answer)
    } catch {
      return ClusterView.view(
        of: node.name, CommandResult(status: 1, errorOutput: Array(error.problem.utf8)))
    }
  }
}
