// A capture of any length, the same at every call: all kinds of frames in turn, one each millisecond.

internal import TakeoverModel
internal import TakeoverWire

enum MadeCapture {
  static func write(frames: Int, to path: String) throws {
    let point = CapturePoint(name: "a", interface: "port-a", node: "a")
    let file = try PcapngFile(path: path, points: [point], names: [(SampleFrames.vip, "vip")])
    let kinds = SampleFrames.kinds.map(\.bytes)
    for number in 0..<frames {
      let bytes = kinds[number % kinds.count]
      _ = try file.append(
        PcapngBlock.Frame(
          interface: 0,
          frame: CapturedFrame(
            stamp: 1_795_370_013_000_000_000 + Int64(number) * 1_000_000, direction: .multicast,
            bytes: bytes, originalLength: bytes.count)))
    }
    try file.flush()
  }
}
