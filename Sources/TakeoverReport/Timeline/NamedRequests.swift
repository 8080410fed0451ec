// Where hardware addresses tell nobody apart, as in a subnet that answers ARP by itself, the application's
// own answers do: a request on a kept connection says which node it went through.

internal import TakeoverModel

extension TrialEvidence {
  /// A request that was answered, and by which node of the site.
  struct NamedRequest: Sendable {
    /// As it stands beside a vantage point's name.
    static let means = "requests"

    var vantage: String
    var address: IPAddress
    var node: String
    /// From its sending to its answer.
    var when: Interval
  }

  /// Empty where frames tell who answers: they tell it sooner, and of every answer.
  var namedRequests: [NamedRequest] {
    guard site.cloud?.endsARP == true else { return [] }
    return requests.map(\.seen).compactMap { seen in
      guard seen.keeping == .pooled, seen.fate == .answered, let until = seen.until,
        let node = [seen.via, seen.server].compactMap(\.self)
          .first(where: { site.node(named: $0) != nil })
      else { return nil }
      return NamedRequest(
        vantage: seen.vantage, address: seen.address, node: node,
        when: Interval(seen.sent, until.latest))
    }
  }
}
