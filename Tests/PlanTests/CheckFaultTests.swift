// Faults that take the place of a health check's script: what they refuse, and what the wrapper does.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct CheckFaultTests {
  static let kinds = ["check-fails", "check-hangs", "check-slow", "check-flaps"]

  private func refusal(_ kind: String, _ given: [String: ParameterValue]) -> String? {
    do {
      _ = try FaultTests.procedure(kind, given)
      return nil
    } catch let complaint as Complaint {
      return complaint.problem
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    "", "check", "/", "/etc/", "/etc//check", "/etc/./check", "/etc/../check", "./check",
  ])
  func `a path that could lead elsewhere is refused`(path: String) {
    for kind in Self.kinds {
      #expect(refusal(kind, ["script": .text(path)]) == "\"\(path)\" is not a path of a check")
    }
  }

  @Test func `what is named as a check must be one: a node without it is skipped`() throws {
    for kind in Self.kinds {
      let procedure = try FaultTests.procedure(kind, CheckFaultTests.given)
      #expect(procedure.requirements.map(\.otherwise).first?.contains("no check /usr/it") == true)
    }
  }

  @Test func `the original stays beside, and all three files are compared afterwards`() throws {
    let touches = try FaultTests.procedure("check-fails", Self.given).touches
    #expect(
      touches.files == [
        "/usr/it's a check", "/usr/.it's a check.takeover-kept", "/usr/.it's a check.takeover-new",
      ])
  }

  @Test func `a delay or a period of nothing is refused`() {
    var given = Self.given
    given["delay"] = .duration(.zero)
    #expect(refusal("check-slow", given) == "a check without a delay is not slow")
    given["period"] = .duration(.milliseconds(1))
    #expect(refusal("check-flaps", given)?.hasPrefix("a check cannot flap") == true)
  }

  @Test(arguments: [
    (Duration.seconds(2), "sleep 2\n"), (.milliseconds(250), "sleep 0.250\n"),
    (.milliseconds(1_005), "sleep 1.005\n"), (.nanoseconds(1), "sleep 0.001\n"),
  ])
  func `a delay is written as sleep reads it`(delay: Duration, line: String) throws {
    let given = Self.given.merging(["delay": .duration(delay)]) { $1 }
    let first = try FaultTests.procedure("check-slow", given).inject[0]
    #expect(first.arguments.contains { $0.contains(line) })
  }

  private static let given: [String: ParameterValue] = ["script": .text("/usr/it's a check")]
}
