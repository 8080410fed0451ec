// The cloud's side of a site, and the words for why a subnet leads an address elsewhere.

internal import Foundation
internal import TakeoverModel
internal import Testing

@Suite struct `The cloud subnet` {
  private static let address = IPAddress.v4(0xAC11_1003)
  private static let subnet = CloudSubnet(
    endpoint: "http://192.168.77.1/", region: "ap-lab", havips: [.init(address, id: "havip-1")],
    instances: ["a": "ins-a", "b": "eni-b"], lag: .milliseconds(500))

  private static func reason(
    _ bound: SubnetReason.Bound, refusal: String? = nil, isBelieved: Bool = false,
    associated: [String]? = nil, havips: [CloudSubnet.Havip]? = nil
  ) -> String? {
    var subnet = subnet
    if let havips { subnet.havips = havips }
    return SubnetReason(
      subnet: subnet, address: address, holder: "b", bound: bound, refusal: refusal,
      isBelieved: isBelieved, associated: associated
    ).sentence
  }

  @Test func `a node is known by its instance or by its interface`() {
    #expect(Self.subnet.node(ofInstance: "ins-a", interface: "eni-x") == "a")
    #expect(Self.subnet.node(ofInstance: "ins-x", interface: "eni-b") == "b")
    #expect(Self.subnet.node(ofInstance: "", interface: "") == nil)
    #expect(Self.subnet.havip(of: Self.address)?.id == "havip-1")
    #expect(Self.subnet.havip(of: .v4(1)) == nil)
  }

  @Test func `what leads to its holder needs no reason`() {
    #expect(Self.reason(.node("b"), refusal: "r", havips: []) == nil)
    #expect(Self.reason(.unknown) == nil)
  }

  @Test func `an ordinary address, a missing association and a refusal are told apart`() {
    #expect(
      Self.reason(.node("a"), havips: [])
        == "the subnet does not believe b, which announces 172.17.16.3: 172.17.16.3 is no HAVIP: "
        + "only a call of the control plane can move it; it leads to a")
    #expect(
      Self.reason(.nobody, associated: ["ins-a"])
        == "the subnet does not believe b, which announces 172.17.16.3: b is not in the "
        + "association set of havip-1; it leads to nobody")
    #expect(
      Self.reason(.node("a"), refusal: "too many", associated: ["eni-b"])
        == "the subnet does not believe b, which announces 172.17.16.3: too many; it leads to a")
    #expect(Self.reason(.unknown, isBelieved: true)?.hasSuffix("has not yet bound it") == true)
    #expect(
      Self.reason(.node("a"))
        == "the subnet has 172.17.16.3 bound to a, though b has it")
    #expect(Self.reason(.nobody)?.contains("bound to nobody") == true)
  }

  @Test func `a site from before there were clouds is read, and one with a cloud comes back`()
    throws
  {
    var site = Site(
      name: "s", environment: .lab, nodes: [],
      addresses: [VirtualAddress(Self.address, prefix: 32)])
    let bytes = try JSONEncoder().encode(site)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("cloud"))
    #expect(try JSONDecoder().decode(Site.self, from: bytes) == site)
    site.cloud = Self.subnet
    #expect(try JSONDecoder().decode(Site.self, from: JSONEncoder().encode(site)) == site)
  }

  @Test func `an outage is its parts and a rest, and the difference has no sign`() {
    let outage = Outage(
      vantage: "c", method: .echo, address: Self.address, from: Interval(at: .began), until: nil,
      length: Elapsed(atLeast: .milliseconds(1_190), atMost: .milliseconds(1_210)))
    let parts = { (lag: Int) in
      OutageParts(
        outage: outage,
        takeover: Elapsed(atLeast: .milliseconds(690), atMost: .milliseconds(691)),
        lag: Elapsed(exactly: .milliseconds(lag)))
    }
    #expect(
      parts(500).rest == Elapsed(atLeast: .milliseconds(-1), atMost: .milliseconds(20)))
    #expect(parts(500).difference == Elapsed(atLeast: .zero, atMost: .milliseconds(20)))
    #expect(
      parts(600).difference == Elapsed(atLeast: .milliseconds(80), atMost: .milliseconds(101)))
    #expect(
      parts(400).difference == Elapsed(atLeast: .milliseconds(99), atMost: .milliseconds(120)))
  }
}
