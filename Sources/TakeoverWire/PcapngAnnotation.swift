// A capture with words beside its decisive frames: a copy in which every frame keeps its number, its
// stamp and its bytes. Pure: pieces of the capture in, pieces of the copy out.

package import TakeoverModel

package struct PcapngAnnotation: Sendable {
  private let comments: [Int: [String]]
  private var names: [(address: IPAddress, name: String)]
  private var stream = PcapngStream()
  private var hasInterface = false
  /// How many frames were copied; the last one's number.
  package private(set) var frameCount = 0

  /// `comments`: by the frame's number, from 1. `names`: those that were not known when the capture
  /// began; they are written behind the interfaces.
  package init(
    comments: [Int: [String]], names: [(address: IPAddress, name: String)]
  ) {
    self.comments = comments
    self.names = names
  }

  /// True when the capture ends in the middle of a block.
  package var isCutShort: Bool { stream.isCutShort }

  package mutating func feed(
    _ bytes: some Sequence<UInt8>
  ) throws(PcapngStream.Defect) -> [UInt8] {
    var copy: [UInt8] = []
    for block in try stream.feed(bytes) {
      switch block.content {
      case .section: copy += block.bytes
      case .interface:
        hasInterface = true
        copy += block.bytes
      case .frame(var frame):
        copy += takeNames()
        frameCount += 1
        if let words = comments[frameCount] {
          frame.comments += words
          copy += PcapngBlock.frame(frame)
        } else {
          copy += block.bytes
        }
      case .statistics, .other:
        if hasInterface { copy += takeNames() }
        copy += block.bytes
      }
    }
    return copy
  }

  private mutating func takeNames() -> [UInt8] {
    guard !names.isEmpty else { return [] }
    defer { names = [] }
    return PcapngBlock.names(names)
  }
}
