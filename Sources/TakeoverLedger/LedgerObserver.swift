// Writes numbered rows through the pair's address, as a client that does not give up would, and writes
// down what became of each.

internal import FoundationEssentials
package import TakeoverModel
internal import TakeoverWire

package struct LedgerObserver: Observer {
  package let vantage: VantagePoint
  package let database: Database
  package var name: String { "\(vantage.name)/ledger" }

  package init(in database: Database, from vantage: VantagePoint) {
    self.database = database
    self.vantage = vantage
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    guard let address = site.addresses.first?.address else {
      throw Complaint("the site has no address to write to", remedy: "name one below addresses:")
    }
    let (database, vantage) = (database, vantage)
    let password = try self.password()
    try await OwnThread.run { stop in
      let login = PostgresSession.Login(
        user: database.user, database: database.name, password: password.map(Password.init))
      var loop = LedgerLoop(
        database, at: address, from: vantage, as: login, journal: journal, clock: clock)
      try loop.run(until: stop, onTable: ready)
    }
  }

  /// The first line of the file.
  private func password() throws(Complaint) -> String? {
    guard let path = database.passwordFile else { return nil }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(separator: "\n", omittingEmptySubsequences: false).first
    else {
      throw Complaint(
        "the password file \(path) cannot be read", remedy: "correct password-file: in the site")
    }
    return String(line)
  }
}
