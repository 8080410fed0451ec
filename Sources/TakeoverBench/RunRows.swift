// What a whole run takes of the coordinator: the memory of `takeover run`, watched from outside.

internal import Foundation
internal import Glibc
internal import TakeoverModel

struct RunRows {
  static let section = "a run of three takeovers"
  private static let row = "takeover run, peak memory"

  func measure() throws -> Findings {
    guard let program = Self.program else {
      let needs = "takeover beside takeover-bench (swift build -c release)"
      return Findings(rows: [.missing(Self.section, Self.row, unit: "MiB", needs: needs)])
    }
    let folder = try Scratch()
    defer { folder.remove() }
    let name = "bench-run-\(ProcessInfo.processInfo.processIdentifier)"
    try Data(Self.lab(name).utf8).write(to: URL(fileURLWithPath: folder.path + "/lab.yaml"))
    try Data(Self.plan.utf8).write(to: URL(fileURLWithPath: folder.path + "/plan.yaml"))
    let (cost, peak) = try Child(
      [program, "run", "\(folder.path)/plan.yaml", "--output", "\(folder.path)/reports"]
    ).watched()
    guard cost.status == 0 || cost.status == 1 else {
      throw Complaint(
        "takeover run ended with \(cost.status)", remedy: "takeover run Plans/demo.yaml by hand")
    }
    let note =
      "VmHWM, read until its end; \(Measurements.number(cost.seconds)) s, its lab included"
    return try help(of: program)
      + Findings(rows: [Row(Self.section, Self.row, unit: "MiB", [peak], note: note)])
  }

  /// What a person waits for who asks how it is used.
  private func help(of program: String) throws -> Findings {
    let what = "takeover --help"
    let times = try (0..<30).map { _ in
      let cost = try Child.run([program, "--help"])
      guard cost.status == 0 else {
        throw Complaint("\(what) ended with \(cost.status)", remedy: "run it by hand")
      }
      return cost.seconds * 1e3
    }
    let row = Row("the command line", what, unit: "ms", times, note: "from its start to its end")
    return Findings(
      rows: [row], targets: [Target("\(what) takes 20 ms", measured: row.p50, limit: 20)])
  }

  private static var program: String? {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = own.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/takeover" }
    return path.flatMap { unsafe access($0, X_OK) == 0 ? $0 : nil }
  }

  private static func lab(_ name: String) -> String {
    """
    version: 1
    lab: \(name)
    nodes:
      a: {address: 172.17.16.7/24, priority: 100, image: bookworm, init: systemd, management: separate}
      b: {address: 172.17.16.13/24, priority: 80, image: bookworm, init: systemd, management: separate}
    clients:
      client: 172.17.16.20/24
    addresses: [172.17.16.3/32]
    keepalived: {version: 3, vrid: 51, interval: 100ms, mode: unicast, preempt: false}
    service-port: 80
    """
  }

  private static let plan = """
    version: 1
    name: bench
    why: A run whose memory is watched.
    site: lab.yaml
    trials:
      - name: a crash
        fault: kill-process
        signal: KILL
        scope: tree
        target: holder
        hold: 2s
        settle: 1s
        repeat: 3
        expect:
          takeover-within: 400ms
    """
}
