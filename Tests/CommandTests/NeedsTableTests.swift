// Doctor's table: what is there, what is missing where, and the command that gets it.

import TakeoverCommand
import Testing

@Suite struct `Doctor's table` {
  @Test func `has a column for each place and a way for each thing that is missing`() {
    var table = NeedsTable(places: ["here", "a", "b"])
    table.note("root", at: "a", .good)
    table.note("root", at: "b", .missing(problem: "admin is not root", remedy: "log in as root"))
    table.note("nft", at: "a", .good)
    table.note("nft", at: "b", .good)
    table.note("room for reports", at: "here", .good)
    table.note("for delay", at: "b", .lacking("it has no netem: trials with delay are skipped"))
    #expect(table.missing == 1)
    #expect(
      table.lines == [
        "                  here     a        b",
        "root              -        ok       MISSING",
        "nft               -        ok       ok",
        "room for reports  ok       -        -",
        "for delay         -        -        without",
        "",
        "  → b: admin is not root: log in as root",
        "    b: it has no netem: trials with delay are skipped",
      ])
  }

  @Test func `of what is whole has no way below it`() {
    var table = NeedsTable(places: ["here"])
    table.note("root", at: "here", .good)
    #expect(table.lines == ["      here", "root  ok"])
    #expect(table.missing == 0)
  }

  @Test func `makes a node's words harmless and keeps to its width`() {
    var table = NeedsTable(places: ["a"])
    table.note(
      String(repeating: "need ", count: 20), at: "a",
      .missing(problem: "\u{1B}[2Jboom", remedy: "line\nline"))
    #expect(table.lines.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
    #expect(table.lines[1].count <= 44 + 2 + 7)
  }

  @Test func `knows which package has a program, on several distributions`() {
    #expect(PackageNames.command(for: "nft", by: "apt-get") == "apt-get install -y nftables")
    #expect(PackageNames.command(for: "tc", by: "dnf") == "dnf install -y iproute-tc")
    #expect(PackageNames.command(for: "nft", by: "apk") == "apk add nftables")
    #expect(PackageNames.command(for: "no-such-program", by: "apt-get") == nil)
    #expect(PackageNames.command(for: "nft", by: nil) == nil)
    for installer in PackageNames.installers {
      #expect(PackageNames.command(for: "perl", by: installer) != nil)
    }
  }
}
