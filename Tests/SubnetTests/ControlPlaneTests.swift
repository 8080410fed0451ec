// The control plane as a door: who is let in, what is refused with which code, and what broken requests do.

import TakeoverModel
import TakeoverSubnet
import TestSupport
import Testing

@Suite struct `The control plane` {
  @Test func `a signed request is answered in the API's envelope`() throws {
    let console = Console()
    let answer = try #require(console.ask("DescribeHaVips"))
    #expect(answer["RequestId"]?.string == "request-1")
    #expect(answer["TotalCount"]?.integer == 1)
    #expect(answer["Error"]?.string == nil)
  }

  @Test func `who signs with another key or name is not let in`() throws {
    let console = Console()
    #expect(
      console.refusal(of: console.request("DescribeHaVips", "{}", key: "wrong"))
        == "AuthFailure.SignatureFailure")
    #expect(
      console.refusal(of: console.request("DescribeHaVips", "{}", id: "nobody"))
        == "AuthFailure.SecretIdNotFound")
    var unsigned = console.request("DescribeHaVips", "{}")
    unsigned.headers["authorization"] = nil
    #expect(console.refusal(of: unsigned) == "AuthFailure.SignatureFailure")
    var changed = console.request("DescribeHaVips", "{}")
    changed.body = Array(#"{"Limit":1}"#.utf8)
    #expect(console.refusal(of: changed) == "AuthFailure.SignatureFailure")
    let answer = console.send(changed)
    #expect(answer?["Error"]?["Message"]?.string?.isEmpty == false)
    #expect(answer?["RequestId"]?.string == "request-5")
  }

  @Test func `a signature lasts five minutes`() {
    let console = Console()
    let request = console.request("DescribeHaVips", "{}")
    console.now += 300 * SubnetSamples.second
    #expect(console.refusal(of: request) == nil)
    console.now += SubnetSamples.second
    #expect(console.refusal(of: request) == "AuthFailure.SignatureExpire")
    console.now -= 700 * SubnetSamples.second
    #expect(console.refusal(of: request) == "AuthFailure.SignatureExpire")
  }

  @Test func `an unsigned payload may be sent, as the API has it`() {
    let console = Console()
    let request = console.request("DescribeHaVips", "{}") {
      $0.headers["x-tc-content-sha256"] = "UNSIGNED-PAYLOAD"
    }
    #expect(console.refusal(of: request) == nil)
  }

  @Test(arguments: [
    ("x-tc-action", "RunInstances", "InvalidAction"), ("x-tc-action", "", "MissingParameter"),
    ("x-tc-version", "2016-01-01", "NoSuchVersion"), ("x-tc-version", "", "MissingParameter"),
    ("x-tc-region", "ap-guangzhou", "UnsupportedRegion"), ("x-tc-region", "", "MissingParameter"),
    ("x-tc-timestamp", "", "MissingParameter"),
    ("x-tc-timestamp", "soon", "AuthFailure.SignatureFailure"),
    ("x-tc-timestamp", "99999999999999999", "AuthFailure.SignatureFailure"),
    ("content-type", "application/x-www-form-urlencoded", "UnsupportedProtocol"),
  ]) func `each header has its code`(name: String, value: String, code: String) {
    let console = Console()
    var request = console.request("DescribeHaVips", "{}") {
      if !name.contains("timestamp") { $0.headers[name] = value }
    }
    if name.contains("timestamp") { request.headers[name] = value }
    #expect(console.refusal(of: request) == code)
  }

  @Test func `only POST is taken`() {
    let console = Console()
    let request = console.request("DescribeHaVips", "{}") { $0.method = "GET" }
    #expect(console.refusal(of: request) == "UnsupportedProtocol")
  }

  @Test(arguments: [
    ("", "InvalidParameter"), ("[]", "InvalidParameter"), ("{", "InvalidParameter"),
    (#"{"Limit":"1"}"#, "InvalidParameter"), (#"{"Limit":1.5}"#, "InvalidParameter"),
    (#"{"Limit":0}"#, "InvalidParameterValue.Range"),
    (#"{"Limit":101}"#, "InvalidParameterValue.Range"),
    (#"{"Offset":-1}"#, "InvalidParameterValue.Range"), (#"{"Limits":1}"#, "UnknownParameter"),
    (#"{"HaVipIds":"havip-lab1"}"#, "InvalidParameter"),
    (#"{"HaVipIds":[1]}"#, "InvalidParameter"), (#"{"Filters":["vip"]}"#, "InvalidParameter"),
    (#"{"Filters":[{"Values":[]}]}"#, "MissingParameter"),
    (String(repeating: "[", count: 50_000), "InvalidParameter"),
  ]) func `a body that is not what it should be has its code`(body: String, code: String) {
    let console = Console()
    #expect(console.refusal("DescribeHaVips", body) == code)
  }

  @Test func `null is as good as nothing`() {
    let console = Console()
    #expect(console.refusal("DescribeHaVips", #"{"HaVipIds":null,"Limit":null}"#) == nil)
    #expect(console.refusal("DeleteHaVip", #"{"HaVipId":null}"#) == "MissingParameter")
  }

  // MARK: Broken requests

  private static let bodies = [
    #"{"HaVipIds":["havip-lab1"],"Offset":0,"Limit":20}"#,
    #"{"Filters":[{"Name":"vip","Values":["172.17.16.3"]}]}"#,
    #"{"VpcId":"vpc-lab","SubnetId":"subnet-lab","HaVipName":"x","Vip":"172.17.16.40"}"#,
    #"{"HaVipAssociationSet":[{"HaVipId":"havip-lab1","InstanceId":"ins-a","InstanceType":"CVM"}]}"#,
    #"{"SourceNetworkInterfaceId":"eni-a","DestinationNetworkInterfaceId":"eni-b","#
      + #""PrivateIpAddress":"172.17.16.9"}"#,
    #"{"NetworkInterfaceId":"eni-a","PrivateIpAddresses":[{"PrivateIpAddress":"172.17.16.50"}]}"#,
  ]

  private static let actions = [
    "DescribeHaVips", "CreateHaVip", "ModifyHaVipAttribute", "DeleteHaVip",
    "AssociateHaVipInstance", "DisassociateHaVipInstance", "MigratePrivateIpAddress",
    "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses",
  ]

  /// Whatever a body says, the answer is the API's, and a refusal changes nothing.
  private static func check(_ body: [UInt8], _ action: String, _ console: Console) {
    let before = console.plane.subnet.havips
    let answer = console.send(console.request(action, "") { $0.body = body })
    let text = String(decoding: body, as: UTF8.self)
    #expect(answer?["RequestId"]?.string != nil, "\(action) \(text)")
    if answer?["Error"] != nil {
      #expect(answer?["Error"]?["Code"]?.string != nil)
      #expect(console.plane.subnet.havips == before, "\(action) \(text)")
    }
  }

  @Test func `every beginning of every body is answered`() {
    for action in Self.actions {
      let console = Console()
      for body in Self.bodies.map({ Array($0.utf8) }) {
        for count in 0..<body.count { Self.check(Array(body.prefix(count)), action, console) }
      }
    }
  }

  @Test func `broken bodies are answered`() {
    var random = SplitMix(state: Fuzz.seed)
    let broken = BrokenText(
      [.byte, .bit, .cut, .end, .piece, .word, .splice],
      pieces: ["{", "]", "null", "\"", "\\u0000", "-", "1e99", "99999999999999999999", ":"])
    let bodies = Self.bodies.map { Array($0.utf8) }
    for action in Self.actions {
      let console = Console()
      for _ in 0..<300 {
        guard let body = bodies.randomElement(using: &random) else { continue }
        Self.check(broken.broken(body, among: bodies, &random), action, console)
      }
    }
  }

  @Test func `random bytes are answered, with and without a signature`() {
    var random = SplitMix(state: Fuzz.seed &+ 1)
    let console = Console()
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      Self.check(bytes, "DescribeHaVips", console)
      let noise = String(decoding: bytes, as: UTF8.self)
      let request = CloudRequest(
        method: noise,
        headers: ["authorization": noise, "content-type": noise, "x-tc-timestamp": noise],
        body: bytes)
      #expect(console.refusal(of: request) == "UnsupportedProtocol")
    }
  }
}
