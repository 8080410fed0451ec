// Why nobody reaches an address that a node holds, as far as the subnet tells: the same words before the
// blow and in the report.

package struct SubnetReason: Hashable, Sendable {
  /// Whom the subnet has the address bound to.
  package enum Bound: Hashable, Sendable {
    case unknown, nobody
    case node(String)
  }

  package var subnet: CloudSubnet
  package var address: IPAddress
  /// Who has the address by its own account, and announces it.
  package var holder: String
  package var bound: Bound
  /// Why the subnet refused the holder's last announcement; nil: it did not.
  package var refusal: String?
  /// Whether the holder's last announcement was believed.
  package var isBelieved: Bool
  /// The instances that may bind it, as the control plane says; nil: anyone.
  package var associated: [String]?

  package init(
    subnet: CloudSubnet, address: IPAddress, holder: String, bound: Bound,
    refusal: String? = nil, isBelieved: Bool = false, associated: [String]? = nil
  ) {
    self.subnet = subnet
    self.address = address
    self.holder = holder
    self.bound = bound
    self.refusal = refusal
    self.isBelieved = isBelieved
    self.associated = associated
  }

  /// Without its end; nil: it leads to the holder, or nothing is known of it.
  package var sentence: String? {
    if bound == .node(holder) { return nil }
    let disbelief = "the subnet does not believe \(holder), which announces \(address): "
    guard let havip = subnet.havip(of: address) else {
      return disbelief
        + "\(address) is no HAVIP: only a call of the control plane can move it\(elsewhere)"
    }
    if let associated, let own = subnet.instances[holder], !associated.contains(own) {
      return disbelief + "\(holder) is not in the association set of \(havip.id)\(elsewhere)"
    }
    if let refusal { return disbelief + refusal + elsewhere }
    if isBelieved {
      return "the subnet believes \(holder)'s announcement of \(address), and has not yet bound it"
        + elsewhere
    }
    switch bound {
    case .unknown: return nil
    case .nobody: return "the subnet has \(address) bound to nobody, though \(holder) has it"
    case .node(let other):
      return "the subnet has \(address) bound to \(other), though \(holder) has it"
    }
  }

  private var elsewhere: String {
    switch bound {
    case .node(let other): "; it leads to \(other)"
    case .nobody: "; it leads to nobody"
    case .unknown: ""
    }
  }
}
