// A node's lock in the words of a POSIX shell.

internal import TakeoverModel

/// A symbolic link whose target says who holds it and until when (uptime, seconds).
struct PosixLock: LockKeeping {
  let lock: NodeLock

  /// Takes it. A lock that has run out belongs to a coordinator that died: what its leases would
  /// heal is healed first, and its name is printed.
  func taking(for site: String) -> Command {
    .script(
      """
      path=$1 token=$2 seconds=$3 site=$4 allow=$5 leases=$6 owner=$7
      { [ -r "$allow" ] && grep -qxF -e "$site" "$allow"; } || {
        echo "$allow does not name $site" >&2
        exit \(NodeLock.notAllowed)
      }
      umask 077
      mkdir -p "${path%/*}" && read -r up rest </proc/uptime || exit 1
      mine="$token $((${up%.*} + seconds + 1)) $owner"
      ln -s "$mine" "$path" 2>/dev/null && exit 0
      seen=$(readlink "$path") || { echo "$path cannot be made" >&2; exit 1; }
      rest=${seen#* } until=${rest%% *} whom=${rest#* }
      case $until in '' | *[!0-9]*) until=0 ;; esac
      if [ "${seen%% *}" != "$token" ] && [ "$until" -gt "${up%.*}" ]; then
        echo "it is held by $whom, for $((until - ${up%.*})) s unless renewed" >&2
        exit \(NodeLock.taken)
      fi
      mv "$path" "$path.$token" && [ "$(readlink "$path.$token")" = "$seen" ] &&
        ln -s "$mine" "$path" && rm -f "$path.$token" || {
          echo "another run took it this moment" >&2
          exit \(NodeLock.taken)
        }
      [ "${seen%% *}" != "$token" ] || exit 0
      echo "$whom"
      [ -d "$leases" ] || exit 0
      for lease in "$leases"/*; do
        [ -e "$lease/heal" ] || continue
        sh "$lease/heal" >/dev/null 2>&1 || { echo "$lease could not be healed" >&2; exit 1; }
        rm -rf "$lease"
      done
      rmdir "$leases" 2>/dev/null || :
      """,
      [NodeLock.path, lock.token, lock.seconds, site, NodeLock.permission, Lease.root, lock.owner])
  }

  /// Puts its end off; status `taken` when it is another's, or nobody's any more.
  var renewal: Command {
    .script(
      """
      case $(readlink "$1") in "$2 "*) ;; *) exit \(NodeLock.taken) ;; esac
      read -r up rest </proc/uptime &&
        ln -sf "$2 $((${up%.*} + $3 + 1)) $4" "$1.$2" && mv -f "$1.$2" "$1"
      """, [NodeLock.path, lock.token, lock.seconds, lock.owner])
  }

  /// Lets it go when it is ours.
  var release: Command {
    .script(
      """
      case $(readlink "$1") in "$2 "*) rm -f "$1" ;; esac
      rmdir "${1%/*}" 2>/dev/null || :
      """, [NodeLock.path, lock.token])
  }
}
