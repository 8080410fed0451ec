// The root file system below every node: made once by mmdebstrap(1), kept in the user's cache.

import TakeoverModel

enum LabImage: Hashable, Sendable {
  case suite(String)
  /// The machine the lab runs on.
  case host

  init(_ image: LabNode.Image) {
    switch image {
    case .suite(let suite): self = .suite(suite)
    case .host: self = .host
    }
  }

  static let packages = [
    "systemd", "systemd-sysv", "keepalived", "openssh-server", "haproxy", "nftables", "tcpdump",
    "iproute2", "iputils-ping", "iputils-arping", "procps",
  ]

  /// How it is made, but for the suite. No mirror: mmdebstrap's own, or the host's apt sources.
  static let recipe = [
    "--mode=root", "--variant=essential", "--include=" + packages.joined(separator: ","),
    "--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Languages \"none\"",
    "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
  ]

  /// Two images with one name are the same: the name holds a digest of the recipe.
  var name: String {
    switch self {
    case .suite(let suite):
      suite + "-" + Digest.hexadecimal(Self.recipe.joined(separator: "\n"), digits: 8)
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
    guard case .suite(let suite) = self else { return nil }
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
    return .script(script, [folders.cache, name, suite] + Self.recipe)
  }
}
