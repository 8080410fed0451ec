// Where in the holder's advertisement interval a blow falls: what a standby waits after a crash
// depends on it, over a whole interval.

package enum Phase: Hashable, Sendable {
  /// Whenever the run gets there; repetitions are spread, not aimed.
  case any
  /// Repetitions fill the interval evenly, each aimed after an advertisement seen on the wire.
  case stratified
  /// This part of the interval (0 ≤ part < 1) after an advertisement seen on the wire.
  case part(Double)

  /// `any`, `stratified`, or a part such as `0.25`; nil: none of them.
  package init?(_ text: String) {
    switch text {
    case "any": self = .any
    case "stratified": self = .stratified
    default:
      guard text.utf8.allSatisfy({ 48...57 ~= $0 || $0 == 46 }), let part = Double(text),
        (0..<1).contains(part)
      else { return nil }
      self = .part(part)
    }
  }

  /// The part of the interval aimed at in a repetition (from 1); nil: nothing is aimed at.
  /// Multiples of the golden ratio fill an interval evenly, however many there are (Weyl).
  package func aim(repetition: Int) -> Double? {
    switch self {
    case .any: nil
    case .part(let part): part
    case .stratified: Self.spread(repetition)
    }
  }

  /// The golden sequence: 0.5 for the first repetition, then evenly over [0, 1).
  package static func spread(_ repetition: Int) -> Double {
    (0.5 + Double(repetition - 1) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
  }
}

extension Phase: CustomStringConvertible {
  package var description: String {
    switch self {
    case .any: "any"
    case .stratified: "stratified"
    case .part(let part): "\(part)"
    }
  }
}

extension Phase: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let phase = Phase(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a phase")
    }
    self = phase
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
