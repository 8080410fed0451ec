// What a control plane is asked: DescribeHaVips of the Tencent VPC API (2017-03-12), signed.

internal import Glibc
package import TakeoverModel

package struct CloudQuestion: Sendable {
  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  /// The vendor's own.
  package static let vendorEndpoint = "https://vpc.tencentcloudapi.com/"

  /// `http://192.168.77.1/`
  package let endpoint: String
  /// In their order; the body's length is not among them.
  package let headers: [Header]
  package let body: [UInt8]

  /// `seconds`: since 1970.
  package init(of subnet: CloudSubnet, by credentials: CloudCredentials, at seconds: Int64) {
    endpoint = subnet.endpoint ?? Self.vendorEndpoint
    let ids = subnet.havips.map { "\"\(Self.escaped($0.id))\"" }.joined(separator: ",")
    // Without a limit it tells of no more than twenty.
    body = Array("{\"HaVipIds\":[\(ids)],\"Limit\":100}".utf8)
    let host = Self.host(of: endpoint)
    let request = TC3.Request(host: host, action: "DescribeHaVips", body: body)
    let authorization = TC3.authorization(
      of: request, id: credentials.id, key: credentials.key, service: "vpc", seconds: seconds,
      date: Self.date(seconds))
    var pairs = [
      ("Host", host), ("Content-Type", request.contentType), ("Authorization", authorization),
      ("X-TC-Action", request.action), ("X-TC-Version", "2017-03-12"),
      ("X-TC-Timestamp", String(seconds)), ("X-TC-Region", subnet.region),
    ]
    if let token = credentials.token { pairs.append(("X-TC-Token", token)) }
    headers = pairs.map { Header(name: $0.0, value: $0.1) }
  }

  /// With its port, where the endpoint has one.
  package static func host(of endpoint: String) -> String {
    endpoint.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// UTC, `2019-02-25`.
  private static func date(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = unsafe tm()
    unsafe gmtime_r(&time, &parts)
    func padded(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
    return "\(year)-\(padded(month))-\(padded(day))"
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
