// A conversation with a PostgreSQL server: what becomes of each row, also of those that were sent before
// the one ahead of them was answered.

import TakeoverModel
import Testing

@testable import TakeoverLedger

@Suite struct `A session` {
  private static func session(makesTable: Bool = false, password: String? = nil) -> PostgresSession
  {
    PostgresSession(
      .init(user: "u", database: "d", password: password.map { Password($0) }),
      makesTable: makesTable)
  }

  private static func ready() throws -> PostgresSession {
    var session = session()
    let happenings = try session.take(Backend.welcome("b"))
    #expect(happenings.last == .ready(server: "b"))
    return session
  }

  @Test func `asks who the server is, and is ready when that is known`() throws {
    var session = Self.session()
    let asked = try session.take(Backend.ok + Backend.ready)
    #expect(asked == [.send(FrontendMessage.query("select \(PostgresSession.identity)"))])
    let answer = Backend.description + Backend.row("a") + Backend.complete("SELECT 1")
    let before = try session.take(answer)
    let after = try session.take(Backend.ready)
    #expect(before == [] && after == [.ready(server: "a")])
  }

  @Test func `makes the table first where it is told to`() throws {
    var session = Self.session(makesTable: true)
    let asked = try session.take(Backend.ok + Backend.ready)
    #expect(asked.last == .send(FrontendMessage.query(PostgresSession.making)))
    let who = try session.take(Backend.row("a") + Backend.complete("SELECT 1") + Backend.ready)
    // Each statement is completed; both are settled by one word.
    let made = try session.take(Backend.complete("DROP TABLE") + Backend.complete("CREATE TABLE"))
    let settled = try session.take(Backend.ready)
    #expect(who == [] && made == [] && settled == [.ready(server: "a")])
  }

  @Test func `settles rows in the order in which they were sent`() throws {
    var session = try Self.ready()
    let sent = session.write(1)
    #expect(sent == FrontendMessage.query("insert into takeover_ledger values (1)"))
    _ = session.write(2)
    _ = session.write(3)
    #expect(session.outstanding == [1, 2, 3])
    let first = Backend.complete() + Backend.ready + Backend.failure("25006") + Backend.ready
    let error = ServerError(severity: "ERROR", code: "25006", message: "no")
    let answers = try session.take(first)
    #expect(answers == [.acknowledged(row: 1), .refused(row: 2, error)])
    #expect(session.outstanding == [3])
    // What is completed is committed, whether or not the server comes to be ready again.
    let last = try session.take(Backend.complete())
    #expect(last == [.acknowledged(row: 3)])
  }

  @Test func `goes on over thousands of rows`() throws {
    var session = try Self.ready()
    for row in Int64(1)...2_000 {
      _ = session.write(row)
      let answered = try session.take(Backend.complete() + Backend.ready)
      #expect(answered == [.acknowledged(row: row)])
    }
    #expect(session.outstanding == [])
  }

  @Test func `a warning is no answer, and neither are words of the server's own`() throws {
    var session = try Self.ready()
    _ = session.write(1)
    let words =
      Backend.failure("01000", severity: "WARNING", type: "N")
      + Backend.parameter("in_hot_standby", "off")
    let heard = try session.take(words)
    #expect(heard == [])
    #expect(session.outstanding == [1])
  }

  @Test func `a server that ends it says so`() throws {
    var session = try Self.ready()
    _ = session.write(1)
    let end = Backend.failure("57P01", severity: "FATAL")
    let error = ServerError(severity: "FATAL", code: "57P01", message: "no")
    let ended = try session.take(end)
    #expect(ended == [.closed(error)])
    #expect(session.outstanding == [1])
    var other = Self.session()
    let starting = ServerError(severity: "FATAL", code: "57P03", message: "no")
    let refused = try other.take(Backend.failure("57P03", severity: "FATAL"))
    #expect(refused == [.closed(starting)])
  }

  @Test func `a way of asking for a password that is not spoken here is hopeless`() throws {
    for way in [Int32(3), 5, 7, 9] {
      var session = Self.session(password: "x")
      let body = Backend.number(way) + [1, 2, 3, 4]
      let said = try session.take(Backend.message("R", body))
      guard case .hopeless(let complaint)? = said.first else {
        Issue.record("\(way): \(said)")
        continue
      }
      #expect(complaint.problem.contains("(\(way))"))
    }
  }

  @Test func `without a password nothing is answered to a server that asks for one`() throws {
    var session = Self.session()
    let offer = Backend.number(10) + Backend.text("SCRAM-SHA-256") + [0]
    let said = try session.take(Backend.message("R", offer))
    guard case .hopeless? = said.first else {
      Issue.record("\(said)")
      return
    }
  }
}

@Suite struct SCRAMTests {
  /// RFC 7677, 3.
  private static let challenge =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
  private static let proof =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
  private static let final = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

  private static func scram() -> SCRAM {
    SCRAM(Password("pencil"), name: "user", nonce: "rOprNGfwEbeRWgbNEkqO")
  }

  @Test func `the RFC's exchange is this one`() {
    var scram = Self.scram()
    #expect(scram.opening == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    let response = scram.response(to: Self.challenge)
    #expect(response == Self.proof)
    #expect(!scram.isAnswered)
    let isAccepted = scram.accepts(Self.final)
    #expect(isAccepted && scram.isAnswered)
  }

  @Test func `a server that does not know the password is not believed`() {
    var scram = Self.scram()
    let isEarly = scram.accepts(Self.final)
    #expect(!isEarly, "before any challenge")
    _ = scram.response(to: Self.challenge)
    for final in [
      "v=", "v=AAAA", "e=invalid-proof", "", Self.final.replacing("6rri", with: "6rrj"),
    ] {
      let isAccepted = scram.accepts(final)
      #expect(!isAccepted, "\(final)")
    }
  }

  @Test func `a challenge to somebody else, or that would take minutes, is none`() {
    let broken = [
      "", "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      Self.challenge.replacing("i=4096", with: "i=0"),
      Self.challenge.replacing("i=4096", with: "i=2000000"),
      Self.challenge.replacing("s=W22", with: "s=!"),
      "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    ]
    for challenge in broken {
      var scram = Self.scram()
      let response = scram.response(to: challenge)
      #expect(response == nil, "\(challenge)")
    }
  }

  @Test func `no two conversations begin alike`() {
    #expect(SCRAM.nonce() != SCRAM.nonce())
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test func `HMAC is the RFC's`() {
    func hexadecimal(_ bytes: [UInt8]) -> String {
      bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
      }.joined()
    }
    #expect(
      hexadecimal(HMAC.code(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hexadecimal(
        HMAC.code(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
    #expect(
      hexadecimal(HMAC.code(long, key: [UInt8](repeating: 0xaa, count: 131)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
