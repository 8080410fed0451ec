// Has the daemons say how they see themselves: after the gate, and when the trial's measuring is over.
// Never between: whoever is asked has something else to do for a moment.

internal import TakeoverModel

struct ViewReading: Sendable {
  /// For so long after a reading nothing else is done, so that the wire and the kernels are seen on both
  /// sides of it: an advertisement interval of 1 s, and kernels that are looked at four times in it.
  private static let aftersight = Duration.milliseconds(1_100)

  let runner: Runner

  /// All nodes at one time, in those trials that want to know.
  func tell(for trial: Trial) async {
    guard let reader = runner.setting.daemons, !Task.isCancelled else { return }
    let clock = runner.setting.clock
    let isTold = await withTaskGroup(of: Bool.self) { group in
      for node in runner.setting.site.nodes {
        guard let transport = runner.setting.transports[node.name] else { continue }
        group.addTask {
          let asked = clock.now()
          guard let view = await reader.view(of: node, in: trial, over: transport) else {
            return false
          }
          runner.voice.say(.daemonView(view), when: Interval(asked, clock.now()))
          return true
        }
      }
      return await group.reduce(false) { $0 || $1 }
    }
    if isTold { try? await clock.wait(until: clock.now() + Self.aftersight) }
  }
}
