// The program: its subcommands, and the one way in which every one of them ends.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel
internal import TakeoverPlan

@main
struct Takeover: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "takeover",
    abstract: "Breaks one node of a failover pair and times the takeover on the wire.",
    discussion: """
      EXAMPLES
        takeover demo                              three real takeovers in a lab
        takeover run Plans/keepalived/crash.yaml   one plan, in the lab it names
        takeover run nightly/ --site pair.yaml     plans on your own machines
        takeover run crash.yaml --dry-run          its commands; nothing is run
        takeover judge Reports/latest              from what was recorded
        takeover watch --interface eth0            a pair that nobody breaks
        takeover lint a.conf b.conf                is this keepalived pair sound?
        takeover explain KA050                     what a code or a word means

      EXIT STATUS
        0 passed · 1 an expectation failed · 2 no verdict ·
        3 a node could not be healed · 5 nothing selected · 64 usage ·
        65 plan invalid · 66 not found · 70 bug · 77 missing privilege ·
        130/143 interrupted, healed

      --no-color anywhere: words only, as with NO_COLOR. takeover man is the manual.
      """,
    version: version,
    subcommands: [
      DemoCommand.self, RunCommand.self, WatchCommand.self, ValidateCommand.self,
      JudgeCommand.self, HealCommand.self,
      StopCommand.self, LabCommand.self, KindsCommand.self, SchemaCommand.self, DoctorCommand.self,
      InitCommand.self,
      LintCommand.self, ExplainCommand.self, CompletionCommand.self, ManCommand.self,
    ])

  /// Parses, runs, and turns whatever comes out into an exit status and a message.
  static func main() async {
    Interruption.unblock()
    let words = Terminal.heeding(Array(CommandLine.arguments.dropFirst()))
    if let first = words.first, let message = unknownSubcommand(first) {
      Terminal.note(message)
      ExitStatus.usage.leave()
    }
    do {
      var command = try parseAsRoot(words)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      ExitStatus.passed.leave()
    } catch let ending as Ending {
      if !ending.problem.isEmpty {
        Terminal.complain(ending)
        ContinuousIntegration.tell(ending.problem)
      }
      ending.status.leave()
    } catch let explained as any Explained {
      Terminal.complain(explained)
      ContinuousIntegration.tell(explained.problem)
      ExitStatus.noVerdict.leave()
    } catch {
      exit(withError: error)
    }
  }

  /// ArgumentParser suggests flags only; a mistyped subcommand gets its suggestion here.
  private static func unknownSubcommand(_ word: String) -> String? {
    let known = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
    let near = Spelling.nearest(to: word, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
    return "takeover: there is no command \"\(word)\".\(near)\n"
      + "  → commands: \(known.joined(separator: ", ")); see takeover --help"
  }
}

extension ParsableCommand {
  /// Ends the program's work with this status; the message, if any, has been given already.
  func end(_ status: ExitStatus) throws {
    if status != .passed { throw Ending(status, "", remedy: "") }
  }
}
