// What `ip` prints, read.

internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `Looking at a node` {
  private let output = """
    Linux 6.1.0
    Keepalived v2.2.7 (01/16,2022)
    ==
    1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue\\    link/loopback 00:00:00:00:00:00 brd 00:00
    2: eth0@if3: <BROADCAST,UP> mtu 1500\\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    ==
    1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever
    2: eth0    inet 172.17.16.7/24 scope global eth0\\       valid_lft forever
    2: eth0    inet 172.17.16.3/32 scope global eth0\\       valid_lft forever
    2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever
    """

  @Test func `links, hardware addresses and addresses are found`() {
    let seen = NodeInspection.describe(node: "a", transport: "t", output: output)
    #expect(seen.system == "Linux 6.1.0, Keepalived v2.2.7 (01/16,2022)")
    #expect(seen.links.map(\.name) == ["lo", "eth0"])
    #expect(seen.links[1].mac == MACAddress("02:00:00:00:00:01"))
    #expect(
      seen.links[1].addresses.map(\.description) == ["172.17.16.7", "172.17.16.3", "fe80::1"])
  }

  @Test func `its kernel is the coordinator's own where both have one name`() {
    func shares(_ tail: String, _ own: String?) -> Bool? {
      NodeInspection.describe(
        node: "a", transport: "t", output: output + tail, ownKernel: own
      ).sharesKernel
    }
    #expect(shares("\n==\n1f-2e\n", "1f-2e") == true)
    #expect(shares("\n==\n1f-2e\n", "1f-2f") == false)
    #expect(shares("\n==\n", "1f-2e") == nil)
    #expect(shares("", "1f-2e") == nil)
    #expect(shares("\n==\n1f-2e\n", nil) == nil)
    #expect(NodeInspection.ownKernel()?.count == 36)
  }

  @Test func `any cut of the output is survived`() {
    for count in 0...output.count {
      _ = NodeInspection.describe(node: "a", transport: "t", output: String(output.prefix(count)))
    }
    #expect(NodeInspection.describe(node: "a", transport: "t", output: "").links.isEmpty)
  }
}
