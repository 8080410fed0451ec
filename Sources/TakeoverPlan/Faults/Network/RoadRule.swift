// The rule that keeps the way to a node open while packets are dropped there. Which port it comes in
// at only the node knows: an ssh_config or a translated address may say another than the site.

internal import TakeoverModel

enum RoadRule {
  /// Where the rule goes, in a chain for what comes `in` or goes `out`.
  static func place(_ way: String) -> String { "@road-\(way)" }

  /// Where the rules go that let the neighbour through by whom the way to the coordinator leads.
  static func neighbours(_ way: String) -> String { "@next-\(way)" }

  /// Fills in the rules, writes the table and has nft check it.
  ///
  /// sshd tells its children both ends (SSH_CONNECTION, sshd(8)); sudo takes that away, but not from
  /// the processes above it. Where there is none, it is the site's `port`. Dropping `everybody`
  /// spares that port, dropping one peer only the connections from where this one comes. Neighbours
  /// are spared only where the way leads through the `interface`.
  static func writing(
    _ text: String, to file: String, port: Int, everybody: Bool, dropped: Int?,
    interface: String? = nil
  ) -> Command {
    let looksForNext = text.contains(neighbours(""))
    guard text.contains(place("")) || looksForNext else {
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
      \#(looksForNext ? next : "")mkdir -p "${file%/*}" && printf '%s' "$text" | if [ -n "$spare" ]; then
        sed -e "s/@road-in/${in}tcp dport $port accept/" -e "s/@road-out/${out}tcp sport $port accept/"
      else
        sed /@road-/d
      fi \#(looksForNext ? #"| sed -e "$nextIn" -e "$nextOut" "# : "")>"$file" && nft -c -f "$file"
      """#,
      [file, text, String(port), everybody ? "everybody" : "peer", dropped.map(String.init) ?? ""]
        + (looksForNext ? [interface ?? ""] : []))
  }

  /// Shell: sets nextIn and nextOut to what sed makes of the places for neighbours. Whom one solicits
  /// over IPv6 stands behind a multicast group of three of its bytes (RFC 4291, 2.7.1), so all that
  /// is asked goes out, and only the answers of this neighbour come in.
  private static let next = #"""
    nextIn=/@next-in/d nextOut=/@next-out/d next= device= before=
    for word in ${from:+$(ip route get "$from" 2>/dev/null)}; do
      case $before in
        via) [ "$word" = inet6 ] && continue; next=$word ;;
        dev) [ -n "$device" ] || device=$word ;;
      esac
      before=$word
    done
    [ -n "$next" ] || next=$from
    case $device in
      "$6" | "$6".*)
        nd='icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept'
        case $next in
          *:*)
            nextIn="s/@next-in/ip6 saddr $next $nd/"
            nextOut="s/@next-out/ip6 daddr { $next, ff02::1:ff00:0\/104 } $nd/" ;;
          *)
            nextIn="s/@next-in/arp saddr ip $next accept/"
            nextOut="s/@next-out/arp daddr ip $next accept/" ;;
        esac ;;
    esac

    """#
}
