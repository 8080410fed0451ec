// The rule that keeps the way to a node open while packets are dropped there. Which port it comes in
// at only the node knows: an ssh_config or a translated address may say another than the site.

internal import TakeoverModel

enum RoadRule {
  /// Where the rule goes, in a chain for what comes `in` or goes `out`.
  static func place(_ way: String) -> String { "@road-\(way)" }

  /// Fills in the rule, writes the table and has nft check it.
  ///
  /// sshd tells its children both ends (SSH_CONNECTION, sshd(8)); sudo takes that away, but not from
  /// the processes above it. Where there is none, it is the site's `port`. Dropping `everybody`
  /// spares that port, dropping one peer only the connections from where this one comes.
  static func writing(
    _ text: String, to file: String, port: Int, everybody: Bool, dropped: Int?
  ) -> Command {
    guard text.contains(place("")) else {
      return .script(
        """
        umask 077
        mkdir -p "${1%/*}" && printf '%s' "$2" >"$1" && nft -c -f "$1"
        """, [file, text])
    }
    return .script(
      #"""
      umask 077
      file=$1 text=$2 port=$3 whom=$4 dropped=$5
      \#(SessionRoad.lookup)
      from=${road%% *} from=${from%%\%*}
      [ -z "$road" ] || port=${road##* }
      if [ "$whom" = everybody ]; then
        if [ "$dropped" = "$port" ]; then
          echo "dropping tcp port $port of everybody would cut the way here" >&2; exit 1
        fi
        in= out= spare=yes
      else
        case $from in *:*) family=ip6 ;; *) family=ip ;; esac
        in="$family saddr $from " out="$family daddr $from " spare=$from
      fi
      mkdir -p "${file%/*}" && printf '%s' "$text" | if [ -n "$spare" ]; then
        sed -e "s/@road-in/${in}tcp dport $port accept/" -e "s/@road-out/${out}tcp sport $port accept/"
      else
        sed /@road-/d
      fi >"$file" && nft -c -f "$file"
      """#,
      [file, text, String(port), everybody ? "everybody" : "peer", dropped.map(String.init) ?? ""])
  }
}
