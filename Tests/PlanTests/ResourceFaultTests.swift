// Faults that hit services and resources: what they refuse, and what they ask of a node first.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct ResourceFaultTests {
  private func refusal(
    _ kind: String, _ given: [String: ParameterValue] = [:], site: Site = FaultTests.site()
  ) -> String? {
    do {
      _ = try FaultTests.procedure(kind, given, site: site)
      return nil
    } catch let complaint as Complaint {
      return complaint.problem
    } catch {
      return "\(error)"
    }
  }

  private func reasons(_ kind: String, _ given: [String: ParameterValue] = [:]) throws -> [String] {
    try FaultTests.procedure(kind, given).requirements.map(\.otherwise)
  }

  @Test func `a service without a reload command is not reloaded, and one with it is`() throws {
    #expect(
      refusal("reload-service", site: FaultTests.site(FaultTests.commands))
        == "the site does not say how keepalived of a is reloaded")
    guard case .commands(var own) = FaultTests.commands else { return }
    own.reload = .script("kill -HUP 7")
    let procedure = try FaultTests.procedure(
      "reload-service", site: FaultTests.site(.commands(own)))
    #expect(procedure.inject[0].arguments.contains("sh -c 'kill -HUP 7' takeover"))
    #expect(try reasons("reload-service") == ["cannot reload keepalived"])
  }

  @Test func `killing again and again needs a period in which a service can be looked for`() throws
  {
    let given = ["every": ParameterValue.duration(.milliseconds(20))]
    #expect(refusal("kill-process", given) == "a service cannot be looked for every 20ms")
    let procedure = try FaultTests.procedure("kill-process", ["every": .duration(.seconds(2))])
    #expect(procedure.inject.count == 3, "the killer that stays begins before the blow")
    #expect(try FaultTests.procedure("kill-process").inject.count == 2)
  }

  @Test func `what has no unit has no control group to limit`() {
    let site = FaultTests.site(FaultTests.commands)
    let problem = "keepalived of a has no unit, so no control group of its own"
    #expect(refusal("process-table-full", site: site) == problem)
    #expect(refusal("cpu-starvation", ["service": .text("keepalived")], site: site) == problem)
    #expect(refusal("cpu-starvation", site: site) == nil)
  }

  @Test func `a node is starved for as long as a lease may last, and no service by busy processes`()
  {
    #expect(refusal("cpu-starvation", ["limit": .duration(.seconds(121))]) != nil)
    #expect(refusal("cpu-starvation", ["limit": .duration(.milliseconds(500))]) != nil)
    #expect(
      refusal("cpu-starvation", ["service": .text("keepalived"), "processes": .count(2)])
        == "busy processes starve the whole node, not one service")
  }

  @Test func `a kernel that gives real-time processes everything is left alone`() throws {
    #expect(
      try reasons("cpu-starvation").contains("keeps no time for others than real-time processes"))
  }

  @Test(arguments: ["/run", "/run/takeover", "/run/takeover/state", "/", "tmp", "/tmp/", "/tmp/.."])
  func `a directory that heals the node, or that could be another one, is not filled`(path: String)
  {
    #expect(refusal("disk-full", ["directory": .text(path)]) != nil)
  }

  @Test func `a file system is filled beside the healing's own, and only where it is small`() throws
  {
    let given: [String: ParameterValue] = ["directory": .text("/var/log"), "most": .count(100)]
    #expect(
      try reasons("disk-full", given)
        == [
          "has no folder /var/log", "keeps what heals it on the file system of /var/log",
          "has more than 100 MiB to fill in /var/log",
        ])
  }
}
