// One run at a time may break a node, and only where the node's owner has said so.

package import TakeoverModel

/// A lock on the node: a symbolic link whose target says who holds it and until when (uptime,
/// seconds). Made in one step that fails where there is one already; a coordinator that is dead
/// lets it run out.
package struct NodeLock: Hashable, Sendable {
  /// What a node's owner writes a line into: the names of the sites it may be broken for.
  package static let permission = "/etc/takeover/allow"
  package static let path = "\(Procedure.root)/lock"

  /// Letters, digits, dots and dashes: the run, unlike any other.
  package let token: String
  /// Who that is, for whoever finds the lock.
  package let owner: String
  package let length: Duration

  package init(token: String, owner: String, length: Duration) {
    self.token = token
    self.owner = owner
    self.length = length
  }

  package static let notAllowed = 77
  package static let taken = 73

  private var seconds: String { String((length.nanoseconds + 999_999_999) / 1_000_000_000) }

  /// Takes it. A lock that has run out belongs to a coordinator that died: what its leases would
  /// heal is healed first, and its name is printed.
  package func taking(for site: String) -> Command {
    .script(
      """
      path=$1 token=$2 seconds=$3 site=$4 allow=$5 leases=$6 owner=$7
      { [ -r "$allow" ] && grep -qxF -e "$site" "$allow"; } || {
        echo "$allow does not name $site" >&2
        exit \(Self.notAllowed)
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
        exit \(Self.taken)
      fi
      mv "$path" "$path.$token" && [ "$(readlink "$path.$token")" = "$seen" ] &&
        ln -s "$mine" "$path" && rm -f "$path.$token" || {
          echo "another run took it this moment" >&2
          exit \(Self.taken)
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
      [Self.path, token, seconds, site, Self.permission, Lease.root, owner])
  }

  /// Puts its end off; status `taken` when it is another's, or nobody's any more.
  package var renewal: Command {
    .script(
      """
      case $(readlink "$1") in "$2 "*) ;; *) exit \(Self.taken) ;; esac
      read -r up rest </proc/uptime &&
        ln -sf "$2 $((${up%.*} + $3 + 1)) $4" "$1.$2" && mv -f "$1.$2" "$1"
      """, [Self.path, token, seconds, owner])
  }

  /// Lets it go when it is ours.
  package var release: Command {
    .script(
      """
      case $(readlink "$1") in "$2 "*) rm -f "$1" ;; esac
      rmdir "${1%/*}" 2>/dev/null || :
      """, [Self.path, token])
  }
}
