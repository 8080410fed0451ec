// What a control plane is asked (Tencent VPC API 2017-03-12, DescribeHaVips), signed, and what of its answer
// matters here.

internal import FoundationEssentials
internal import Glibc
package import TakeoverModel

package struct CloudQuestion: Hashable, Sendable {
  /// The vendor's public endpoint.
  package static let publicEndpoint = "https://vpc.tencentcloudapi.com/"

  /// `http://192.168.77.1/`
  package let endpoint: String
  /// In their order; the body's length is not among them.
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  /// `seconds`: since 1970.
  package init(of subnet: CloudSubnet, by credentials: CloudCredentials, at seconds: Int64) {
    endpoint = subnet.endpoint ?? Self.publicEndpoint
    let ids = subnet.havips.map { "\"\(Self.escaped($0.id))\"" }.joined(separator: ",")
    body = Array("{\"HaVipIds\":[\(ids)]}".utf8)
    let host = Self.host(of: endpoint)
    let request = TC3.Request(host: host, action: "DescribeHaVips", body: body)
    let authorization = TC3.authorization(
      of: request, id: credentials.id, key: credentials.key, service: "vpc", seconds: seconds,
      date: Self.date(seconds))
    headers =
      [
        ("Host", host), ("Content-Type", request.contentType), ("Authorization", authorization),
        ("X-TC-Action", request.action), ("X-TC-Version", "2017-03-12"),
        ("X-TC-Timestamp", String(seconds)), ("X-TC-Region", subnet.region),
      ] + (credentials.token.map { [("X-TC-Token", $0)] } ?? [])
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.endpoint == right.endpoint && left.body == right.body
      && left.headers.map { [$0.name, $0.value] } == right.headers.map { [$0.name, $0.value] }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(endpoint)
    hasher.combine(body)
  }

  /// With its port, where the endpoint has one.
  package static func host(of endpoint: String) -> String {
    let rest = endpoint.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
    return rest.map(String.init) ?? ""
  }

  /// UTC, `2019-02-25`.
  private static func date(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    unsafe gmtime_r(&time, &parts)
    func padded(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "..."~": String(scalar)
      default: ""
      }
    }.joined()
  }
}

/// What is read of an answer; the API says null for what it does not know.
struct CloudReply: Decodable {
  struct Failure: Decodable {
    var Code: String
    var Message: String
  }
  struct Association: Decodable {
    var InstanceId: String?
  }
  struct Havip: Decodable {
    var HaVipId: String
    var InstanceId: String?
    var NetworkInterfaceId: String?
    var State: String?
    var FlushedTime: String?
    var CheckAssociate: Bool?
    var HaVipAssociationSet: [Association]?
  }
  struct Content: Decodable {
    var Error: Failure?
    var HaVipSet: [Havip]?
  }
  var Response: Content

  /// More of a message is not kept.
  static let mostTrouble = 300

  /// One for each HAVIP of the subnet, in its order; an answer that is none gives a reason for each.
  static func bindings(in bytes: [UInt8], of subnet: CloudSubnet) -> [HavipBinding] {
    guard let reply = try? JSONDecoder().decode(CloudReply.self, from: Data(bytes)) else {
      return troubled("what came is no answer of this API", of: subnet)
    }
    if let failure = reply.Response.Error {
      return troubled("\(failure.Code): \(failure.Message)", of: subnet)
    }
    let found = reply.Response.HaVipSet ?? []
    return subnet.havips.map { havip in
      guard let seen = found.first(where: { $0.HaVipId == havip.id }) else {
        return HavipBinding(
          address: havip.address, havip: havip.id,
          trouble: "the control plane knows no \(havip.id)")
      }
      return binding(of: havip, seen, in: subnet)
    }
  }

  static func troubled(_ trouble: String, of subnet: CloudSubnet) -> [HavipBinding] {
    subnet.havips.map {
      HavipBinding(
        address: $0.address, havip: $0.id, trouble: String(trouble.prefix(mostTrouble)))
    }
  }

  private static func binding(
    of havip: CloudSubnet.Havip, _ seen: Havip, in subnet: CloudSubnet
  ) -> HavipBinding {
    let isBound = seen.State != "UNBIND"
    let (instance, interface) = (seen.InstanceId ?? "", seen.NetworkInterfaceId ?? "")
    return HavipBinding(
      address: havip.address, havip: havip.id,
      node: isBound ? subnet.node(ofInstance: instance, interface: interface) : nil,
      instance: isBound ? (instance.isEmpty ? interface : instance) : "", state: seen.State ?? "",
      flushed: seen.FlushedTime ?? "",
      associated: seen.CheckAssociate == true
        ? (seen.HaVipAssociationSet ?? []).compactMap(\.InstanceId) : nil)
  }
}
