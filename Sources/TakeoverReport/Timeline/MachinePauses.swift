// For how long the processors stood still on which a lab's daemons run: what they are late by, and no
// fault of theirs.

internal import TakeoverModel

struct MachinePauses: Sendable {
  /// Nodes that run on the coordinator's own kernel, and so on its processors.
  private let nodes: Set<String>
  /// From when on each processor was watched, or why it was not.
  private let watched: [(from: Moment, trouble: String)]
  /// Sorted by when they began; of any processor, because which one a daemon is on is not known.
  private let pauses: [Interval]
  private let longest: Duration

  init(_ observations: [Observation]) {
    var (nodes, watched, pauses) = (Set<String>(), [(Moment, String)](), [Interval]())
    for observation in observations {
      switch observation.event {
      case .nodeDescribed(let node) where node.sharesKernel == true: nodes.insert(node.node)
      case .processorWatched(let said): watched.append((observation.when.latest, said.trouble))
      case .processorPause: pauses.append(observation.when)
      default: break
      }
    }
    self.nodes = nodes
    self.watched = watched
    self.pauses = pauses.sorted { $0.earliest < $1.earliest }
    longest = pauses.map { $0.latest.since($0.earliest) }.max() ?? .zero
  }

  /// The window, to the end of the pause that its own end falls into, and of those that begin before that
  /// one is over: whoever had to act in the window could do so then, at the latest.
  func prolonged(_ window: Window) -> Window {
    var to = window.to
    let first = pauses.partitioningIndex { $0.earliest >= window.from - longest }
    for pause in pauses[first...] {
      guard pause.earliest < to else { break }
      to = max(to, pause.latest)
    }
    return Window(from: window.from, to: to)
  }

  /// How much of the pauses lies in the windows, at most; what several had in common counts once.
  /// nil: it was not watched, and why, in words.
  func length(in windows: [Window], for node: String?) -> (Duration?, trouble: String) {
    guard let node, nodes.contains(node) else { return (nil, "not on this machine's processors") }
    guard let first = windows.map(\.from).min(), !watched.isEmpty,
      watched.allSatisfy({ $0.from <= first })
    else { return (nil, "nobody watched them") }
    if let trouble = watched.map(\.trouble).first(where: { !$0.isEmpty }) { return (nil, trouble) }
    var (length, until) = (Duration.zero, Moment(nanoseconds: .min))
    for window in windows.sorted(by: { $0.from < $1.from }) {
      let first = pauses.partitioningIndex { $0.earliest >= window.from - longest }
      for pause in pauses[first...].prefix(while: { $0.earliest < window.to }) {
        let from = max(pause.earliest, window.from, until)
        let to = min(pause.latest, window.to)
        guard from < to else { continue }
        length += to.since(from)
        until = to
      }
    }
    return (length, "")
  }
}
