// takeover stop: halts runs from another terminal, and lets none begin until it is cleared.

internal import ArgumentParser
internal import Foundation

struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Halt every run of an output folder; let none begin there.",
    discussion: """
      EXAMPLES
        takeover stop --because "the other node is being replaced"
        takeover stop Reports/latest
        takeover stop --output /srv/reports
        takeover stop --clear

      Writes the file STOP into the output folder. Every run whose --output that is
      heals what it broke, writes its reports and ends with status 2; a new one is
      refused. Any file of that name does the same.
      """)

  @Argument(help: "The folder of a run: all runs beside it are meant, too.", completion: .runs)
  var folder: String?

  @Option(help: "The output folder of the runs (standard: Reports).", completion: .directory)
  var output: String?

  @Option(help: "Why, for the reports.")
  var because: String?

  @Flag(help: "Remove the stop file: runs may begin again.")
  var clear = false

  func validate() throws {
    if folder != nil, output != nil {
      throw ValidationError("name a run's folder or an output folder with --output, not both")
    }
    if clear, because != nil {
      throw ValidationError("--because says why runs are stopped; --clear lets them begin again")
    }
  }

  func run() throws {
    let output = try outputFolder()
    let file = StopFile(in: output)
    if clear {
      Terminal.tell(
        try file.clear()
          ? "\(file.path) is removed: runs may begin in \(output)"
          : "there is no \(file.path): nothing is stopped in \(output)")
      return
    }
    try file.write(because: because ?? "")
    let running = RunMark.running(in: output)
    for run in running { Terminal.tell("told to halt: \(run)") }
    if running.isEmpty { Terminal.tell("no run goes on in \(output)") }
    let option = output == ReportingOptions.standardOutput ? "" : " --output \(output)"
    Terminal.tell("none begins there until: takeover stop --clear\(option)")
  }

  private func outputFolder() throws -> String {
    var isFolder: ObjCBool = false
    guard let folder else {
      let output = output ?? ReportingOptions.standardOutput
      guard unsafe FileManager.default.fileExists(atPath: output, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        throw Ending(
          .notFound, "there is no folder \(output)",
          remedy: "name what the run was given: takeover stop --output DIR")
      }
      return output
    }
    guard FileManager.default.fileExists(atPath: "\(folder)/journal.jsonl") else {
      throw Ending(
        .notFound, "\(folder) is no run's folder: it has no journal.jsonl",
        remedy: "name one, for instance Reports/latest, or the folder of all with --output")
    }
    return URL(fileURLWithPath: folder).resolvingSymlinksInPath().deletingLastPathComponent().path
  }
}
