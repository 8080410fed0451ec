// A node without systemd: a shell that reaps is the first process, and scripts are the services.

import TakeoverModel

extension LabLayout {
  /// Where a plain node keeps the script behind its services.
  static let serviceProgram = "/usr/local/sbin/takeover-service"

  /// What runs on a machine; a machine beside the pair has no keepalived.
  static func services(of machine: Machine) -> [String] {
    ["ssh", "haproxy"] + (machine.isMember ? ["keepalived"] : [])
  }

  static func plainControl(_ name: String) -> ServiceControl {
    let command = { (verb: String) in Command(serviceProgram, verb, name) }
    return .commands(
      ServiceCommands(
        start: command("start"), stop: command("stop"), isActive: command("is-active"),
        mainProcess: command("main-process"), reload: command("reload")))
  }

  static func plainFiles(_ services: [String], realTime priority: Int?) -> [NodeFile] {
    [
      NodeFile(
        String(serviceProgram.dropFirst()), mode: "755",
        serviceScript(first: priority == nil ? ":" : firstProgram)),
      NodeFile("usr/local/sbin/takeover-init", mode: "755", initScript(services)),
    ] + (priority.map { [firstFile($0)] } ?? [])
  }

  /// `wait` reaps whatever dies, also what was left to the first process by its parent.
  private static func initScript(_ services: [String]) -> String {
    """
    #!/bin/sh
    for service in \(services.joined(separator: " ")); do \(serviceProgram) start "$service"; done
    trap 'exit 0' TERM
    while :; do sleep 1000000 & wait; done

    """
  }

  /// A process counts only when it is alive, no zombie, and of the right program: a process id
  /// in a stale file may belong to another by now. Keepalived's own stale pid files keep it from
  /// starting, so they go first.
  private static func serviceScript(first: String) -> String {
    """
    #!/bin/sh
    case $2 in
      ssh) program=sshd ;;
      *) program=$2 ;;
    esac
    file=/run/takeover/$2.pid
    main() {
      [ -r "$file" ] && read -r pid <"$file" || return 1
      [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$program" ] || return 1
      while read -r key value _; do
        [ "$key" != State: ] || break
      done <"/proc/$pid/status"
      [ "$value" != Z ]
    }
    start() {
      mkdir -p /run/takeover
      case $2 in
        ssh) mkdir -p /run/sshd; set -- /usr/sbin/sshd -D ;;
        haproxy) set -- /usr/sbin/haproxy -W -f /etc/haproxy/haproxy.cfg ;;
        keepalived)
          rm -f /run/keepalived*.pid /run/vrrp*.pid /run/checkers*.pid
          rm -f /run/keepalived/*.pid
          set -- /usr/sbin/keepalived --dont-fork --log-console ;;
      esac
      setsid bash -c '\(Booting.closing)' takeover "$@" </dev/null >>"/var/log/takeover-$program.log" 2>&1 &
      echo $! >"$file"
      [ "$program" != keepalived ] || \(first)
    }
    stop() {
      kill -TERM "$pid" 2>/dev/null
      tries=0
      while main; do
        tries=$((tries + 1))
        [ "$tries" -le 250 ] || { kill -KILL "$pid"; break; }
        sleep 0.02
      done
    }
    case $1 in
      start) main || start "$@" ;;
      stop) ! main || stop; rm -f "$file" ;;
      reload)
        main || exit 1
        signal=HUP
        [ "$2" != haproxy ] || signal=USR2
        kill -s "$signal" "$pid" ;;
      is-active) main ;;
      main-process) if main; then echo "$pid"; fi ;;
      *) echo "usage: $0 start|stop|reload|is-active|main-process SERVICE" >&2; exit 64 ;;
    esac

    """
  }
}
