// takeover completion: the script by which a shell completes commands, options, and the names of plans,
// sites, labs, faults and runs.

internal import ArgumentParser
internal import Foundation

struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print the completion script for a shell.",
    discussion: """
      EXAMPLES
        takeover completion bash > /etc/bash_completion.d/takeover
        takeover completion zsh > /usr/local/share/zsh/site-functions/_takeover
        takeover completion fish > ~/.config/fish/completions/takeover.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var kind: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    Terminal.write(Takeover.completionScript(for: shell.kind) + "\n", to: STDOUT_FILENO)
  }
}
