// When a processor of the coordinator's machine ran nothing of ours, as a thread saw that goes first
// there. A lab's daemons run on the same processors and were as late as the thread was.

/// A processor is watched from then on, or cannot be.
package struct ProcessorWatched: Hashable, Sendable, Codable {
  package var processor: Int
  /// Why it is not, in words; empty: it is.
  package var trouble: String

  package init(processor: Int, trouble: String = "") {
    self.processor = processor
    self.trouble = trouble
  }
}

/// A pause: within the observation's interval, and no longer than that.
package struct ProcessorPause: Hashable, Sendable, Codable {
  package var processor: Int
  package init(processor: Int) { self.processor = processor }
}
