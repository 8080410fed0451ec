// The kernel's filter for a site's addresses, in classic BPF (Linux: networking/filter.rst).
// What it refuses never reaches user space, so a busy segment costs nothing.

package import TakeoverModel

package struct PacketFilter: Hashable, Sendable {
  package struct Instruction: Hashable, Sendable {
    package var code: UInt16
    package var ifTrue: UInt8 = 0
    package var ifFalse: UInt8 = 0
    package var operand: UInt32 = 0
  }

  /// The codes that are used here; A is the accumulator, X the index register.
  package enum Code {
    /// A = the word, half word or byte of the frame at X + operand.
    package static let loadWord: UInt16 = 0x40
    package static let loadHalf: UInt16 = 0x48
    package static let loadByte: UInt16 = 0x50
    package static let setIndex: UInt16 = 0x01
    package static let jump: UInt16 = 0x05
    package static let ifEqual: UInt16 = 0x15
    /// Whether A has one of the operand's bits.
    package static let ifAny: UInt16 = 0x45
    package static let accept: UInt16 = 0x06
  }

  /// Enough for a datagram's headers and for a probe's payload; the rest is the users' own data.
  package static let datagramBytes: UInt32 = 128
  private static let everything: UInt32 = 0xffff

  /// The kernel takes 4096 of them (BPF_MAXINSNS), which is some 1300 IPv4 or 220 IPv6 addresses,
  /// and refuses more.
  package let instructions: [Instruction]

  /// Frames that tell who holds `addresses`: ARP that names one as sender or target, neighbour
  /// messages that name one as target, every VRRP packet, ICMP and TCP sent from one. `sparing`: of TCP
  /// from this port only what begins or ends a connection. What a database answers to thousands of
  /// writes a second says no more of who holds an address, and fills the receive buffer.
  package static func claims(
    on addresses: [IPAddress], sparing port: Int? = nil
  ) -> PacketFilter {
    let arp =
      load(Code.loadWord, at: 28) + acceptAny(of: addresses)
      + load(Code.loadWord, at: 38) + acceptAny(of: addresses) + accept(0)
    let ipv4 =
      load(Code.loadByte, at: 23)
      + when(UInt32(IPv4Packet.Number.vrrp), accept(everything))
      + unlessAny(of: [IPv4Packet.Number.icmp, IPv4Packet.Number.tcp], accept(0))
      + (port.map { sparing($0, at: Place.tcpV4) } ?? [])
      + load(Code.loadWord, at: 26) + acceptAny(of: addresses, bytes: datagramBytes) + accept(0)
    return PacketFilter(
      instructions: skipTag
        + when(UInt32(EthernetFrame.Kind.arp), arp)
        + when(UInt32(EthernetFrame.Kind.ipv4), ipv4)
        + when(UInt32(EthernetFrame.Kind.ipv6), claimsV6(on: addresses, sparing: port)) + accept(0))
  }

  /// Every ARP frame, neighbour message and VRRP packet: for a segment whose virtual addresses are not
  /// known yet.
  package static let claims: PacketFilter = {
    let vrrp = when(UInt32(IPv4Packet.Number.vrrp), accept(everything))
    let ipv4 = load(Code.loadByte, at: 23) + vrrp + accept(0)
    let kinds = [NeighbourMessage.Kind.solicitation, .advertisement].map(\.rawValue)
    let message =
      load(Code.loadByte, at: Place.icmpType)
      + kinds.flatMap { when(UInt32($0), accept(everything)) } + accept(0)
    let ipv6 =
      load(Code.loadByte, at: Place.nextHeader) + vrrp
      + when(UInt32(IPv6Packet.Number.icmp), message) + accept(0)
    return PacketFilter(
      instructions: skipTag
        + when(UInt32(EthernetFrame.Kind.arp), accept(everything))
        + when(UInt32(EthernetFrame.Kind.ipv4), ipv4)
        + when(UInt32(EthernetFrame.Kind.ipv6), ipv6) + accept(0))
  }()

  /// With the protocol in A. A datagram with options has its ports elsewhere, and is hardly ever spared.
  private static func sparing(_ port: Int, at place: UInt32) -> [Instruction] {
    // FIN, SYN, RST (RFC 9293, 3.1)
    let refuse = [Instruction(code: Code.ifAny, ifTrue: 1, operand: 0x07)] + accept(0)
    let flags = load(Code.loadByte, at: place + 13) + refuse
    return when(
      UInt32(IPv4Packet.Number.tcp),
      load(Code.loadHalf, at: place) + when(UInt32(clamping: port), flags))
  }

  private static func claimsV6(
    on addresses: [IPAddress], sparing port: Int?
  ) -> [Instruction] {
    let fromOne = acceptAnyV6(of: addresses, at: Place.source, bytes: datagramBytes) + accept(0)
    // What an extension header hides is looked at when it is sent from one.
    let carriers = [IPv6Packet.Number.icmp, IPv4Packet.Number.tcp] + IPv6Packet.Number.extensions
    let aboutOne = acceptAnyV6(of: addresses, at: Place.target)
    let kinds = [NeighbourMessage.Kind.solicitation, .advertisement].map(\.rawValue)
    let neighbour =
      load(Code.loadByte, at: Place.icmpType) + unlessAny(of: kinds, jump(over: aboutOne))
      + aboutOne
    return load(Code.loadByte, at: Place.nextHeader)
      + when(UInt32(IPv4Packet.Number.vrrp), accept(everything))
      + unlessAny(of: carriers, accept(0))
      + unlessAny(of: [IPv6Packet.Number.icmp], jump(over: neighbour)) + neighbour
      + (port.map { load(Code.loadByte, at: Place.nextHeader) + sparing($0, at: Place.tcpV6) } ?? [])
      + fromOne
  }

  /// Neighbour advertisements about one of `addresses` that are sent to `asker`.
  package static func neighbours(
    with addresses: [IPAddress], to asker: IPAddress
  ) -> PacketFilter {
    let answer =
      load(Code.loadByte, at: Place.icmpType)
      + when(
        UInt32(NeighbourMessage.Kind.advertisement.rawValue),
        whenV6(
          asker, at: Place.destination, acceptAnyV6(of: addresses, at: Place.target) + accept(0)))
      + accept(0)
    let ipv6 =
      load(Code.loadByte, at: Place.nextHeader) + when(UInt32(IPv6Packet.Number.icmp), answer)
    return PacketFilter(
      instructions: skipTag + when(UInt32(EthernetFrame.Kind.ipv6), ipv6) + accept(0))
  }

  /// ARP replies in which one of `addresses` is the sender.
  package static func answers(from addresses: [IPAddress]) -> PacketFilter {
    let reply = load(Code.loadWord, at: 28) + acceptAny(of: addresses) + accept(0)
    let arp = load(Code.loadHalf, at: 20) + when(UInt32(ARPPacket.Operation.reply), reply)
    return PacketFilter(
      instructions: skipTag + when(UInt32(EthernetFrame.Kind.arp), arp) + accept(0))
  }

  /// ICMP sent from one of `addresses`.
  package static func echoes(from addresses: [IPAddress]) -> PacketFilter {
    let icmp =
      load(Code.loadWord, at: 26) + acceptAny(of: addresses, bytes: datagramBytes) + accept(0)
    let ipv4 = load(Code.loadByte, at: 23) + when(UInt32(IPv4Packet.Number.icmp), icmp)
    let icmpV6 = acceptAnyV6(of: addresses, at: Place.source, bytes: datagramBytes) + accept(0)
    let ipv6 =
      load(Code.loadByte, at: Place.nextHeader) + when(UInt32(IPv6Packet.Number.icmp), icmpV6)
    return PacketFilter(
      instructions: skipTag + when(UInt32(EthernetFrame.Kind.ipv4), ipv4)
        + when(UInt32(EthernetFrame.Kind.ipv6), ipv6) + accept(0))
  }

  /// Every ARP packet.
  package static let everyARP = PacketFilter(
    instructions: skipTag + when(UInt32(EthernetFrame.Kind.arp), accept(everything)) + accept(0))

  /// Nothing: for a socket that only sends.
  package static let nothing = PacketFilter(instructions: accept(0))

  // MARK: Parts

  /// Where things are in a frame with IPv6 and without tag or extension headers.
  private enum Place {
    static let nextHeader: UInt32 = 20
    static let source: UInt32 = 22
    static let destination: UInt32 = 38
    static let icmpType: UInt32 = 54
    /// TCP's header, with IPv6 and with IPv4 without options.
    static let tcpV6: UInt32 = 54
    static let tcpV4: UInt32 = 34
    /// Of a neighbour message.
    static let target: UInt32 = 62
  }

  /// Leaves the EtherType in A, and in X how much further everything behind it is: a tag that the
  /// interface did not strip has four bytes.
  private static let skipTag: [Instruction] =
    [Instruction(code: Code.setIndex, operand: 0)] + load(Code.loadHalf, at: 12)
    + EthernetFrame.Kind.tags.flatMap { tag in
      when(UInt32(tag), [Instruction(code: Code.setIndex, operand: 4)])
    }
    + load(Code.loadHalf, at: 12)

  private static func load(_ code: UInt16, at offset: UInt32) -> [Instruction] {
    [Instruction(code: code, operand: offset)]
  }

  /// Keeps that many bytes of the frame; 0 refuses it.
  private static func accept(_ bytes: UInt32) -> [Instruction] {
    [Instruction(code: Code.accept, operand: bytes)]
  }

  /// Runs `body` when A is `value`. A conditional jump reaches 255 instructions, a plain one all.
  private static func when(_ value: UInt32, _ body: [Instruction]) -> [Instruction] {
    [Instruction(code: Code.ifEqual, ifTrue: 1, operand: value)] + jump(over: body) + body
  }

  private static func jump(over body: [Instruction]) -> [Instruction] {
    [Instruction(code: Code.jump, operand: UInt32(body.count))]
  }

  /// Runs `body` when A is none of `values`.
  private static func unlessAny(of values: [UInt8], _ body: [Instruction]) -> [Instruction] {
    values.enumerated().map { index, value in
      let over = values.count - 1 - index + body.count
      return Instruction(
        code: Code.ifEqual, ifTrue: UInt8(truncatingIfNeeded: over), operand: UInt32(value))
    } + body
  }

  /// Accepts when A is one of `addresses`; goes on behind when it is not.
  private static func acceptAny(
    of addresses: [IPAddress], bytes: UInt32 = everything
  ) -> [Instruction] {
    var values: [UInt32] = []
    for case .v4(let value) in addresses { values.append(value) }
    // In runs of 200, each with its own way out, because a jump reaches 255 instructions.
    return stride(from: 0, to: values.count, by: 200).flatMap { start in
      let run = values[start..<min(start + 200, values.count)]
      return run.enumerated().map { index, value in
        let left = run.count - 1 - index
        return Instruction(
          code: Code.ifEqual, ifTrue: UInt8(truncatingIfNeeded: left), ifFalse: left == 0 ? 1 : 0,
          operand: value)
      } + accept(bytes)
    }
  }

  /// Accepts when the 16 bytes at `place` are one of `addresses`; goes on behind when they are not.
  private static func acceptAnyV6(
    of addresses: [IPAddress], at place: UInt32, bytes: UInt32 = everything
  ) -> [Instruction] {
    addresses.filter { !$0.isV4 }.flatMap { whenV6($0, at: place, accept(bytes)) }
  }

  /// Runs `body` when the 16 bytes at `place` are `address`. Its last word tells most.
  private static func whenV6(
    _ address: IPAddress, at place: UInt32, _ body: [Instruction]
  ) -> [Instruction] {
    guard case .v6(let high, let low) = address else { return [] }
    let words = [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff]
    return words.enumerated().reduce(body) { inside, word in
      let load = load(Code.loadWord, at: place + 4 * UInt32(word.offset))
      guard let over = UInt8(exactly: inside.count) else {
        return load + when(UInt32(word.element), inside)
      }
      return load + [
        Instruction(code: Code.ifEqual, ifFalse: over, operand: UInt32(word.element))
      ] + inside
    }
  }
}
