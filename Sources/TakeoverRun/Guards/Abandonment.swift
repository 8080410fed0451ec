// What becomes of the promises to mend something that is taken away for good: a lab's machines, which
// this machine was to start again.

package import TakeoverModel

extension Lease {
  /// Ends every watcher on this machine whose healing speaks of `place`, a path, and takes its lease
  /// away, whether it still waits, is healing or has failed. Exit 0 also when there is none.
  package static func abandonment(of place: String) -> Command {
    .script(
      Lease.look + """
        place=$1 leases=$2 state=$3
        for folder in "$leases"/*; do
          grep -qF -e "$place" "$folder/heal" 2>/dev/null || continue
          mv "$folder/armed" "$folder/released" 2>/dev/null
          if { read -r pid began <"$folder/watching"; } 2>/dev/null && look "$pid" &&
            [ "$start" = "$began" ]; then
            { [ -d /run/systemd/system ] &&
              systemctl stop "takeover-lease-${folder##*/}.service"; } 2>/dev/null ||
              kill -s TERM -- "-$pid" 2>/dev/null || kill -s TERM "$pid" 2>/dev/null
            turn=0
            while look "$pid" && [ "$start" = "$began" ] && [ "$turn" -lt 100 ]; do
              turn=$((turn + 1))
              sleep 0.02
            done
          fi
          rm -rf "$folder"
        done
        rmdir "$leases" 2>/dev/null && rm -rf "$state"
        rmdir "${leases%/*}" 2>/dev/null
        exit 0
        """, [place, root, Procedure.stateFolder])
  }
}
