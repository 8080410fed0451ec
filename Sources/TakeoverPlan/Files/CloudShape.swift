// The shape of a site's `cloud:`: whose subnet decides where an address leads, and who asks it.

internal import TakeoverModel

enum CloudShape {
  static let shape = Shape.fields(
    Shape.Fields(
      noun: "a cloud",
      list: [
        Shape.Field(
          "endpoint", SiteShape.text,
          "where the control plane answers, https://… or http://…; without it, the vendor's own"),
        Shape.Field("region", SiteShape.text, required: true, "the region: ap-guangzhou"),
        Shape.Field(
          "credentials", SiteShape.text,
          "path of the file with secretId and secretKey; without it ~/.tccli/default.credential, "
            + "then ~/.tencentcloud/credentials"),
        Shape.Field("namespace", SiteShape.text, "path of the network namespace to ask from"),
        Shape.Field(
          "havips", .addressed(SiteShape.text, noun: "HAVIP"), required: true,
          "the ids of the virtual addresses that are HAVIPs; {} when none is"),
        Shape.Field(
          "owned", .addressed(.scalar(.name), noun: "owned address"),
          "virtual addresses that are ordinary private ones, by the node that each belongs to at first"
        ),
        Shape.Field(
          "instances", .named(SiteShape.text, noun: "instance", atLeast: 1), required: true,
          "what the nodes are called there, by their names: ins-… or eni-…"),
        Shape.Field(
          "every", SiteShape.duration, standard: TimeText.chosen(CloudSubnet.standardPeriod),
          "how often is asked who has the addresses"),
        Shape.Field("decisions", SiteShape.text, "path of a lab's record of its subnet"),
        Shape.Field(
          "lag", SiteShape.duration,
          "how long at most from an announcement to the binding, as promised; see fabric-lag"),
        Shape.Field(
          "ends-arp", .scalar(.form(.flag)), standard: "false",
          "the subnet answers ARP by itself: hardware addresses do not tell who answers"),
      ]))

  static func subnet(_ checked: Checked) -> CloudSubnet? {
    guard let region = checked["region"]?.text else { return nil }
    let instances = (checked["instances"]?.named ?? []).compactMap { named in
      named.value.text.map { (named.name, $0) }
    }
    return CloudSubnet(
      endpoint: checked["endpoint"]?.text, region: region,
      credentials: checked["credentials"]?.text, namespace: checked["namespace"]?.text,
      havips: (checked["havips"]?.named ?? []).compactMap { named in
        guard let address = IPAddress(named.name), let id = named.value.text else { return nil }
        return CloudSubnet.Havip(address, id: id)
      },
      owned: (checked["owned"]?.named ?? []).compactMap { named in
        guard let address = IPAddress(named.name), let node = named.value.text else { return nil }
        return CloudSubnet.Owned(address, by: node)
      },
      instances: Dictionary(instances) { first, _ in first },
      period: checked["every"]?.duration, decisions: checked["decisions"]?.text,
      lag: checked["lag"]?.duration, endsARP: checked["ends-arp"]?.flag ?? false)
  }
}
