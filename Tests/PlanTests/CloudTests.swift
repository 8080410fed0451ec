// What a site may say of its cloud subnet, and what of it is refused.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct CloudTests {
  private static let cloud = """
    cloud:
      region: ap-guangzhou
      havips: {10.0.0.100: havip-1}
      instances: {a: ins-a, b: ins-b}

    """

  private static func places(_ cloud: String) -> [String] {
    // The place within the cloud's own lines.
    let first = SiteTests.text.split(separator: "\n").count
    return SiteReader().read(text: SiteTests.text + cloud, path: "site.yaml").1.map {
      "\($0.code.rawValue) \($0.span.line - first):\($0.span.column)"
    }
  }

  @Test func `a cloud is read with its standards`() throws {
    let (read, diagnostics) = SiteReader().read(text: SiteTests.text + Self.cloud, path: "")
    #expect(diagnostics.map(\.rendered) == [])
    let site = try #require(read)
    #expect(
      site.cloud
        == CloudSubnet(
          region: "ap-guangzhou", havips: [.init(.v4(0x0a00_0064), id: "havip-1")],
          instances: ["a": "ins-a", "b": "ins-b"]))
    #expect(SiteReader().read(text: SiteTests.text, path: "").0?.cloud == nil)
  }

  @Test func `where the subnet ends ARP, nobody asks by ARP unless told to`() throws {
    let text = SiteTests.text.replacing("arp: never, ", with: "") + Self.cloud
    #expect(SiteReader().read(text: text, path: "").0?.probing.arp != nil)
    let ended = text + "  ends-arp: true\n"
    #expect(try #require(SiteReader().read(text: ended, path: "").0).probing.arp == nil)
    let told = ended.replacing("connect: 10ms", with: "connect: 10ms, arp: 1s")
    #expect(SiteReader().read(text: told, path: "").0?.probing.arp == .seconds(1))
  }

  @Test func `no HAVIP at all is said so`() throws {
    let text = SiteTests.text + Self.cloud.replacing("{10.0.0.100: havip-1}", with: "{}")
    #expect(try #require(SiteReader().read(text: text, path: "").0).cloud?.havips == [])
  }

  @Test func `what is no address, none of this site's, or there twice is refused`() {
    let named = { (havips: String) in
      Self.places(Self.cloud.replacing("10.0.0.100: havip-1", with: havips))
    }
    #expect(named("web: havip-1") == ["TK019 3:12"])
    #expect(named("10.0.0.101: havip-1") == ["TK019 3:12"])
    #expect(named("10.0.0.100: havip-1, \"10.0.0.100\": havip-2").count == 1)
    #expect(named("10.0.0.100: [havip-1]") == ["TK007 3:24"])
  }

  @Test func `nodes, endpoints and periods that cannot be are refused`() {
    #expect(Self.places(Self.cloud.replacing("{a:", with: "{c:")) == ["TK025 4:15"])
    for endpoint in [
      "vpc.example", "ftp://x/", "https:///", "\"https://x y\"", "\"http://x\\n-d\"",
    ] {
      #expect(Self.places(Self.cloud + "  endpoint: \(endpoint)\n").count == 1, "\(endpoint)")
    }
    #expect(Self.places(Self.cloud + "  endpoint: http://192.168.77.1/\n") == [])
    #expect(Self.places(Self.cloud + "  every: 10ms\n") == ["TK008 5:10"])
    #expect(Self.places(Self.cloud + "  owned: {10.0.0.100: a}\n") == [])
    #expect(Self.places(Self.cloud + "  owned: {10.0.0.100: c}\n") == ["TK025 5:23"])
    #expect(Self.places(Self.cloud + "  owned: {10.0.0.9: a}\n") == ["TK019 5:11"])
    #expect(Self.places(Self.cloud.replacing("region: ap-guangzhou", with: "lag: 4s")).count == 1)
  }
}
