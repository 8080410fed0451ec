// Every reader of bytes against bytes that nobody meant: broken samples and noise, from a seed, so
// that what does harm once does it again. TAKEOVER_FUZZ says how many frames (100,000 otherwise; files
// a hundredth of that), TAKEOVER_FUZZ_SEED from which seed (1 otherwise).

import TakeoverModel
import TakeoverWire
import TestSupport
import Testing

@Suite struct `Broken bytes` {
  private static let count = Fuzz.count ?? 100_000
  private static var random: SplitMix { SplitMix(state: Fuzz.seed) }

  @Test func `no broken frame does harm, whatever it is asked`() {
    var random = Self.random
    let samples = Samples.all
    var understood: [String: Int] = [:]
    for number in 0..<Self.count {
      let bytes =
        number % 4 == 3
        ? noise(&random) : broken(samples[number % samples.count], among: samples, &random)
      understood[asked(Frame(bytes[...])), default: 0] += 1
    }
    // The frames were broken, and yet every reader had something to read.
    #expect(understood["damaged", default: 0] > Self.count / 20)
    for kind in ["arp", "neighbour", "vrrp 2", "vrrp 3", "vrrp v6", "echo", "echo v6", "ip"] {
      #expect(understood[kind, default: 0] > Self.count / 5_000, "\(kind)")
    }
  }

  @Test func `no broken pcapng file does harm`() {
    var random = Self.random
    let whole = Self.pcapng
    var (read, refused) = (0, 0)
    for _ in 0..<max(Self.count / 100, 500) {
      let bytes = broken(whole, among: [whole], &random)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      var stream = PcapngStream()
      var annotation = PcapngAnnotation(comments: [1: ["t1"]], names: [(Samples.vip, "vip")])
      for piece in [bytes[..<cut], bytes[cut...], []] {
        do throws(PcapngStream.Defect) {
          for case .frame(let frame) in try stream.feed(piece).map(\.content) {
            _ = asked(Frame(frame.frame.bytes[...]))
            read += 1
          }
        } catch { refused += 1 }
        _ = try? annotation.feed(piece)
      }
    }
    #expect(read > 100)
    #expect(refused > 100)
  }

  @Test func `no broken pcap stream does harm`() {
    var random = Self.random
    let whole = Self.pcap
    var (read, refused) = (0, 0)
    for _ in 0..<max(Self.count / 100, 500) {
      let bytes = broken(whole, among: [whole], &random)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      var stream = PcapStream()
      for piece in [bytes[..<cut], bytes[cut...], []] {
        do throws(PcapStream.Defect) {
          for record in try stream.feed(piece) {
            _ = asked(Frame(record.bytes[...]))
            read += 1
          }
        } catch { refused += 1 }
      }
    }
    #expect(read > 100)
    #expect(refused > 100)
  }

  // MARK: What is asked

  /// Asks a frame everything that it can be asked; returns what kind it is.
  private func asked(_ frame: Frame) -> String {
    _ = frame.ethernet?.bytes
    switch frame.body {
    case .arp(let packet):
      _ = (packet.bytes, packet.meaning)
      return "arp"
    case .neighbour(let packet, let message):
      _ = (packet.bytes, message.defects, message.meaning(from: packet.source))
      _ = (message.bytes(from: packet.source, to: packet.destination), message.target.solicitedNode)
      return "neighbour"
    case .vrrp(let packet, let advertisement):
      _ = (packet.bytes, advertisement.defects(in: packet), advertisement.interval)
      _ = advertisement.bytes(from: packet.source, to: packet.destination)
      if case .v6 = packet { return "vrrp v6" }
      return "vrrp \(advertisement.version == 2 ? 2 : 3)"
    case .echo(let packet, let echo):
      _ = (packet.bytes, echo.bytes(from: packet.source, to: packet.destination))
      _ = EchoMark(echo.payload)
      if case .v6 = packet { return "echo v6" }
      return "echo"
    case .ip(let packet):
      _ = (packet.bytes, packet.isWhole, packet.isFragment)
      return "ip"
    case .other: return "other"
    case .damaged: return "damaged"
    }
  }

  // MARK: How it is broken

  /// One to four changes: bytes, bits, the lengths' favourite values, a piece cut out, doubled or
  /// taken from another sample, the end cut off.
  private func broken(
    _ sample: [UInt8], among samples: [[UInt8]], _ random: inout SplitMix
  ) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = Int.random(in: place...min(bytes.count, place + 16), using: &random)
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<4: bytes[place] = .random(in: 0...255, using: &random)
      case 4..<7: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 7, 8: bytes[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
      case 9: bytes.removeSubrange(place..<end)
      case 10: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        let other = samples.randomElement(using: &random) ?? []
        bytes.replaceSubrange(place..., with: other.dropFirst(place))
      }
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
    }
    return bytes
  }

  /// Any bytes; every other one with an EtherType of ours, so that they get past the first layer.
  private func noise(_ random: inout SplitMix) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let word = random.next()
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
    }
    if bytes.count > 16, Bool.random(using: &random) {
      let kinds: [[UInt8]] = [[8, 0, 0x45], [8, 6, 0], [0x86, 0xdd, 0x60], [0x81, 0, 0]]
      bytes.replaceSubrange(12..<15, with: kinds[Int.random(in: 0..<4, using: &random)])
    }
    return bytes
  }

  // MARK: Files of all samples

  private static var pcapng: [UInt8] {
    PcapngBlock.section(application: "takeover")
      + PcapngBlock.interface(name: "port-a", description: "a: port of a")
      + PcapngBlock.names([(Samples.vip, "vip"), (SamplesV6.vip, "vip6")])
      + Samples.all.enumerated().flatMap { number, bytes in
        PcapngBlock.frame(
          .init(
            interface: 0,
            frame: CapturedFrame(
              stamp: 1_795_370_013_000_000_000 + Int64(number), direction: .multicast,
              bytes: bytes, originalLength: bytes.count),
            comments: number % 3 == 0 ? ["a word"] : []))
      }
      + PcapngBlock.statistics(
        interface: 0, time: 1_795_370_014_000_000_000, received: 19, dropped: 0)
  }

  /// Little-endian, with nanoseconds.
  private static var pcap: [UInt8] {
    let little = { (words: [UInt32]) in
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    return little([0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, 1])
      + Samples.all.flatMap { bytes in
        little([1_795_370_013, 7, UInt32(bytes.count), UInt32(bytes.count)]) + bytes
      }
  }
}
