// One setting of the control group in which systemd keeps a unit's processes: looked up, written
// down, changed and given back.

internal import TakeoverModel

/// The kernel's own file is written, and not systemd's property of the same meaning: that leaves a
/// drop-in behind, and is only given back by reading all units anew. A unit that starts again in
/// between gets a new group with what its own configuration says; there is nothing to give back then.
struct GroupSetting {
  let unit: String
  /// What the file is called where there is one hierarchy (cgroups(7), version 2): `pids.max`.
  let file: String
  /// The controller's own hierarchy, and the file there, of version 1.
  let legacy: (controller: String, file: String)
  let record: String

  init(
    of service: String, on node: Node, for fault: String, file: String,
    legacy: (controller: String, file: String)
  ) throws(Complaint) {
    let processes = try ServiceProcesses(of: service, on: node, for: fault)
    guard case .unit(let unit) = processes.control else {
      throw Complaint(
        "\(service) of \(node.name) has no unit, so no control group of its own",
        remedy: "name a service with a unit")
    }
    self.unit = unit
    self.file = file
    self.legacy = legacy
    record = processes.record
  }

  /// Shell: sets setting to the file's path and value to what is to be written; fails where there is
  /// no such file.
  private static let locate = """
    locate() {
      group=$(systemctl show --property=ControlGroup --value "$1") && [ -n "$group" ] || return 1
      while read -r device point type options rest; do
        case $type:,$options, in
          cgroup2:*) setting=$point$group/$2 value=$5 ;;
          cgroup:*,"$3",*) setting=$point$group/$4 value=$6 ;;
          *) continue ;;
        esac
        [ ! -f "$setting" ] || return 0
      done </proc/self/mounts
      return 1
    }

    """

  private func script(_ body: String, _ value: String, _ old: String) -> Command {
    .script(
      Self.locate + body, [unit, file, legacy.controller, legacy.file, value, old, record])
  }

  func requirement(_ noun: String) -> Requirement {
    Requirement(
      script(#"locate "$@" && [ -w "$setting" ]"#, "", ""),
      otherwise: "has no \(noun) controller for \(unit)")
  }

  var prepare: Command {
    script(
      """
      umask 077
      locate "$@" && mkdir -p "${7%/*}" && cat "$setting" >"$7.setting"
      """, "", "")
  }

  /// `value` for version 2, `legacy` for version 1.
  func change(to value: String, legacy old: String) -> Command {
    script(#"locate "$@" && echo "$value" >"$setting""#, value, old)
  }

  func isChanged(to value: String, legacy old: String) -> Command {
    script(#"locate "$@" && [ "$(cat "$setting")" = "$value" ]"#, value, old)
  }

  var restore: Command {
    script(
      #"[ ! -s "$7.setting" ] || ! locate "$@" || cat "$7.setting" >"$setting""#, "", "")
  }

  var isRestored: Command {
    script(
      #"[ ! -s "$7.setting" ] || ! locate "$@" || [ "$(cat "$setting")" = "$(cat "$7.setting")" ]"#,
      "", "")
  }
}
