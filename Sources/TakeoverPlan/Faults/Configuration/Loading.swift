// How a service is made to read its configuration again, and how it shows that it has.

internal import TakeoverModel

extension ServiceControl {
  /// Makes it read its configuration again; a service whose site does not say how gets SIGHUP.
  var rereading: Command {
    reload
      ?? .script("main=$(eval \"$1\") && kill -s HUP \"$main\"", [mainProcess.shellText])
  }
}

enum Loading {
  /// systemd.service(5): a unit without ExecReload= cannot be reloaded.
  static func requirements(of control: ServiceControl) -> [Requirement] {
    guard case .unit(let name) = control else { return [] }
    return [
      Requirement(
        .script("[ \"$(systemctl show --property=CanReload --value \"$1\")\" = yes ]", [name]),
        otherwise: "cannot reload \(name): its unit has no ExecReload=")
    ]
  }

  /// Shell: `loaded MAIN` prints, for the process that the command MAIN names and for its children,
  /// the start time and the sockets. What it prints changes when a daemon reads its configuration: it
  /// starts new workers, or it opens its sockets anew, as keepalived's VRRP process does (seen with
  /// 2.1.5, 2.2.7 and 2.3.3), and without touching the daemon. Connections come and go by themselves and
  /// are left out: TCP's that do not listen (state 0A, proc(5)), and all of UDP. keepalived 2.2 and
  /// later keep what they have read in an unnamed file: its time counts, too.
  static let loaded = #"""
    loaded() {
      main=$(eval "$1")
      [ "${main:-0}" -gt 1 ] && [ -d "/proc/$main" ] || return 0
      passing=$(cd "/proc/$main/net" &&
        awk '$4 != "0A" || FILENAME ~ /udp/ { printf " socket:[%s] ", $10 }' tcp udp tcp6 udp6 2>&-)
      for folder in /proc/[0-9]*; do
        { read -r line <"$folder/stat"; } 2>/dev/null || continue
        pid=${folder#/proc/}
        set -- ${line##*) }
        [ "$pid" = "$main" ] || [ "$2" = "$main" ] || continue
        echo "$pid ${20}"
        stat -c %N "$folder"/fd/* 2>/dev/null | while read -r line; do
          link=${line%%?" -> "*} target=${line##*" -> "?}
          link=${link#?} target=${target%?}
          case $target in
            socket:*) case $passing in *" $target "*) ;; *) echo "$target" ;; esac ;;
            /memfd:*) echo "$target $(stat -L -c %y "$link")" ;;
          esac
        done
      done
    }

    """#
}
