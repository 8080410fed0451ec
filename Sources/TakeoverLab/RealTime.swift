// How a lab's daemon gets a processor before everything else: the process that speaks VRRP alone, and
// nothing that it starts.

import TakeoverModel

extension LabLayout {
  /// Puts the process that speaks VRRP first, once it has said which it is.
  static let firstProgram = "/usr/local/sbin/takeover-first"

  /// Runs that program again where keepalived begins its child anew.
  private static let firstUnit = "takeover-first"

  func watchers(of machine: Machine) -> [String] {
    machine.isMember && description.keepalived.realTimePriority != nil
      ? [Self.firstUnit + ".path"] : []
  }

  static func goingFirst(_ priority: Int) -> [NodeFile] {
    [
      firstFile(priority),
      NodeFile(
        "etc/systemd/system/\(firstUnit).path",
        """
        [Path]
        \(pidFiles.map { "PathChanged=" + $0 }.joined(separator: "\n"))

        """),
      NodeFile(
        "etc/systemd/system/\(firstUnit).service",
        """
        [Unit]
        StartLimitIntervalSec=0
        [Service]
        Type=oneshot
        ExecStart=\(firstProgram)

        """),
    ]
  }

  /// Debian 11 and 12 keep it in the first, Debian 13 in the second.
  private static let pidFiles = ["/run/vrrp.pid", "/run/keepalived/vrrp.pid"]

  /// SCHED_FIFO does not take a processor from its equals (sched(7)): a check script, or the parent that
  /// reads its file again, would keep the other nodes' daemons waiting if it went first, too. A file of one
  /// that is dead may still be there.
  static func firstFile(_ priority: Int) -> NodeFile {
    NodeFile(
      String(firstProgram.dropFirst()), mode: "755",
      """
      #!/bin/sh
      tries=0
      while [ "$tries" -lt 100 ]; do
        for file in \(pidFiles.joined(separator: " ")); do
          read -r pid 2>/dev/null <"$file" || continue
          [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = keepalived ] || continue
          chrt --reset-on-fork --fifo --pid \(priority) "$pid" && exit
        done
        tries=$((tries + 1))
        sleep 0.02
      done
      echo "keepalived did not say which of its processes speaks VRRP" >&2
      exit 1

      """)
  }
}
