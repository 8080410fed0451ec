// The commands of every fault, as golden files: what is run on a node is read by a person first.

import Foundation
import Glibc
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct FaultTests {
  static let commands = ServiceControl.commands(
    ServiceCommands(
      start: .script("keepalived -f \"/etc/keepalived/pair's.conf\""),
      stop: .script("kill \"$(cat /run/keepalived.pid)\"; sleep 1"),
      isActive: Command("pgrep", "-o", "-x", "keepalived"),
      mainProcess: .script("cat /run/keepalived.pid")))

  static func site(_ control: ServiceControl = .unit("keepalived")) -> Site {
    func node(_ name: String, _ addresses: String...) -> Node {
      Node(
        name: name, reach: Reach(host: name), interface: "eth0",
        addresses: addresses.compactMap { IPAddress($0) },
        services: ["keepalived": control, "haproxy": .unit("haproxy")],
        outside: outside(name))
    }
    return Site(
      name: "pair", environment: .lab,
      nodes: [node("a", "172.17.16.7", "fd00::7"), node("b", "172.17.16.13", "fd00::13")],
      machines: [
        Machine(
          name: "rogue", reach: Reach(host: "rogue"), interface: "eth0",
          addresses: [.v4(0xac11_1042)])
      ],
      addresses: [VirtualAddress(.v4(0xac11_1003), prefix: 32)], vrid: 51)
  }

  /// As somebody with virtual machines would tell it.
  private static func outside(_ name: String) -> Outside {
    func virsh(_ verb: String) -> TakeoverModel.Command { Command("virsh", verb, name) }
    let commands = { (blow: String, mend: String) in
      Outside.Commands(
        break: virsh(blow), mend: virsh(mend),
        isBroken: .script("! virsh domstate \(name) | grep -q running"))
    }
    return Outside(
      acts: Dictionary(
        uniqueKeysWithValues: Outside.Act.allCases.map { act in
          (act, act == .power ? commands("destroy", "start") : commands("suspend", "resume"))
        }))
  }

  static func arguments(_ kind: String, _ given: [String: ParameterValue] = [:]) -> Arguments {
    var arguments = Arguments()
    let type = FaultCatalog.faults.kinds.first { $0.declaration.kind == kind }
    for parameter in type?.declaration.parameters ?? [] {
      arguments.values[parameter.name] = given[parameter.name] ?? parameter.standard
    }
    return arguments
  }

  static func procedure(
    _ kind: String, _ given: [String: ParameterValue] = [:], site: Site = FaultTests.site()
  ) throws -> Procedure {
    let use = FaultUse(kind: kind, arguments: arguments(kind, given))
    let fault = try FaultCatalog.faults.fault(use)
    let isForMachines = type(of: fault).declaration.target == .machine
    return try fault.procedure(on: isForMachines ? site.others[0] : site.nodes[0], in: site)
  }

  static func text(_ procedure: Procedure) -> String {
    let parts = [
      ("prepare", procedure.prepare), ("inject", procedure.inject), ("confirm", procedure.confirm),
      ("heal", procedure.heal), ("confirm healed", procedure.confirmHealed),
    ]
    return parts.map { title, commands in
      "## \(title)\n" + commands.map { $0.shellText + "\n" }.joined()
    }.joined(separator: "\n")
  }

  typealias Sample = (name: String, kind: String, given: [String: ParameterValue])

  /// By hand where a kind has more to show than its examples; else by those.
  static let samples: [Sample] = chosen + examples

  private static let examples: [Sample] = FaultCatalog.faults.kinds.map { $0.declaration }
    .filter { one in one.isOffered(on: .posix) && !chosen.contains { $0.kind == one.kind } }
    .flatMap { declaration in
      declaration.examples.enumerated().map { index, example in
        (declaration.kind + (index == 0 ? "" : "-\(index + 1)"), declaration.kind, example)
      }
    }

  private static let chosen: [Sample] = [
    ("stop-service", "stop-service", [:]),
    ("kill-process-tree", "kill-process", [:]),
    ("kill-process-child", "kill-process", ["scope": .text("child"), "signal": .text("SEGV")]),
    ("freeze-process", "freeze-process", [:]),
    ("kill-process-worker", "kill-process", ["scope": .text("worker")]),
    ("kill-process-every", "kill-process", ["every": .duration(.seconds(2))]),
    ("link-down", "link-down", [:]),
    ("drop-vrrp-out", "drop-traffic", ["protocol": .text("vrrp"), "direction": .text("out")]),
    ("drop-arp", "drop-traffic", ["protocol": .text("arp"), "peer": .text("any")]),
    ("drop-tcp", "drop-traffic", ["protocol": .text("tcp"), "port": .count(80)]),
    (
      "drop-icmp-in", "drop-traffic",
      [
        "protocol": .text("icmp"), "direction": .text("in"), "peer": .text("fd00::20"),
        "interface": .text("eth1.5"),
      ]
    ),
    ("drop-all", "drop-traffic", ["protocol": .text("all"), "peer": .text("any")]),
    ("link-flap", "link-flap", ["count": .count(2), "last": .text("down")]),
    ("address-delete", "address-delete", [:]),
    ("address-duplicate", "address-duplicate", [:]),
    ("address-duplicate-announced", "address-duplicate", ["announce": .flag(true)]),
    ("address-flush", "address-flush", [:]),
    ("mtu-change", "mtu-change", ["mtu": .count(1300)]),
    ("mac-change", "mac-change", [:]),
    ("partition-peer", "partition-peer", [:]),
    ("partition-clients", "partition-clients", [:]),
    ("one-way-loss-in", "one-way-loss", ["direction": .text("in")]),
    ("packet-loss", "packet-loss", ["percent": .count(30), "protocol": .text("vrrp")]),
    (
      "reject-tcp", "reject-traffic",
      ["protocol": .text("tcp"), "port": .count(80), "peer": .text("any")]
    ),
    ("reject-all", "reject-traffic", ["protocol": .text("all")]),
    ("drop-goodbyes", "drop-goodbyes", [:]),
    ("drop-announcements", "drop-announcements", [:]),
    ("delay-announcements", "delay-announcements", [:]),
    ("duplicate-announcements", "duplicate-announcements", ["copies": .count(2)]),
    ("drop-neighbour-discovery", "drop-neighbour-discovery", [:]),
    ("rate-limit", "rate-limit", [:]),
    (
      "delay-traffic", "delay-traffic",
      ["delay": .duration(.milliseconds(100)), "jitter": .duration(.milliseconds(20))]
    ),
    ("duplicate-traffic", "duplicate-traffic", ["percent": .count(50)]),
    ("reorder-traffic", "reorder-traffic", ["percent": .count(25)]),
    ("corrupt-traffic", "corrupt-traffic", ["percent": .count(20)]),
    ("edit-sed", "edit-configuration", ["sed": .text("s/it's/its/"), "apply": .text("none")]),
    (
      "edit-replace", "edit-configuration",
      [
        "replace": .text("priority 100"), "with": .text("priority 90"),
        "apply": .text("restart"),
      ]
    ),
    ("reload-unchanged", "reload-unchanged", [:]),
    ("change-priority", "change-priority", ["to": .count(50), "instance": .text("VI_1")]),
    ("change-interval", "change-interval", ["to": .duration(.milliseconds(2_050))]),
    ("change-vrid", "change-vrid", ["to": .count(99)]),
    ("add-address", "add-address", ["address": .text("172.17.16.99")]),
    ("remove-address", "remove-address", [:]),
    ("remove-instance", "remove-instance", [:]),
    ("wrong-password", "wrong-password", [:]),
    ("lose-peers", "lose-peers", [:]),
    ("state-master", "state-master", ["apply": .text("restart")]),
    ("strict-mode", "strict-mode", [:]),
    (
      "exec", "exec",
      [
        "inject": .text("echo \"it's $1\" >>/etc/hosts"),
        "confirm": .text("grep \"it's\" /etc/hosts"), "heal": .text("sed -i '/it.s/d' /etc/hosts"),
        "prepare": .text("ls $3"), "requires": .text(" grep  sed"), "touches": .text("/etc/hosts"),
      ]
    ),
  ]

  @Test(arguments: samples.indices)
  func `the commands for a systemd node are those that were read`(index: Int) throws {
    let sample = Self.samples[index]
    try Golden.expect(
      Self.text(try Self.procedure(sample.kind, sample.given)), "\(sample.name).systemd.txt")
  }

  @Test(arguments: 0..<4)
  func `the commands for a service without systemd are those that were read`(index: Int) throws {
    let sample = Self.samples[index]
    let procedure = try Self.procedure(sample.kind, sample.given, site: Self.site(Self.commands))
    try Golden.expect(Self.text(procedure), "\(sample.name).commands.txt")
  }

  @Test(arguments: samples.indices)
  func `every script is good POSIX shell`(index: Int) throws {
    let sample = Self.samples[index]
    // Not every kind can do without a unit.
    let other = try? Self.procedure(sample.kind, sample.given, site: Self.site(Self.commands))
    var all: [Command] = []
    for procedure in [try Self.procedure(sample.kind, sample.given), other].compactMap({ $0 }) {
      all += procedure.requirements.map(\.command) + procedure.prepare + procedure.inject
      all += procedure.confirm + procedure.heal + procedure.confirmHealed
    }
    for body in all.compactMap({ $0.asScript?.body }) {
      #expect(Self.status(of: ["sh", "-n", "-c", body]) == 0, "\(sample.name): \(body)")
    }
  }

  /// How a program ends, without an environment. Not by Foundation's Process, which needs a network:
  /// it makes a socket on the loopback interface, and waits for ever where that is down.
  static func status(of line: [String]) -> Int32? {
    let whole: [String] = ["env", "-i"] + line
    var words: [UnsafeMutablePointer<CChar>?] = unsafe whole.map { word in unsafe strdup(word) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { word in unsafe free(word) } }
    var program = pid_t()
    var status: Int32 = -1
    guard unsafe posix_spawn(&program, "/usr/bin/env", nil, nil, &words, environ) == 0,
      unsafe waitpid(program, &status, 0) == program, status & 0x7f == 0
    else { return nil }
    return (status >> 8) & 0xff
  }

  @Test func `every kind names itself once and declares standards of the right form`() {
    let declarations = FaultCatalog.faults.kinds.map { $0.declaration }
    #expect(Set(declarations.map(\.kind)).count == declarations.count)
    for parameter in declarations.flatMap(\.parameters) {
      switch (parameter.form, parameter.standard) {
      case (_, nil), (.text, .text), (.duration, .duration), (.flag, .flag): break
      case (.count(let range), .count(let count)): #expect(range.contains(count))
      case (.choice(let words), .text(let word)): #expect(words.contains(word))
      default: Issue.record("\(parameter.name) has a standard of another form")
      }
    }
  }

  @Test func `a service that the node does not have is named with those it has`() {
    #expect(throws: Complaint.self) {
      try Self.procedure("stop-service", ["service": .text("nginx")])
    }
  }

  @Test func `the way to the node is never cut by dropping everybody's SSH`() {
    #expect(throws: Complaint.self) {
      try Self.procedure(
        "drop-traffic", ["protocol": .text("tcp"), "port": .count(22), "peer": .text("any")])
    }
  }

  @Test func `a port with a protocol that has none is refused`() {
    #expect(throws: Complaint.self) {
      try Self.procedure("drop-traffic", ["protocol": .text("vrrp"), "port": .count(22)])
    }
  }

  @Test func `a fault with everybody as peer and one with the other node have different tables`()
    throws
  {
    let one = try Self.procedure("drop-traffic", ["protocol": .text("vrrp")])
    let other = try Self.procedure(
      "drop-traffic", ["protocol": .text("vrrp"), "peer": .text("any")])
    #expect(one.heal != other.heal)
  }

  @Test func `a link that is taken down says that it falls silent`() throws {
    #expect(try FaultTests.procedure("link-down").silences == "eth0")
    #expect(try Self.procedure("drop-traffic", ["protocol": .text("vrrp")]).silences == nil)
  }

  /// The table as the node would write it, told by sshd that it was reached like that.
  /// Makes a program for other programs to run. A child writes it: were it written here, a test that
  /// forks meanwhile would hold it open for writing, and execve(2) refuses such a file.
  static func install(_ text: String, at path: String) {
    let made = status(
      of: ["sh", "-c", "printf '%s' \"$1\" >\"$2\" && chmod 755 \"$2\"", "takeover", text, path])
    #expect(made == 0)
  }

  private func written(_ given: [String: ParameterValue], reached: String) throws
    -> (status: Int32, table: String)
  {
    let command = try #require(try Self.procedure("drop-traffic", given).prepare.first?.asScript)
    let folder = NSTemporaryDirectory() + "takeover-road-\(UInt32.random(in: 0 ... .max))"
    let nft = folder + "/nft"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    Self.install("#!/bin/sh\n", at: nft)
    let status = Self.status(
      of: [
        "PATH=\(folder):/usr/bin:/bin", "SSH_CONNECTION=\(reached)", "sh", "-c",
        "exec 2>/dev/null; " + command.body, "takeover", folder + "/table",
      ] + command.parameters.dropFirst())
    let table = (try? String(contentsOfFile: folder + "/table", encoding: .utf8)) ?? ""
    return (try #require(status), table)
  }

  @Test func `the way to a node is spared at the port where it really comes in`() throws {
    let all: [String: ParameterValue] = ["protocol": .text("all"), "peer": .text("any")]
    let table = try written(all, reached: "10.9.8.7 50123 172.17.16.7 2222").table
    #expect(table.contains("    tcp dport 2222 accept\n"))
    #expect(table.contains("    tcp sport 2222 accept\n"))
    #expect(!table.contains("dport 22 ") && !table.contains("@road"))
  }

  @Test func `dropping one peer spares only where the way comes from`() throws {
    let tcp: [String: ParameterValue] = ["protocol": .text("tcp")]
    let four = try written(tcp, reached: "172.17.16.13 50123 172.17.16.7 22").table
    #expect(four.contains("    ip saddr 172.17.16.13 tcp dport 22 accept\n"))
    #expect(four.contains("    ip daddr 172.17.16.13 tcp sport 22 accept\n"))
    let six = try written(tcp, reached: "fe80::1%eth0 50123 fe80::2%eth0 2022").table
    #expect(six.contains("    ip6 saddr fe80::1 tcp dport 2022 accept\n"))
  }

  @Test func `everybody's SSH is not dropped, whatever port it really has`() throws {
    let drop: [String: ParameterValue] = [
      "protocol": .text("tcp"), "port": .count(2222), "peer": .text("any"),
    ]
    #expect(try written(drop, reached: "10.9.8.7 50123 172.17.16.7 2222").status == 1)
    #expect(try written(drop, reached: "10.9.8.7 50123 172.17.16.7 22").status == 0)
  }
}
