// Where a cloud subnet leads the addresses now, as far as it was seen, and why not to whoever has them. A
// pure machine: fed with events.

internal import TakeoverModel

struct SubnetSight: Sendable {
  private let subnet: CloudSubnet
  private let addresses: [IPAddress]
  private var bound: [IPAddress: SubnetReason.Bound] = [:]
  private var associated: [IPAddress: [String]] = [:]
  /// The last decision on an announcement, by address and node.
  private var heard: [IPAddress: [String: FabricDecision]] = [:]
  /// Where its own record tells, the control plane need not.
  private var isRecorded: Set<IPAddress> = []

  /// nil: the site is in no cloud.
  init?(_ site: Site) {
    guard let cloud = site.cloud else { return nil }
    subnet = cloud
    addresses = site.addresses.map(\.address)
    for owned in cloud.owned { bound[owned.address] = .node(owned.node) }
  }

  mutating func take(_ event: Event) {
    switch event {
    case .fabricDecision(let seen): take(seen)
    case .havipBinding(let seen) where seen.trouble.isEmpty:
      associated[seen.address] = seen.associated
      guard !isRecorded.contains(seen.address) else { return }
      bound[seen.address] = seen.instance.isEmpty ? .nobody : .node(seen.boundText)
    default: break
    }
  }

  private mutating func take(_ seen: FabricDecision) {
    switch seen.decision {
    case .believed, .refused:
      if let node = seen.node { heard[seen.address, default: [:]][node] = seen }
    case .bound, .moved:
      isRecorded.insert(seen.address)
      bound[seen.address] = .node(seen.node ?? seen.port)
    case .released:
      isRecorded.insert(seen.address)
      bound[seen.address] = .nobody
    }
  }

  /// One for each address that does not lead to `holder`, where it is known why.
  func reasons(against holder: String) -> [String] {
    addresses.compactMap { address in
      let last = heard[address]?[holder]
      return SubnetReason(
        subnet: subnet, address: address, holder: holder,
        bound: bound[address, default: .unknown],
        refusal: last?.decision == .refused ? last?.reason : nil,
        isBelieved: last?.decision == .believed, associated: associated[address]
      ).sentence
    }
  }
}
