// What a node of a database pair has on its disk: PostgreSQL's configuration, its unit, and who the
// other one is.

import TakeoverModel

enum PostgreSQL {
  static let version = "15"
  static let programs = "/usr/lib/postgresql/\(version)/bin"
  static let data = "/var/lib/postgresql/\(version)/main"
  static let package = "postgresql-\(version)"
  /// The only suite that has it.
  static let suite = "bookworm"
  static let service = "postgresql"
}

extension LabLayout {
  /// What keepalived, systemd and the peer have the database do.
  static let databaseProgram = "usr/local/sbin/takeover-database"

  /// Empty for machines without a database.
  func databaseFiles(for machine: Machine) -> [NodeFile] {
    guard let database = description.database, machine.isMember,
      let peer = members.first(where: { $0.name != machine.name })
    else { return [] }
    return [
      NodeFile("etc/takeover/database", facts(of: machine, peer, database)),
      NodeFile("etc/takeover/postgresql.conf", configuration(of: machine, peer, database)),
      NodeFile("etc/takeover/pg_hba.conf", Self.accessRules),
      NodeFile("etc/systemd/system/postgresql.service", Self.databaseUnit),
      NodeFile(Self.databaseProgram, mode: "755", DatabaseScript.text),
    ]
  }

  /// Read by the script.
  private func facts(of machine: Machine, _ peer: Machine, _ database: LabDatabase) -> String {
    """
    name=\(machine.name)
    first=\(members[0].name)
    peer=\(peer.cables[0].address)
    reach=\(peer.management?.description ?? "")
    replication=\(database.replication.rawValue)
    fencing=\(database.fencing)
    delay=\(Self.seconds(database.promotionDelay))

    """
  }

  /// fsync stays on, and a commit waits for it; what is short are the times after which somebody who
  /// does not answer is given up. `synchronous_standby_names` names the peer, not `*`: pg_basebackup
  /// would count as a standby, too.
  private func configuration(
    of machine: Machine, _ peer: Machine, _ database: LabDatabase
  ) -> String {
    let waits = database.replication == .synchronous
    return """
      cluster_name = '\(machine.name)'
      hba_file = '/etc/takeover/pg_hba.conf'
      listen_addresses = '*'
      unix_socket_directories = '/run/postgresql'
      max_connections = 200
      shared_buffers = 32MB
      jit = off
      fsync = on
      synchronous_commit = on
      synchronous_standby_names = '\(waits ? "\"\(peer.name)\"" : "")'
      wal_level = replica
      wal_keep_size = 256MB
      max_wal_size = 512MB
      hot_standby = on
      primary_conninfo = 'host=\(peer.cables[0].address) user=postgres application_name=\(machine.name) connect_timeout=2'
      wal_retrieve_retry_interval = 200ms
      wal_receiver_timeout = 5s
      wal_sender_timeout = 5s

      """
  }

  /// Whoever is in the lab's own networks is let in: nobody else reaches it.
  private static let accessRules = """
    local all all trust
    host all all 127.0.0.1/32 trust
    host all all samenet trust
    host replication all samenet trust

    """

  /// A clean end sends the standby all there is; whoever takes longer than 2 s for that is killed.
  private static let databaseUnit = """
    [Unit]
    Description=PostgreSQL \(PostgreSQL.version), one of a pair
    After=ssh.service

    [Service]
    Type=notify
    User=postgres
    RuntimeDirectory=postgresql
    ExecStartPre=+/\(databaseProgram) prepare
    ExecStart=\(PostgreSQL.programs)/postgres -D \(PostgreSQL.data) -c config_file=/etc/takeover/postgresql.conf
    ExecStartPost=+/\(databaseProgram) attach
    ExecReload=kill -HUP $MAINPID
    KillMode=mixed
    KillSignal=SIGINT
    TimeoutStartSec=infinity
    TimeoutStopSec=2s

    """

  /// keepalived tracks whether the server takes connections: one that still begins does not.
  static let databaseCheck = """
    #!/bin/sh
    exec \(PostgreSQL.programs)/pg_isready -q -t 1 -h 127.0.0.1 -U postgres

    """

  /// What keepalived runs when it becomes something else.
  var databaseNotices: [String] {
    guard description.database != nil else { return [] }
    return [
      "notify_master \"/\(Self.databaseProgram) promote\"",
      "notify_backup \"/\(Self.databaseProgram) demote\"",
    ]
  }

  /// The key by which a node may have its peer's database stopped, and nothing else there; nil: nobody
  /// may.
  func fenceKeys() -> Command? {
    guard description.database?.fencing == true else { return nil }
    let script = """
      set -eu
      umask 077
      keys=$1/keys image=$2 program=$3
      shift 3
      unshare --mount sh -c '
        set -eu
        mount --bind "$1" "${2%/}/mnt"
        chroot "$2" ssh-keygen -q -t ed25519 -N "" -C takeover -f /mnt/fence </dev/null
        ' takeover "$keys" "$image"
      read -r type key _ <"$keys/fence.pub"
      for files; do
        cp "$keys/fence" "$keys/known_hosts" "$files/etc/takeover/"
        echo "restrict,command=\\"$program fence\\" $type $key" >>"$files/root/.ssh/authorized_keys"
      done
      """
    return .script(
      script,
      [folder, tools.path(in: folders), "/" + Self.databaseProgram]
        + members.map { $0.folder + "/files" })
  }

  /// What a database pair is not built of.
  static func checkDatabase(_ description: LabDescription) throws(Complaint) {
    guard description.database != nil else { return }
    guard description.nodes.count == 2 else {
      throw Complaint(
        "a database pair has two nodes, not \(description.nodes.count)",
        remedy: "one primary, one standby: list two below nodes")
    }
    for node in description.nodes
    where node.image != .suite(PostgreSQL.suite) || node.firstProcess != .systemd {
      throw Complaint(
        "\(node.machine.name) cannot carry PostgreSQL \(PostgreSQL.version)",
        remedy: "a node with a database has image: \(PostgreSQL.suite) and init: systemd")
    }
  }
}
