// Whether a pair of databases may be struck: from what each says of itself.

internal import TakeoverModel
internal import Testing

@testable import TakeoverRun

@Suite struct `A look at the databases` {
  private func reading(
    _ node: String, writes: Bool?, standbys: Int = 0, synchronous: Int = 0
  ) -> DatabaseReading {
    DatabaseReading(
      node: node, server: writes == nil ? nil : node, takesWrites: writes, standbys: standbys,
      synchronousStandbys: synchronous, trouble: writes == nil ? "no road" : "")
  }

  private func complaints(
    _ readings: DatabaseReading..., replication: Database.Replication? = .synchronous
  ) -> [String] {
    DatabaseLook.complaints(about: readings, holder: "a", replication)
  }

  @Test func `a primary that holds the address and a standby that follows are sound`() {
    let primary = reading("a", writes: true, standbys: 1, synchronous: 1)
    #expect(complaints(primary, reading("b", writes: false)) == [])
    let waitsForNobody = reading("a", writes: true, standbys: 1)
    for replication in [Database.Replication.asynchronous, nil] {
      let found = complaints(
        waitsForNobody, reading("b", writes: false), replication: replication)
      #expect(found == [])
    }
    #expect(complaints(reading("a", writes: true)) == [], "one alone follows nobody")
  }

  @Test func `what is amiss is named`() {
    let primary = reading("a", writes: true, standbys: 1, synchronous: 1)
    #expect(
      complaints(primary, reading("b", writes: true))
        == ["b's database takes writes, and a is the holder"])
    #expect(
      complaints(reading("a", writes: true), reading("b", writes: false))
        == ["a's database has 0 of 1 standbys that have caught up"])
    #expect(
      complaints(reading("a", writes: true, standbys: 1), reading("b", writes: false))
        == ["a's database waits for no standby"])
    #expect(
      complaints(reading("b", writes: true, standbys: 1), reading("a", writes: false)).contains(
        "a's database takes no writes, and a is the holder"))
    #expect(
      complaints(primary, reading("b", writes: nil))
        == ["b's database does not answer: no road"])
  }
}
