// The lab whose pair carries a database: who is told what, and of what it is not built.

import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct `A database pair` {
  private func description(
    _ database: LabDatabase? = LabDatabase(), check: LabCheck? = LabCheck()
  ) -> LabDescription {
    var description = LabSamples.pair(LabKeepalived(check: check))
    description.database = database
    return description
  }

  private func layout(_ description: LabDescription) throws -> LabLayout {
    try LabLayout(description, in: LabSamples.folders)
  }

  private func file(_ path: String, of index: Int, _ description: LabDescription) throws -> String {
    let layout = try layout(description)
    return try #require(
      layout.files(for: layout.nodes[index]).first { $0.path == path }?.content)
  }

  @Test func `each node knows the other one, and the first of them`() throws {
    let database = LabDatabase(replication: .asynchronous, promotionDelay: .milliseconds(1_500))
    #expect(
      try file("etc/takeover/database", of: 1, description(database)) == """
        name=b
        first=a
        peer=172.17.16.7
        reach=192.168.77.11
        replication=asynchronous
        fencing=true
        delay=1.5

        """)
  }

  @Test func `a synchronous primary waits for its peer by name, an asynchronous one for nobody`()
    throws
  {
    let path = "etc/takeover/postgresql.conf"
    let waits = try file(path, of: 0, description())
    #expect(waits.contains("synchronous_standby_names = '\"b\"'\n"))
    #expect(waits.contains("fsync = on\n") && waits.contains("synchronous_commit = on\n"))
    #expect(
      waits.contains("primary_conninfo = 'host=172.17.16.13 user=postgres application_name=a"))
    let alone = try file(path, of: 0, description(LabDatabase(replication: .asynchronous)))
    #expect(alone.contains("synchronous_standby_names = ''\n"))
  }

  @Test func `keepalived promotes, demotes, and begins after the database`() throws {
    let description = description()
    let text = try layout(description).keepalivedConfiguration(for: layout(description).nodes[0])
    #expect(text.contains("notify_master \"/usr/local/sbin/takeover-database promote\""))
    #expect(text.contains("notify_backup \"/usr/local/sbin/takeover-database demote\""))
    #expect(text.contains("script_user root") && text.contains("enable_script_security"))
    let unit = try file(
      "etc/systemd/system/keepalived.service.d/lab.conf", of: 0, description)
    #expect(unit.contains("After=haproxy.service postgresql.service\n"))
    let target = try file("etc/systemd/system/takeover.target", of: 0, description)
    #expect(
      target.contains("Wants=ssh.service haproxy.service keepalived.service postgresql.service"))
    let check = try file(LabLayout.checkProgram, of: 0, description)
    #expect(check.contains("pg_isready"))
  }

  @Test func `the site knows the database, and the service of each node`() throws {
    let site = try layout(description()).site
    #expect(site.database?.replication == .synchronous)
    #expect(site.database?.psql.arguments.first == "/usr/lib/postgresql/15/bin/psql")
    #expect(
      site.nodes.map { $0.services["postgresql"] } == [.unit("postgresql"), .unit("postgresql")])
    #expect(try layout(description(nil)).site.database == nil)
  }

  @Test func `only its members have the larger image`() throws {
    var description = description()
    description.machines = [LabSamples.node("rogue", 66, priority: 1)]
    let layout = try layout(description)
    let plain = LabImage.suite("bookworm")
    let larger = LabImage.suite("bookworm", with: .postgresql)
    #expect(layout.nodes.map(\.image) == [larger, larger, plain])
    #expect(plain.name != larger.name)
    let recipe = LabImage.recipe(with: .postgresql)
    #expect(recipe.contains { $0.hasPrefix("--include=") && $0.hasSuffix(",postgresql-15") })
    let hook = try #require(recipe.last)
    #expect(hook.hasPrefix("--customize-hook=chroot \"$1\" sh -euc '") && hook.hasSuffix("'"))
    #expect(hook.count { $0 == "'" } == 2, "a quote would end the script")
    let rogue = try #require(layout.nodes.last)
    #expect(layout.databaseFiles(for: rogue).isEmpty)
    #expect(layout.services(of: rogue) == ["ssh", "haproxy"])
  }

  @Test func `a key to stop the peer's database is made where somebody is to be fenced`() throws {
    let fenced = try layout(description())
    let keys = try #require(fenced.fenceKeys()?.asScript)
    #expect(keys.body.contains("restrict,command="))
    #expect(
      Array(keys.parameters.suffix(2)) == [
        "/run/takeover/labs/pair/machines/a/files", "/run/takeover/labs/pair/machines/b/files",
      ])
    #expect(fenced.commands().contains { $0.asScript?.body == keys.body })
    #expect(try layout(description(LabDatabase(fencing: false))).fenceKeys() == nil)
    #expect(try layout(description(nil)).fenceKeys() == nil)
  }

  @Test func `three nodes, another suite, the host's image and a plain node are refused`() {
    let broken: [(inout LabDescription) -> Void] = [
      { $0.nodes.append(LabSamples.node("c", 14, priority: 70)) }, { $0.nodes.removeLast() },
      { $0.nodes[0].image = .suite("trixie") }, { $0.nodes[1].image = .host },
      { $0.nodes[1].firstProcess = .plain },
    ]
    for (index, change) in broken.enumerated() {
      var one = description()
      change(&one)
      #expect(throws: Complaint.self, "case \(index)") { try layout(one) }
    }
  }
}
