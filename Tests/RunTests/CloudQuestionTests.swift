// What a control plane is asked, by whom, and what of its answers is understood.

import TakeoverModel
import TestSupport
import Testing

@testable import TakeoverRun

@Suite struct `A question to a control plane` {
  static let address = IPAddress.v4(0x0a00_0003)
  static let subnet = CloudSubnet(
    endpoint: "http://192.168.77.1/", region: "ap-lab",
    havips: [.init(address, id: "havip-1"), .init(.v4(0x0a00_0004), id: "havip-2")],
    instances: ["a": "ins-a", "b": "eni-b"])

  static let credentials = CloudCredentials(
    text: #"{"secretId": "AKIDexample", "secretKey": "kept-secret", "token": "kept-too"}"#)

  static func answer(_ havips: String) -> [UInt8] {
    Array("{\"Response\":{\"TotalCount\":2,\"HaVipSet\":[\(havips)],\"RequestId\":\"r\"}}".utf8)
  }

  static let bound = """
    {"HaVipId":"havip-1","Vip":"10.0.0.3","InstanceId":"ins-a","NetworkInterfaceId":"eni-a",
    "State":"AVAILABLE","FlushedTime":"2026-11-27 10:00:00","CheckAssociate":true,"AddressIp":null,
    "HaVipAssociationSet":[{"HaVipId":"havip-1","InstanceId":"ins-a","InstanceType":"CVM"}]}
    """
  static let unbound = """
    {"HaVipId":"havip-2","Vip":"10.0.0.4","InstanceId":"","NetworkInterfaceId":null,
    "State":"UNBIND","FlushedTime":null,"CheckAssociate":false,"HaVipAssociationSet":null}
    """

  @Test func `says who asks what, and is signed`() throws {
    let credentials = try #require(Self.credentials)
    let question = CloudQuestion(of: Self.subnet, by: credentials, at: 1_551_113_065)
    #expect(
      String(decoding: question.body, as: UTF8.self)
        == #"{"HaVipIds":["havip-1","havip-2"],"Limit":100}"#)
    let headers = Dictionary(question.headers.map { ($0.name, $0.value) }) { first, _ in first }
    #expect(headers["Host"] == "192.168.77.1")
    #expect(headers["X-TC-Action"] == "DescribeHaVips")
    #expect(headers["X-TC-Version"] == "2017-03-12")
    #expect(headers["X-TC-Timestamp"] == "1551113065")
    #expect(headers["X-TC-Region"] == "ap-lab")
    #expect(headers["X-TC-Token"] == "kept-too")
    let authorization = try #require(headers["Authorization"])
    #expect(
      authorization.hasPrefix(
        "TC3-HMAC-SHA256 Credential=AKIDexample/2019-02-25/vpc/tc3_request, "))
    #expect(!question.headers.contains { $0.value.contains("kept-secret") })
  }

  @Test func `goes to the vendor where the site names no endpoint`() throws {
    var subnet = Self.subnet
    subnet.endpoint = nil
    let question = CloudQuestion(of: subnet, by: try #require(Self.credentials), at: 0)
    #expect(question.endpoint == "https://vpc.tencentcloudapi.com/")
    #expect(CloudQuestion.host(of: question.endpoint) == "vpc.tencentcloudapi.com")
    #expect(CloudQuestion.host(of: "http://10.0.0.1:8080/x") == "10.0.0.1:8080")
  }

  // MARK: Answers

  @Test func `is answered with each HAVIP's binding`() {
    let answer = Self.answer(Self.unbound + "," + Self.bound)
    #expect(
      CloudReply.bindings(in: answer, of: Self.subnet) == [
        HavipBinding(
          address: Self.address, havip: "havip-1", node: "a", instance: "ins-a",
          state: "AVAILABLE", flushed: "2026-11-27 10:00:00", associated: ["ins-a"]),
        HavipBinding(address: .v4(0x0a00_0004), havip: "havip-2", state: "UNBIND"),
      ])
  }

  @Test func `is answered with an interface where there is no instance`() {
    let answer = Self.answer(
      Self.bound.replacing("\"ins-a\",\"Net", with: "null,\"Net")
        .replacing("eni-a", with: "eni-b"))
    let first = CloudReply.bindings(in: answer, of: Self.subnet)[0]
    #expect(first.node == "b")
    #expect(first.instance == "eni-b")
  }

  @Test func `is answered for a machine that the site does not name`() {
    let answer = Self.answer(Self.bound.replacing("ins-a", with: "ins-x"))
    let first = CloudReply.bindings(in: answer, of: Self.subnet)[0]
    #expect(first.node == nil)
    #expect(first.boundText == "ins-x")
  }

  @Test func `may be refused, or answered without what was asked for`() {
    let refused = """
      {"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"no"},"RequestId":"r"}}
      """
    #expect(
      CloudReply.bindings(in: Array(refused.utf8), of: Self.subnet).map(\.trouble)
        == ["AuthFailure.SignatureFailure: no", "AuthFailure.SignatureFailure: no"])
    #expect(
      CloudReply.bindings(in: Self.answer(Self.bound), of: Self.subnet).map(\.trouble)
        == ["", "the control plane knows no havip-2"])
    #expect(
      CloudReply.bindings(in: Array("<html>".utf8), of: Self.subnet).map(\.trouble)
        == Array(repeating: "what came is no answer of this API", count: 2))
  }

  @Test func `is answered for each HAVIP whatever comes`() {
    let whole = Self.answer(Self.bound + "," + Self.unbound)
    for length in 0..<whole.count {
      let bindings = CloudReply.bindings(in: Array(whole[..<length]), of: Self.subnet)
      #expect(bindings.map(\.havip) == ["havip-1", "havip-2"])
      #expect(bindings.allSatisfy { !$0.trouble.isEmpty })
    }
    var random = SplitMix(state: 1)
    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      #expect(CloudReply.bindings(in: bytes, of: Self.subnet).count == 2)
    }
  }
}
