// What the kernel counts of a process that wants a processor and does not get it.

import Foundation
import Glibc
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite(.alone, .enabled(if: KernelCounts.waiting, "needs CONFIG_SCHED_INFO"))
struct `Waiting for a processor` {
  /// The main process and its child share one processor, which both want all the time.
  @Test func `is counted for the first process and for its children`() throws {
    let spin = "while :; do :; done"
    let program = try ChildProgram(
      "/usr/bin/env", ["taskset", "-c", "0", "sh", "-c", "sh -c '\(spin)' & \(spin)"])
    defer { kill(program.identifier, SIGKILL) }
    let none = Command("true")
    let control = ServiceControl.commands(
      ServiceCommands(
        start: none, stop: none, isActive: none,
        mainProcess: Command("echo", "\(program.identifier)")))
    func read() throws -> ProcessorWaits {
      let result = try LabLocalShell().runs(WaitReading.question(control))
      return ProcessorWaits(
        node: "here", service: "s", tasks: WaitReading.tasks(result.text),
        trouble: result.errorText)
    }
    usleep(100_000)
    let before = try read()
    usleep(500_000)
    let after = try read()
    for task in before.tasks where task.process != program.identifier {
      kill(pid_t(task.process), SIGKILL)
    }
    #expect(before.tasks.count == 2, "\(before)")
    for task in before.tasks {
      let waited = after.tasks.first { $0.process == task.process }?.waited ?? 0
      #expect(waited - task.waited > 100_000_000, "\(before) \(after)")
    }
    let longest = try #require(after.longest(since: before))
    #expect(longest > .milliseconds(100) && longest < .seconds(5), "\(longest)")
  }

  @Test func `of a service that does not run is not known, and why`() throws {
    let none = Command("true")
    let control = ServiceControl.commands(
      ServiceCommands(start: none, stop: none, isActive: none, mainProcess: none))
    let result = try LabLocalShell().runs(WaitReading.question(control))
    #expect(result.status == 1 && result.text.isEmpty)
    #expect(result.errorText == "the service has no main process\n")
  }
}

enum KernelCounts {
  static var waiting: Bool { FileManager.default.isReadableFile(atPath: "/proc/self/schedstat") }
}
