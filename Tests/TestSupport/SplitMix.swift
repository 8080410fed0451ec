// What several suites draw by chance: from a seed, so that what does harm once does it again.

internal import Foundation

/// The same numbers every time (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
/// Generators").
package struct SplitMix: RandomNumberGenerator {
  package var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// How much is tried, as the environment says.
package enum Fuzz {
  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// TAKEOVER_FUZZ: how many frames; each suite takes its share. nil: not said.
  package static let count = number("TAKEOVER_FUZZ")

  /// TAKEOVER_FUZZ_SEED, 1 otherwise.
  package static let seed = UInt64(truncatingIfNeeded: number("TAKEOVER_FUZZ_SEED") ?? 1)
}
