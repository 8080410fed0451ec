// The most common cause of two holders, put into words when the evidence shows it: a daemon that
// was killed or frozen leaves its addresses in the kernel, and the kernel goes on answering.

internal import TakeoverModel

enum LeftBehind {
  static func hint(_ trial: TrialTimeline, _ overlap: Overlap) -> String? {
    guard let blow = trial.marks.blow, let window = trial.window else { return nil }
    let left = trial.targets.first { target in
      overlap.nodes.contains(target)
        && trial.claims.contains {
          $0.node == target && $0.address == overlap.address
            && $0.from.earliest <= blow.earliest && $0.end(in: window).earliest > blow.latest
        }
    }
    guard let left, let process = process(trial.trial.fault.kind, on: left) else { return nil }
    return "\(process), but \(left)'s kernel still has \(overlap.address) and answers ARP for it: "
      + "nothing was left to take the address away."
  }

  private static func process(_ kind: String, on node: String) -> String? {
    switch kind {
    case "kill-process": "The killed process on \(node) is gone"
    case "freeze-process": "The frozen process on \(node) does not run"
    default: nil
    }
  }
}
