// The kernel's filter, run here by a small interpreter against frames.

import TakeoverModel
import TakeoverWire
import Testing

/// Runs a program as the kernel would; nil when it does something a kernel refuses.
private func run(_ filter: PacketFilter, on frame: [UInt8]) -> UInt32? {
  var accumulator: UInt32 = 0
  var index = 0
  var counter = 0
  while filter.instructions.indices.contains(counter) {
    let step = filter.instructions[counter]
    counter += 1
    switch step.code {
    case PacketFilter.Code.loadWord, PacketFilter.Code.loadHalf, PacketFilter.Code.loadByte:
      let sizes: [UInt16: Int] = [
        PacketFilter.Code.loadWord: 4, PacketFilter.Code.loadHalf: 2,
        PacketFilter.Code.loadByte: 1,
      ]
      let start = index + Int(step.operand)
      guard let size = sizes[step.code], start + size <= frame.count else { return 0 }
      accumulator = frame[start..<start + size].reduce(0) { $0 << 8 | UInt32($1) }
    case PacketFilter.Code.setIndex: index = Int(step.operand)
    case PacketFilter.Code.jump: counter += Int(step.operand)
    case PacketFilter.Code.ifEqual:
      counter += Int(accumulator == step.operand ? step.ifTrue : step.ifFalse)
    case PacketFilter.Code.ifAny:
      counter += Int(accumulator & step.operand != 0 ? step.ifTrue : step.ifFalse)
    case PacketFilter.Code.accept: return step.operand
    default: return nil
    }
  }
  return nil
}

@Suite struct `The packet filter` {
  private let vip = Samples.vip
  private let stranger = IPAddress.v4(0x0808_0808)

  @Test func `what tells who holds an address is let in whole`() {
    let filter = PacketFilter.claims(on: [stranger, vip])
    for frame in [
      Samples.arp(1, vip, vip), Samples.arp(2, vip, Samples.peer), Samples.arp(1, .v4(0), vip),
      Samples.arp(1, Samples.peer, vip), Samples.arp(1, vip, vip, tags: [7]),
      Samples.vrrp(version: 2), Samples.vrrp(version: 3),
    ] {
      #expect(run(filter, on: frame) == 0xffff)
    }
  }

  @Test func `answers from an address are let in as far as their headers go`() {
    let filter = PacketFilter.claims(on: [vip])
    #expect(run(filter, on: Samples.echo) == PacketFilter.datagramBytes)
    #expect(run(filter, on: Samples.ipv4(6, [], from: vip)) == PacketFilter.datagramBytes)
  }

  @Test func `foreign frames stay out`() {
    let filter = PacketFilter.claims(on: [vip])
    for frame in [
      Samples.arp(1, Samples.node, Samples.peer), Samples.ipv4(6, [], from: Samples.node),
      Samples.ipv4(17, [], from: vip), Samples.ipv4(1, [], to: vip), [], [1, 2, 3],
      EthernetFrame(destination: .broadcast, source: .zero, kind: 0x86dd, payload: []).bytes,
    ] {
      #expect(run(filter, on: frame) == 0)
    }
  }

  @Test func `no truncation of a frame runs out of the program`() {
    let filter = PacketFilter.claims(on: [vip])
    for frame in Samples.all {
      for length in 0...frame.count { #expect(run(filter, on: Array(frame[..<length])) != nil) }
    }
  }

  @Test func `every one of a thousand addresses is found, and nothing beside them`() {
    let addresses = (0..<UInt32(1_000)).map { IPAddress.v4(0x0a00_0000 + $0) }
    let filter = PacketFilter.claims(on: addresses)
    #expect(filter.instructions.count <= 4_096)
    for address in addresses {
      #expect(run(filter, on: Samples.arp(1, address, Samples.peer)) == 0xffff)
      #expect(run(filter, on: Samples.arp(1, Samples.peer, address)) == 0xffff)
      #expect(
        run(filter, on: Samples.ipv4(6, [], from: address)) == PacketFilter.datagramBytes)
    }
    #expect(run(filter, on: Samples.arp(1, .v4(0x0a00_03e8), .v4(0x09ff_ffff))) == 0)
  }

  @Test func `a probe's socket hears the answers only`() {
    let arp = PacketFilter.answers(from: [vip])
    #expect(run(arp, on: Samples.arp(2, vip, .v4(0))) == 0xffff)
    #expect(run(arp, on: Samples.arp(1, vip, vip)) == 0)
    #expect(run(arp, on: Samples.arp(2, Samples.node, .v4(0))) == 0)
    let echo = PacketFilter.echoes(from: [vip])
    #expect(run(echo, on: Samples.echo) == PacketFilter.datagramBytes)
    #expect(run(echo, on: Samples.ipv4(6, [], from: vip)) == 0)
    #expect(run(.nothing, on: Samples.echo) == 0)
  }

  @Test func `of a spared port only what begins or ends a connection is let in`() {
    let filter = PacketFilter.claims(on: [vip, SamplesV6.vip], sparing: 5_432)
    func tcp(_ port: UInt16, _ flags: UInt8) -> [UInt8] {
      [UInt8(port >> 8), UInt8(port & 0xff), 0x80, 0x01, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags]
        + [UInt8](repeating: 0, count: 26)
    }
    // ACK, PSH and ACK; SYN and ACK, FIN and ACK, RST
    for (flags, isIn) in [
      (UInt8(0x10), false), (0x18, false), (0x12, true), (0x11, true), (4, true),
    ] {
      let expected = isIn ? PacketFilter.datagramBytes : 0
      let frames = [
        Samples.ipv4(6, tcp(5_432, flags), from: vip),
        SamplesV6.frame(
          SamplesV6.packet(6, tcp(5_432, flags), from: SamplesV6.vip, to: SamplesV6.peer)),
      ]
      for frame in frames { #expect(run(filter, on: frame) == expected, "\(flags)") }
      for frame in [
        Samples.ipv4(6, tcp(80, flags), from: vip),
        SamplesV6.frame(
          SamplesV6.packet(6, tcp(80, flags), from: SamplesV6.vip, to: SamplesV6.peer)),
      ] {
        #expect(run(filter, on: frame) == PacketFilter.datagramBytes)
      }
      #expect(run(filter, on: Samples.ipv4(6, tcp(5_432, flags), from: stranger)) == 0)
    }
    for frame in [Samples.arp(1, vip, vip), Samples.vrrp(version: 3), SamplesV6.announcement()] {
      #expect(run(filter, on: frame) == 0xffff)
    }
    #expect(run(filter, on: Samples.echo) == PacketFilter.datagramBytes)
    #expect(run(filter, on: SamplesV6.echo) == PacketFilter.datagramBytes)
    for length in 0...54 {
      let frame = Samples.ipv4(6, tcp(5_432, 0x10), from: vip)
      #expect(run(filter, on: Array(frame.prefix(length))) == 0)
    }
  }

  @Test func `over IPv6 the same is let in, and foreign frames stay out`() {
    let filter = PacketFilter.claims(on: [vip, SamplesV6.peer, SamplesV6.vip])
    for frame in [
      SamplesV6.vrrp(), SamplesV6.vrrp(to: SamplesV6.peer), SamplesV6.announcement(),
      SamplesV6.announcement(tags: [9]), SamplesV6.answer(), SamplesV6.detection(),
    ] {
      #expect(run(filter, on: frame) == 0xffff)
    }
    for frame in [SamplesV6.echo, SamplesV6.extended, SamplesV6.all[10]] {
      #expect(run(filter, on: frame) == PacketFilter.datagramBytes)
    }
    let other = SamplesV6.packet(17, [1, 2, 3], from: SamplesV6.vip, to: SamplesV6.peer)
    let toOne = SamplesV6.packet(6, [1, 2, 3], from: SamplesV6.node, to: SamplesV6.vip)
    for frame in [
      SamplesV6.announcement(of: SamplesV6.node), SamplesV6.frame(other), SamplesV6.frame(toOne),
    ] {
      #expect(run(filter, on: frame) == 0)
    }
  }

  @Test func `every one of two hundred long addresses is found, and nothing beside them`() {
    let addresses = (0..<UInt64(200)).map { IPAddress.v6(high: 0xfd00 << 48 | $0, low: 7) }
    let filter = PacketFilter.claims(on: addresses)
    #expect(filter.instructions.count <= 4_096)
    for address in addresses {
      #expect(run(filter, on: SamplesV6.announcement(of: address)) == 0xffff)
      let tcp = SamplesV6.packet(6, [], from: address, to: SamplesV6.peer)
      #expect(run(filter, on: SamplesV6.frame(tcp)) == PacketFilter.datagramBytes)
    }
    let beside = IPAddress.v6(high: 0xfd00 << 48 | 200, low: 7)
    #expect(run(filter, on: SamplesV6.announcement(of: beside)) == 0)
  }

  @Test func `a neighbour probe's socket hears the answers to it only`() {
    let filter = PacketFilter.neighbours(with: [SamplesV6.vip], to: SamplesV6.peer)
    #expect(run(filter, on: SamplesV6.answer()) == 0xffff)
    #expect(run(filter, on: SamplesV6.answer(to: SamplesV6.node)) == 0)
    #expect(run(filter, on: SamplesV6.announcement()) == 0)
    let echoes = PacketFilter.echoes(from: [vip, SamplesV6.vip])
    #expect(run(echoes, on: SamplesV6.echo) == PacketFilter.datagramBytes)
    #expect(run(echoes, on: Samples.echo) == PacketFilter.datagramBytes)
  }

  @Test func `of a segment nobody knows, every claim is let in, and nothing else`() {
    for frame in [
      Samples.arp(1, Samples.node, Samples.peer), Samples.arp(2, vip, Samples.peer, tags: [7]),
      Samples.vrrp(version: 2), Samples.vrrp(version: 3), SamplesV6.vrrp(),
      SamplesV6.announcement(of: SamplesV6.node), SamplesV6.answer(), SamplesV6.detection(),
      SamplesV6.announcement(tags: [9]),
    ] {
      #expect(run(.claims, on: frame) == 0xffff)
    }
    for frame in [
      Samples.echo, Samples.ipv4(6, [], from: vip), Samples.ipv4(17, [], from: vip),
      SamplesV6.echo, [], [1, 2, 3],
    ] {
      #expect(run(.claims, on: frame) == 0)
    }
    for frame in Samples.all + SamplesV6.all {
      for length in 0...frame.count { #expect(run(.claims, on: Array(frame[..<length])) != nil) }
    }
  }
}
