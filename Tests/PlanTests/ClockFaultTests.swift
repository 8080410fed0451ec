// clock-step against a date(1) that sets no clock but its own: where it goes, and that it comes back.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct ClockFaultTests {
  /// Keeps by how many nanoseconds it is ahead of the real one: by whole seconds a clock that is set
  /// as one second ends would be off by one. Knows what clock-step says to it.
  private static let date = """
    #!/bin/sh
    ahead=0
    [ ! -e "$0.ahead" ] || read -r ahead <"$0.ahead"
    now=$(/bin/date +%s%N)
    second=1000000000
    case $1:$2 in
      +%s%N:) echo $((now + ahead)) ;;
      -s:@*.??) two=${2#@}; echo $((${two%.*} * second + 1${two#*.} * 10000000 - second - now)) >"$0.ahead" ;;
      "-s:"*" ago") echo $((ahead - ${2%% *} * second)) >"$0.ahead" ;;
      -s:*) echo $((ahead + ${2%% *} * second)) >"$0.ahead" ;;
    esac

    """

  @Test(arguments: [("forward", "30"), ("back", "-30")])
  func `a clock goes where it is sent, and comes back by the time that nobody sets`(
    direction: String, ahead: String
  ) throws {
    let folder = NSTemporaryDirectory() + "takeover-clock-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let date = folder + "/date"
    FaultTests.install(Self.date, at: date)
    let procedure = try FaultTests.procedure(
      "clock-step", ["by": .duration(.seconds(30)), "direction": .text(direction)])
    func run(_ commands: [Command]) -> Int32? {
      commands.map { command in
        let words = command.arguments.map {
          $0.replacing(Procedure.stateFolder, with: folder + "/state")
        }
        return FaultTests.status(
          of: ["PATH=\(folder):/usr/bin:/bin"]
            + (words[0] == "date"
              ? ["sh", "-c", "exec date \"$@\"", "date"] + words.dropFirst() : words))
      }.max { ($0 ?? .max) < ($1 ?? .max) } ?? nil
    }
    #expect(run(procedure.confirmHealed) == 0, "a whole node is whole")
    #expect(run(procedure.heal) == 0, "and is left alone")
    #expect(run(procedure.prepare) == 0)
    #expect(run(procedure.confirm) != 0, "nothing has happened yet")
    #expect(run(procedure.confirmHealed) == 0)
    #expect(run(procedure.inject) == 0)
    let kept = try String(contentsOfFile: date + ".ahead", encoding: .utf8)
    #expect(kept == ahead + "000000000\n")
    #expect(run(procedure.confirm) == 0)
    #expect(run(procedure.confirmHealed) != 0)
    for _ in 0..<2 {
      #expect(run(procedure.heal) == 0)
      #expect(run(procedure.confirmHealed) == 0)
    }
    #expect(run(procedure.confirm) != 0)
  }

  @Test(arguments: [Duration.zero, .seconds(1), .milliseconds(2_500), .seconds(40_000_000)])
  func `a clock is set by whole seconds that a comparison sees`(by: Duration) {
    #expect(throws: Complaint.self) {
      try FaultTests.procedure("clock-step", ["by": .duration(by)])
    }
  }

  @Test func `a clock that may be the coordinator's is not set`() throws {
    let reasons = try FaultTests.procedure("clock-step").requirements.map(\.otherwise)
    #expect(
      reasons == [
        "may not set its clock: it has no CAP_SYS_TIME",
        "is a container, whose clock is that of the machine around it",
      ])
  }
}
