// What a run says to a Windows node beside the faults' own commands: as golden files, which a person reads
// first, and what the answers are taken for, whatever comes.

internal import Foundation
internal import TakeoverModel
internal import TakeoverRun
internal import TestSupport
internal import Testing

@Suite struct `A Windows node's guards` {
  static let node = Node(
    name: "a", reach: Reach(host: "10.0.0.11", user: "Administrator", system: .windows),
    interface: "Cluster", addresses: [.v4(0x0a00_000b)],
    services: ["cluster": .windows("ClusSvc"), "web": .windows("W3SVC")])
  static let site = Site(
    name: "shop", environment: .test, nodes: [node],
    addresses: [VirtualAddress(.v4(0x0a00_0064), prefix: 24)])

  private static let procedure = Procedure(
    inject: [.powerShell("param($name) Disable-NetAdapter -Name $name -Confirm:$false", ["it's"])],
    confirm: [.powerShell("$true")],
    heal: [.powerShell("param($name) Enable-NetAdapter -Name $name -Confirm:$false", ["it's"])],
    confirmHealed: [
      .powerShell("param($name) \"$((Get-NetAdapter -Name $name).Status)\" -eq 'Up'", ["it's"])
    ])

  private static let speech = NodeSystem.windows.speech
  private static let lease = Lease(id: "run-1.1.1.1", length: .seconds(60), system: .windows)
  private static let timer = Lease(
    id: "run-1.1.2.1", length: .seconds(8), isTimer: true, system: .windows)
  private static let lock = NodeLock(
    token: "run-1", owner: "run nightly on desk", length: .seconds(120), system: .windows)

  private static let all: [(name: String, command: TakeoverModel.Command)] = [
    ("lease-grant", lease.grant([procedure])), ("lease-grant-timer", timer.grant([procedure])),
    ("lease-renewal", lease.renewal), ("lease-release", lease.release),
    ("lease-record", timer.record), ("lease-guarding", lease.guarding(procedure.inject[0])),
    ("lease-recording", timer.recording(procedure.inject[0], procedure.confirm)),
    ("lock-taking", lock.taking(for: "shop")), ("lock-renewal", lock.renewal),
    ("lock-release", lock.release), ("sweep", speech.sweep(node, force: false)),
    ("digest", speech.digest(of: node, in: site, touching: Touches())),
    ("inspection", speech.inspection), ("road", speech.road), ("addresses", speech.addresses),
    ("missing", speech.missing(of: ["Get-ClusterNode", "Get-NetAdapter"])),
    ("link", speech.link("Cluster")), ("permits", speech.permits("shop")),
    ("may-all", speech.mayAll), ("processes", speech.processes(of: node.services, known: [:])),
    ("cluster-view", ClusterView.command),
  ]

  @Test(arguments: all.indices)
  func `are the commands that were read, for PowerShell, and whole`(index: Int) throws {
    let (name, command) = Self.all[index]
    #expect(command.system == .windows)
    let words = try #require(command.asPowerShell)
    #expect(PowerShellText.trouble(words.body) == nil, "\(name)")
    // The scripts that a lease is given are data to the command, and scripts on the node.
    for script in words.parameters where script.contains("\n") {
      #expect(PowerShellText.trouble(script) == nil, "\(name): \(script)")
    }
    // As they are, not quoted: so that they can be read.
    let parameters = words.parameters.map { "\n## parameter\n\($0)\n" }.joined()
    try GoldenText.expect(words.body + "\n" + parameters, "\(name).windows.txt")
  }

  @Test func `a lease that was written down is kept in the words of its node`() throws {
    let back = try JSONDecoder().decode(Lease.self, from: JSONEncoder().encode(Self.lease))
    #expect(back == Self.lease)
    #expect(back.release.system == .windows)
    let new = try JSONEncoder().encode(Lease(id: "x", length: .seconds(5)))
    var words = try #require(JSONSerialization.jsonObject(with: new) as? [String: Any])
    words["system"] = nil
    let before = try JSONDecoder().decode(
      Lease.self, from: JSONSerialization.data(withJSONObject: words))
    #expect(before == Lease(id: "x", length: .seconds(5)))
    #expect(before.release.system == .posix)
  }

  @Test func `a brace too many in a healing stays its own mistake`() throws {
    let odd = Procedure(
      inject: [], confirm: [], heal: [.powerShell("}"), .powerShell("'")],
      confirmHealed: [.powerShell("{")])
    let grant = try #require(Self.lease.grant([odd]).asPowerShell)
    for script in grant.parameters where script.contains("\n") {
      #expect(PowerShellText.trouble(script) == nil)
    }
  }

  // MARK: Answers

  private static let digest = """
    boot
    boot\t133770000000000000
    links
    links\tCluster\tstatus\tUp\r
    links\tCluster\tMTU\t1500
    addresses
    addresses\tCluster\t10.0.0.11/24
    routes
    routes\t4\t0.0.0.0/0 via 10.0.0.1 dev Cluster
    services
    services\tcluster\truns\tyes
    services\tcluster node\tstate\tUp
    end

    """

  private func state(_ text: String) -> NodeState {
    Self.speech.state(text, of: Self.node, in: Self.site, touching: Touches())
  }

  @Test func `a reading tells what a fault could break, and proves a healing`() {
    let whole = state(Self.digest)
    #expect(whole.shortcoming == nil)
    #expect(whole.lines[.links] == ["Cluster\tMTU\t1500", "Cluster\tstatus\tUp"])
    #expect(whole.lines[.addresses] == ["Cluster\t10.0.0.11/24"])
    #expect(whole.lines[.clock] == nil)
    let down = state(Self.digest.replacing("status\tUp", with: "status\tDisabled"))
    #expect(
      down.differences(from: whole, on: Self.node).map(\.words)
        == ["Cluster has status Disabled, not Up"])
    let paused = state(Self.digest.replacing("state\tUp", with: "state\tPaused"))
    #expect(
      paused.differences(from: whole, on: Self.node).map(\.words)
        == ["cluster node is Paused, it was Up"])
  }

  @Test func `a section that cannot be read says why, and proves nothing`() {
    let text = Self.digest.replacing(
      "addresses\naddresses\tCluster\t10.0.0.11/24", with: "!addresses\tAccess is denied.")
    #expect(state(text).shortcoming == "its addresses cannot be read: Access is denied.")
  }

  @Test func `an answer that broke off anywhere proves nothing`() {
    let bytes = Array(Self.digest.utf8)
    for count in 0..<(bytes.count - 5) {
      let cut = String(decoding: bytes.prefix(count), as: UTF8.self)
      #expect(state(cut).shortcoming != nil, "\(count)")
    }
  }

  @Test func `any bytes are read without harm`() {
    var random = SplitMix(state: 8)
    let broken = BrokenText(
      [.byte, .bit, .piece, .cut, .lines, .word],
      pieces: ["\t", "\n", "end\n", "!links\t", "boot\n"])
    for _ in 0..<2_000 {
      let bytes = broken.broken(Array(Self.digest.utf8), among: [], &random)
      let text = String(decoding: bytes, as: UTF8.self)
      let now = state(text)
      _ = now.differences(from: state(Self.digest), on: Self.node)
      _ = Self.speech.described(node: "a", transport: "t", output: text)
      _ = ClusterView.view(of: "a", CommandResult(status: 0, output: bytes))
    }
  }

  @Test func `its adapters and addresses are known by their names`() throws {
    let text = """
      Microsoft Windows Server 2022 Standard 10.0.20348, PowerShell 5.1.20348.1
      ==
      Cluster\t00-15-5D-01-02-03
      Storage 2\t00-15-5D-01-02-04
      odd\t
      ==
      Cluster\t10.0.0.11
      Cluster\tfe80::1
      Loopback Pseudo-Interface 1\t127.0.0.1

      """
    let seen = Self.speech.described(node: "a", transport: "t", output: text)
    #expect(seen.system.hasPrefix("Microsoft Windows Server 2022"))
    #expect(seen.links.map(\.name) == ["Cluster", "Storage 2", "odd"])
    #expect(seen.links[0].mac == MACAddress("00:15:5d:01:02:03"))
    #expect(seen.links[0].addresses == [IPAddress("10.0.0.11"), IPAddress("fe80::1")])
    #expect(seen.links[2].mac == nil)
    for count in 0..<text.utf8.count {
      let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
      _ = Self.speech.described(node: "a", transport: "t", output: cut)
    }
  }

  @Test func `the cluster's own view names the owner of each group`() {
    func view(_ text: String, status: Int = 0, trouble: String = "") -> DaemonView {
      ClusterView.view(
        of: "a",
        CommandResult(status: status, output: Array(text.utf8), errorOutput: Array(trouble.utf8)))
    }
    let text = """
      node\tNODE-A\tUp\t2044
      group\tShop\tnode-a\tOnline\t10.0.0.100 fd00::100
      group\tCluster Group\tNODE-B\tOnline\t10.0.0.99
      group\tAvailable Storage\tNODE-A\tOffline\t
      group\tLate\tNODE-A\tPending\t10.0.0.98

      """
    let seen = view(text)
    #expect(seen.trouble.isEmpty)
    #expect(seen.processes == [2044])
    #expect(seen.instances.map(\.state) == [.master, .backup, .fault, nil])
    #expect(seen.instances[0].addresses.count == 2)
    #expect(view(text.replacing("Up", with: "Down")).instances.allSatisfy { $0.state == .fault })
    #expect(view("", status: 1, trouble: "no cluster\n").trouble == "no cluster")
    #expect(!view("group\tShop\tnode-a\tOnline\t10.0.0.100\n").trouble.isEmpty)
  }
}
