// What a node runs, and with it which shell its commands are for. Each room has one place where it says
// what differs: the shell (TakeoverRemote), the faults (TakeoverPlan), the guards (TakeoverRun).

package enum NodeSystem: String, Hashable, Sendable, Codable, CaseIterable {
  /// Linux, with sh and ip(8).
  case posix
  /// Windows Server, with PowerShell behind its OpenSSH.
  case windows

  /// Behind a site's name, where what is said of its nodes has been shown by no real one; nil: it has.
  package var caveat: String? {
    switch self {
    case .posix: nil
    case .windows:
      "Windows nodes are not yet run against a real cluster: judge what they say by hand"
    }
  }

  /// A line of text as a command for the system's shell.
  package func line(_ text: String) -> Command {
    switch self {
    case .posix: .script(text)
    case .windows: .powerShell(text)
    }
  }

  /// The same command for this system, where it is a line for its shell; nil: it is for another one.
  package func taking(_ command: Command) -> Command? {
    if command.system == self { return command }
    guard let script = command.asScript, script.parameters.isEmpty else { return nil }
    return line(script.body)
  }
}

extension Site {
  /// What is to be said of its nodes before anything that they show is believed.
  package var caveats: [String] {
    NodeSystem.allCases.filter { system in nodes.contains { $0.system == system } }
      .compactMap(\.caveat)
  }
}

extension Node {
  package var system: NodeSystem { reach.system }
}
