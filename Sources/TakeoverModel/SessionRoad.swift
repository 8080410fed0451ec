// How a command on a node learns by which way it came in.

package enum SessionRoad {
  /// Shell: sets road to both ends of the connection, as sshd tells them to its children
  /// (SSH_CONNECTION, sshd(8): client, its port, server, its port); empty where there is none. sudo
  /// takes that away, but not from the processes above it.
  package static let lookup = #"""
    road=$SSH_CONNECTION above=$PPID
    while [ -z "$road" ] && [ "${above:-0}" -gt 1 ]; do
      road=$(tr '\0' '\n' <"/proc/$above/environ" | sed -n 's/^SSH_CONNECTION=//p')
      above=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$above/status")
    done
    """#
}
