// What a run needs of the machine it runs on: no more than the site asks for.

import TakeoverModel
import Testing

@testable import TakeoverCommand

@Suite struct `What a run needs of this machine` {
  private func own(_ set: String) throws -> Privileges {
    try #require(Privileges(status: "Name:\ttakeover\nCapPrm:\tffff\nCapEff:\t\(set)\n"))
  }

  private func site(_ change: (inout Site) -> Void = { _ in }) -> Site {
    var site = Site(
      name: "pair", environment: .test,
      nodes: ["a", "b"].map {
        Node(name: $0, reach: Reach(host: $0), interface: "eth0", addresses: [], services: [:])
      }, addresses: [], captures: [CapturePoint(name: "lan", interface: "eth0")],
      vantages: [VantagePoint(name: "here", interface: "eth0")])
    change(&site)
    return site
  }

  @Test func `CAP_NET_RAW is enough to capture and to ask`() throws {
    #expect(try own("0000000000002000").missing(for: site()) == nil)
    let missing = try #require(try own("ffffffffffffdfff").missing(for: site()))
    #expect(missing.problem == "capturing and asking from here (lan, here) needs CAP_NET_RAW")
    #expect(missing.remedy.contains("setcap cap_net_raw+ep"))
  }

  @Test func `what is captured and asked elsewhere needs nothing here`() throws {
    let elsewhere = site {
      $0.captures[0].through = "a"
      $0.vantages[0].through = "b"
    }
    #expect(try own("0").missing(for: elsewhere) == nil)
  }

  @Test func `a namespace needs more`() throws {
    let changes: [(inout Site) -> Void] = [
      { $0.captures[0].namespace = "/n" }, { $0.vantages[0].namespace = "/n" },
      { $0.nodes[1].reach.namespace = "/n" },
    ]
    for change in changes {
      let problem = try own("2000").missing(for: site(change))?.problem
      #expect(problem?.contains("CAP_SYS_ADMIN") == true)
      #expect(try own("202000").missing(for: site(change)) == nil)
    }
  }

  @Test func `a kernel that does not tell is not guessed at`() {
    #expect(Privileges(status: "Name:\ttakeover\n") == nil)
    #expect(Privileges(status: "CapEff:\tnonsense\n") == nil)
  }
}
