// What our echo requests carry, so that an answer names its question beyond any doubt: ICMP's own
// sequence number wraps after eleven minutes at 10 ms.

package struct EchoMark: Hashable, Sendable {
  package var cookie: UInt64
  package var sequence: Int

  package init(cookie: UInt64, sequence: Int) {
    self.cookie = cookie
    self.sequence = sequence
  }

  /// nil when the payload is not ours.
  package init?(_ payload: ArraySlice<UInt8>) {
    guard payload.count == 16 else { return nil }
    cookie = payload.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    let bits = payload.dropFirst(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    sequence = Int(truncatingIfNeeded: bits)
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(network: cookie)
    bytes.append(network: Int64(sequence))
    return bytes
  }
}
