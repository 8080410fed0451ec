// The root file system below every node: made once by mmdebstrap(1), kept in the user's cache.

import TakeoverModel

enum LabImage: Hashable, Sendable {
  case suite(String, with: Addition? = nil)
  /// The machine the lab runs on.
  case host

  /// What only some labs need, in an image of its own, so that the others' stays small.
  enum Addition: Hashable, Sendable { case postgresql }

  init(_ image: LabNode.Image, with addition: Addition? = nil) {
    switch image {
    case .suite(let suite): self = .suite(suite, with: addition)
    case .host: self = .host
    }
  }

  static let packages = [
    "systemd", "systemd-sysv", "keepalived", "openssh-server", "haproxy", "nftables", "tcpdump",
    "iproute2", "iputils-ping", "iputils-arping", "openssl", "procps",
  ]

  /// How it is made, but for the suite. No mirror: mmdebstrap's own, or the host's apt sources.
  static func recipe(with addition: Addition?) -> [String] {
    let packages = packages + (addition?.packages ?? [])
    return [
      "--mode=root", "--variant=essential", "--include=" + packages.joined(separator: ","),
      "--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Languages \"none\"",
      "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*",
      "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
    ] + (addition?.options ?? [])
  }

  /// Two images with one name are the same: the name holds a digest of the recipe.
  var name: String {
    switch self {
    case .suite(let suite, let addition):
      suite + "-"
        + Digest.hexadecimal(Self.recipe(with: addition).joined(separator: "\n"), digits: 8)
    case .host: "host"
    }
  }

  func path(in folders: LabFolders) -> String {
    switch self {
    case .suite: folders.cache + "/" + name
    case .host: "/"
    }
  }

  /// Exit 0 when it is there.
  func isThere(in folders: LabFolders) -> Command {
    Command("test", "-d", path(in: folders))
  }

  /// Makes it beside its place and moves it there whole, one maker at a time. A killed maker's
  /// leavings go first; the lock is handed down to mmdebstrap, so an orphan still holds it.
  func making(in folders: LabFolders) -> Command? {
    guard case .suite(let suite, let addition) = self else { return nil }
    let script = """
      set -eu
      cache=$1 name=$2 suite=$3
      shift 3
      mkdir -p "$cache"
      exec 9>"$cache/.lock"
      flock -n 9 || { echo 'waiting: another image is being made' >&2; flock 9; }
      [ ! -d "$cache/$name" ] || exit 0
      rm -rf --one-file-system "$cache"/.making-*
      unshare --mount mmdebstrap "$@" "$suite" "$cache/.making-$name" </dev/null
      rm -rf "$cache/.making-$name"/var/cache/apt "$cache/.making-$name"/var/lib/apt/lists
      mv "$cache/.making-$name" "$cache/$name"
      """
    return .script(script, [folders.cache, name, suite] + Self.recipe(with: addition))
  }
}

extension LabImage.Addition {
  var packages: [String] { [PostgreSQL.package] }

  /// A cluster with the ledger's database instead of Debian's own: with checksums, which pg_rewind needs.
  /// What compiles queries (jit) is 100 MB and switched off.
  var options: [String] {
    let cluster = """
      data=\(PostgreSQL.data) programs=\(PostgreSQL.programs)
      rm -rf "$data" /etc/postgresql/*
      postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
      postgres "$programs/initdb" -D "$data" --data-checksums --encoding=UTF8 --no-locale \\
        --auth=trust --username=postgres >/dev/null
      { echo "create role \(Database.standardName) login"
        echo "create database \(Database.standardName) owner \(Database.standardName)"; } |
        postgres "$programs/postgres" --single -D "$data" postgres >/dev/null
      """
    return [
      "--dpkgopt=path-exclude=/usr/lib/*/libLLVM*",
      "--dpkgopt=path-exclude=/usr/lib/postgresql/*/lib/bitcode/*",
      "--customize-hook=chroot \"$1\" sh -euc '\(cluster)'",
    ]
  }
}
