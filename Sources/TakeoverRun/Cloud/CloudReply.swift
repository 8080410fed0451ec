// What a control plane answers, of which little matters here: to whom each HAVIP is bound.

internal import FoundationEssentials
internal import TakeoverModel

/// The API says null for what it does not know.
struct CloudReply: Decodable {
  private struct Failure: Decodable {
    var code: String
    var message: String
    private enum CodingKeys: String, CodingKey { case code = "Code", message = "Message" }
  }

  private struct Association: Decodable {
    var instance: String?
    private enum CodingKeys: String, CodingKey { case instance = "InstanceId" }
  }

  private struct Havip: Decodable {
    var id: String
    var instance: String?
    var interface: String?
    var state: String?
    var flushed: String?
    var checksAssociation: Bool?
    var associations: [Association]?

    private enum CodingKeys: String, CodingKey {
      case id = "HaVipId", instance = "InstanceId", interface = "NetworkInterfaceId"
      case state = "State", flushed = "FlushedTime", checksAssociation = "CheckAssociate"
      case associations = "HaVipAssociationSet"
    }
  }

  private struct Content: Decodable {
    var failure: Failure?
    var havips: [Havip]?
    private enum CodingKeys: String, CodingKey { case failure = "Error", havips = "HaVipSet" }
  }

  private var content: Content
  private enum CodingKeys: String, CodingKey { case content = "Response" }

  /// More of a message is not kept.
  private static let mostTrouble = 300

  /// One for each HAVIP of the subnet, in its order; an answer that is none gives a reason for each.
  static func bindings(in bytes: [UInt8], of subnet: CloudSubnet) -> [HavipBinding] {
    guard let content = try? JSONDecoder().decode(CloudReply.self, from: Data(bytes)).content
    else { return troubled("what came is no answer of this API", of: subnet) }
    if let failure = content.failure {
      return troubled("\(failure.code): \(failure.message)", of: subnet)
    }
    let found = content.havips ?? []
    return subnet.havips.map { havip in
      guard let seen = found.first(where: { $0.id == havip.id }) else {
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
    let isBound = seen.state != "UNBIND"
    let (instance, interface) = (seen.instance ?? "", seen.interface ?? "")
    return HavipBinding(
      address: havip.address, havip: havip.id,
      node: isBound ? subnet.node(ofInstance: instance, interface: interface) : nil,
      instance: isBound ? (instance.isEmpty ? interface : instance) : "",
      state: seen.state ?? "", flushed: seen.flushed ?? "",
      associated: seen.checksAssociation == true
        ? (seen.associations ?? []).compactMap(\.instance) : nil)
  }
}
