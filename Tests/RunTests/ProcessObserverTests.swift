// How the services' processes are read from /proc, by the very script, of processes of our own.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct ProcessObserverTests {
  private func answer(_ command: Command) throws -> [ServiceProcessesSeen.Service] {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: "/bin/sh")
    program.arguments = Array(command.arguments.dropFirst())
    let pipe = Pipe()
    program.standardOutput = pipe
    try program.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    program.waitUntilExit()
    #expect(program.terminationStatus == 0)
    return ProcessObserver.services(in: String(decoding: output, as: UTF8.self))
  }

  /// A service whose first process is this one, or none.
  private func control(_ first: String) -> ServiceControl {
    .commands(
      ServiceCommands(
        start: Command("true"), stop: Command("true"), isActive: Command("true"),
        mainProcess: Command("echo", first)))
  }

  @Test func `a service's first process and its children are told with their starts`() throws {
    let parent = Process()
    parent.executableURL = URL(fileURLWithPath: "/bin/sh")
    parent.arguments = ["-c", "sleep 30 & echo $!; wait"]
    let pipe = Pipe()
    parent.standardOutput = pipe
    parent.standardError = FileHandle.nullDevice
    try parent.run()
    // Its shell may have inherited that SIGTERM is blocked.
    defer { kill(parent.processIdentifier, SIGKILL) }
    let line = pipe.fileHandleForReading.availableData
    let child = try #require(
      Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    defer { kill(pid_t(child), SIGKILL) }
    let id = Int(parent.processIdentifier)
    let services = ["one": control(String(id)), "two": control("0")]
    let first = try answer(ProcessObserver.question(about: services, known: [:]))
    #expect(first.map(\.name) == ["one", "two"])
    #expect(first[0].processes.map(\.id) == [id, child])
    #expect(first[0].processes.allSatisfy { $0.start > 0 })
    #expect(first[1].processes.isEmpty)
    // A known first process is not asked for again; one with another start is no known one.
    let known = try #require(first[0].processes.first)
    let mute = ["one": control("0")]
    #expect(
      try answer(ProcessObserver.question(about: mute, known: ["one": known]))[0].processes
        == first[0].processes)
    let other = ServiceProcessesSeen.Process(id: known.id, start: known.start + 1)
    #expect(
      try answer(ProcessObserver.question(about: mute, known: ["one": other]))[0].processes.isEmpty)
  }

  @Test func `the children of the service by which we came in are left out`() throws {
    let own = Int(ProcessInfo.processInfo.processIdentifier)
    let services = ["road": control(String(own))]
    let found = try answer(ProcessObserver.question(about: services, known: [:]))
    #expect(found[0].processes.map(\.id) == [own])
  }

  @Test func `words that are no processes are passed over`() {
    let services = ProcessObserver.services(in: "7 8\n= x\n1 two\n3\n5 6\n= y\n")
    #expect(services.map(\.name) == ["x", "y"])
    #expect(services[0].processes == [.init(id: 5, start: 6)])
  }
}
