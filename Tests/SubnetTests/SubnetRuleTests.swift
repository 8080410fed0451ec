// The rules of a cloud subnet about announcements, one after the other, by a hand-turned clock.

import TakeoverModel
import TakeoverSubnet
import Testing

@Suite struct `A cloud subnet` {
  typealias Samples = SubnetSamples
  let ms = Samples.millisecond

  // MARK: An ordinary address is not moved by announcement

  @Test func `an ordinary address of another machine is refused, and stays where it is`() {
    let owned = [LabFabric.Owned(Samples.address(9), by: "a")]
    var subnet = Samples.subnet(Samples.description(owned: owned))
    let before = subnet.forwarding
    let refused = subnet.hear("b", 9, after: ms)
    #expect(refused.map(\.event) == [.refused])
    #expect(refused.first?.reason.hasPrefix("anti-spoofing: it is an ordinary") == true)
    #expect(refused.first?.member.node == "b")
    #expect(subnet.nextChange == nil)
    #expect(subnet.forwarding == before)
    #expect(before.fixed.contains(Forwarding.Entry("port-a", Samples.address(9))))
    #expect(!before.drift.contains { $0.address == Samples.address(9) })
    // Its owner says what is known.
    #expect(subnet.hear("a", 9, after: 2 * ms).isEmpty)
  }

  @Test func `another machine's own address and one that nobody has are refused`() {
    var subnet = Samples.subnet()
    #expect(subnet.hear("b", 7, after: ms).first?.reason == "anti-spoofing: it is a's own address")
    #expect(
      subnet.hear("b", 200, after: ms).first?.reason
        == "anti-spoofing: it is no HAVIP and no address of b")
    #expect(subnet.hear("b", 13, after: ms).isEmpty)
    let unknown = Subnet.Announcement(
      port: "elsewhere", hardware: .zero, address: Samples.address(3))
    #expect(subnet.hear(unknown, at: Samples.start).isEmpty)
  }

  // MARK: A HAVIP binds by announcement, in its subnet; the last one wins

  @Test func `a HAVIP is nobody's until it is announced`() {
    let subnet = Samples.subnet()
    #expect(subnet.holder == nil)
    #expect(subnet.forwarding.bound.isEmpty)
    #expect(subnet.nextChange == nil)
    #expect(subnet.havips.map(\.id) == ["havip-lab1"])
  }

  @Test func `the binding follows the announcement after the lag, and not before`() {
    var subnet = Samples.subnet()
    let believed = subnet.hear("a", after: 10 * ms)
    #expect(believed.map(\.event) == [.believed])
    #expect(believed.first?.at == Samples.start + 10 * ms)
    #expect(believed.first?.hardware == Samples.hardware("a"))
    #expect(subnet.nextChange == Samples.start + 510 * ms)
    #expect(subnet.advance(after: 510 * ms - 1).isEmpty)
    #expect(subnet.holder == nil)
    let bound = subnet.advance(after: 510 * ms)
    #expect(bound.map(\.event) == [.bound])
    #expect(bound.first?.at == Samples.start + 510 * ms)
    #expect(subnet.holder == "a")
    #expect(
      subnet.forwarding.bound
        == [Forwarding.Entry("port-a", Samples.address(3)): Samples.hardware("a")])
    #expect(subnet.nextChange == nil)
  }

  @Test func `a burst of announcements binds once, when the first of them says`() {
    var subnet = Samples.subnet()
    let decided = (0..<5).flatMap { subnet.hear("a", after: 10 * ms + $0 * ms / 10) }
    #expect(decided.map(\.event) == [.believed])
    #expect(subnet.advance(after: 510 * ms).map(\.event) == [.bound])
    #expect(subnet.advance(after: 600 * ms).isEmpty)
    // What is known is not said again, and does not move FlushedTime.
    let flushed = subnet.havips.first?.flushedAt
    #expect(subnet.hear("a", after: 5_000 * ms).isEmpty)
    #expect(subnet.havips.first?.flushedAt == flushed)
  }

  @Test func `the last announcement wins, also while another is on its way`() {
    var subnet = Samples.subnet()
    _ = subnet.hear("a", after: 0)
    let second = subnet.hear("b", after: 100 * ms)
    #expect(second.map(\.event) == [.believed])
    #expect(second.first?.reason == "the last announcement wins; it was a's")
    #expect(subnet.advance(after: 500 * ms).map(\.member.node) == ["a"])
    #expect(subnet.advance(after: 600 * ms).map(\.member.node) == ["b"])
    #expect(subnet.holder == "b")
  }

  @Test func `two that announce in turn have it in turn, the lag later`() {
    var subnet = Samples.subnet(Samples.description(lag: 10 * Samples.second))
    for turn in 0..<6 {
      _ = subnet.hear(turn % 2 == 0 ? "a" : "b", after: Int64(turn) * 1_000 * ms)
    }
    let bound = subnet.advance(after: 60_000 * ms)
    #expect(bound.map(\.member.node) == ["a", "b", "a", "b", "a", "b"])
    #expect(
      bound.map(\.at) == (0..<6).map { Samples.start + 10 * Samples.second + $0 * 1_000 * ms })
  }

  @Test func `a machine whose Ethernet address changes announces itself anew`() {
    var subnet = Samples.subnet()
    _ = subnet.hear("a", after: 0)
    _ = subnet.advance(after: 500 * ms)
    var changed = Samples.announcement("a")
    changed.hardware = MACAddress(bits: 0x02ff)
    let believed = subnet.hear(changed, at: Samples.start + 600 * ms)
    #expect(believed.map(\.event) == [.believed])
    #expect(believed.first?.reason.hasSuffix("another Ethernet address there") == true)
    _ = subnet.advance(after: 1_100 * ms)
    #expect(subnet.forwarding.bound.values.map(\.self) == [MACAddress(bits: 0x02ff)])
  }

  @Test func `a machine outside the subnet is refused`() {
    let far = Samples.member("far", .v4(0x0a00_0005))
    var subnet = Samples.subnet(Samples.description(besides: [far]))
    #expect(
      subnet.hear("far", after: 0).map(\.reason) == ["far is not in the HAVIP's subnet"])
    #expect(!subnet.forwarding.drift.contains { $0.port == "port-far" })
    #expect(subnet.forwarding.drift.contains { $0.port == "port-b" })
  }

  // MARK: Association sets

  @Test func `only who is in the association set may have it`() {
    var subnet = Samples.subnet(Samples.description(associated: ["a"]))
    #expect(subnet.hear("a", after: 0).map(\.event) == [.believed])
    let refused = subnet.hear("b", after: ms)
    #expect(refused.map(\.event) == [.refused])
    #expect(refused.first?.reason == "b is not in the association set of havip-lab1")
    #expect(subnet.forwarding.drift.map(\.port) == ["port-a"])
  }

  @Test func `without a set anybody of the subnet may, with an empty one nobody`() {
    var open = Samples.subnet()
    #expect(open.hear("client", after: 0).map(\.event) == [.believed])
    var shut = Samples.subnet(Samples.description(associated: []))
    #expect(shut.hear("a", after: 0).map(\.event) == [.refused])
  }

  // MARK: Limits

  @Test func `an interface has at most five HAVIPs`() {
    let hosts: [UInt32] = [31, 32, 33, 34, 35, 36]
    var subnet = Samples.subnet(Samples.description(havips: hosts))
    let decided = hosts.flatMap { subnet.hear("a", $0, after: 0) }
    #expect(
      decided.map(\.event) == [.believed, .believed, .believed, .believed, .believed, .refused])
    #expect(decided.last?.reason == "this interface has 5 HAVIPs, which is the most")
    #expect(subnet.hear("b", 36, after: 0).map(\.event) == [.believed])
    // One that went elsewhere makes room.
    #expect(subnet.hear("b", 31, after: 0).map(\.event) == [.believed])
    #expect(subnet.hear("a", 36, after: 0).map(\.event) == [.believed])
  }

  @Test func `above the rate a machine's announcements are refused, and the others' are not`() {
    var subnet = Samples.subnet(Samples.description(havips: [3, 4], most: 3))
    for turn in 0..<3 { _ = subnet.hear("a", after: Int64(turn) * ms) }
    let refused = subnet.hear("a", 4, after: 3 * ms)
    #expect(refused.map(\.event) == [.refused])
    #expect(refused.first?.reason.hasPrefix("more than 3 announcements per second") == true)
    #expect(subnet.hear("b", 4, after: 4 * ms).map(\.event) == [.believed])
    // A second after the first there is room again.
    #expect(subnet.hear("a", 4, after: 1_001 * ms).map(\.event) == [.believed])
  }

  @Test func `a storm of refused announcements is told once a second, with its number`() {
    var subnet = Samples.subnet(Samples.description(associated: ["a"]))
    let told = (0...2_000).flatMap { subnet.hear("b", after: Int64($0) * ms) }
    #expect(told.count == 3)
    #expect(told.map(\.more) == [0, 999, 999])
    #expect(Set(told.map(\.reason)).count == 1)
    #expect(told.last?.line.hasSuffix(",\"more\":999}") == true)
  }

  // MARK: Decisions

  @Test func `a decision is one line of JSON`() throws {
    var subnet = Samples.subnet()
    let line = try #require(subnet.hear("a", after: 0).first?.line)
    #expect(
      line == """
        {"at":1767225600000000000,"event":"believed","node":"a","port":"port-a",\
        "hardware":"02:00:00:00:00:61","address":"172.17.16.3",\
        "reason":"the last announcement wins; it was unbound"}
        """)
    #expect(JSONValue(Array(line.utf8)) != nil)
    var bound = try #require(subnet.advance(after: 500 * ms).first)
    bound.since = bound.at - 3
    #expect(bound.line.hasPrefix("{\"at\":1767225600500000000,\"since\":1767225600499999997,"))
  }
}
