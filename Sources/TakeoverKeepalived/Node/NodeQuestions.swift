// The commands that read what the linter wants to know of a node. They change nothing there, and what
// a node lacks (a program, a file) is a part of the answer that is not there.

package import TakeoverModel

package enum NodeQuestions {
  /// Where the daemon looks when nobody tells it otherwise (keepalived(8), -f).
  package static let standardFile = "/etc/keepalived/keepalived.conf"

  /// How long any of them may take.
  package static let limit: Duration = .seconds(15)

  /// Beyond this a file is no configuration.
  private static let longest = 1 << 20

  /// The files that match these patterns of sh(1), each as a line `file HEX-OF-PATH` and a line of its
  /// bytes in hexadecimal; `-` instead of the bytes: there, but not to be read as a configuration.
  package static func files(matching patterns: [String]) -> Command {
    .script(
      """
      IFS=
      hex() { od -An -v -tx1 | tr -d ' \\n'; }
      for pattern in "$@"; do
        for path in $pattern; do
          [ -e "$path" ] || continue
          echo "file $(printf %s "$path" | hex)"
          if [ -f "$path" ] && [ -r "$path" ] && ! [ -x "$path" ]; then
            head -c \(longest) "$path" | hex
            echo
          else
            echo -
          fi
        done
      done
      """, patterns)
  }

  /// Everything else, in sections that begin with `== NAME`.
  package static let facts = Command.script(
    """
    PATH=$PATH:/usr/sbin:/sbin
    has() { command -v "$1" >/dev/null 2>&1; }
    echo '== version'
    has keepalived && keepalived --version 2>&1 | head -n 1
    echo '== processes'
    for folder in /proc/[0-9]*; do
      read -r name 2>/dev/null <"$folder/comm" || continue
      case $name in keepalived*) ;; *) continue ;; esac
      [ "$(readlink "$folder/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || continue
      echo "$(sed 's/^.*) //' "$folder/stat" | cut -d ' ' -f 39) $(tr '\\0' ' ' <"$folder/cmdline")"
    done
    echo '== capabilities'
    sed -n 's/^CapBnd:[[:space:]]*//p' /proc/1/status
    echo '== links'
    has ip && ip -o link show
    echo '== addresses'
    has ip && ip -o address show
    echo '== nonlocal'
    cat /proc/sys/net/ipv4/ip_nonlocal_bind /proc/sys/net/ipv6/ip_nonlocal_bind 2>/dev/null
    echo '== users'
    id -u keepalived_script >/dev/null 2>&1 && echo yes || echo no
    echo '== listeners'
    has ss && ss -Hltnp
    echo '== nftables'
    if has nft; then echo read; nft list ruleset 2>/dev/null; fi
    echo '== iptables'
    if [ -s /proc/net/ip_tables_names ] && has iptables-legacy-save; then iptables-legacy-save; fi
    echo '== ip6tables'
    if [ -s /proc/net/ip6_tables_names ] && has ip6tables-legacy-save; then ip6tables-legacy-save; fi
    echo '== end'
    """)

  /// Of each path, by its number: `file N MODE OWNER TYPE`, and `open N PATH` for the file and every
  /// folder above it that somebody else than root may write.
  package static func programs(at paths: [String]) -> Command {
    .script(
      """
      number=0
      for path in "$@"; do
        if found=$(stat -L -c '%a %U %F' "$path" 2>/dev/null); then
          echo "file $number $found"
        fi
        part=$path
        while :; do
          if found=$(stat -L -c '%u %g %a' "$part" 2>/dev/null); then
            set_by=${found%% *}; rest=${found#* }; group=${rest%% *}; mode=${rest#* }
            others=$((0$mode & 2)); sticky=$((0$mode & 01000)); ours=$((0$mode & 020))
            if [ "$set_by" != 0 ] || { [ "$group" != 0 ] && [ "$ours" != 0 ]; } ||
              { [ "$others" != 0 ] && [ "$sticky" = 0 ]; }; then
              echo "open $number $part"
            fi
          fi
          case $part in /*/*) part=${part%/*} ;; *) break ;; esac
        done
        number=$((number + 1))
      done
      """, paths)
  }
}
