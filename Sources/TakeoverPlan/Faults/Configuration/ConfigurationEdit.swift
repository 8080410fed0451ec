// An edit of a file on a node, and the service made to read it: what the configuration faults are made
// of. The original is kept beside the edited one below the state folder, and comes back byte for byte.

internal import TakeoverModel

/// How a service is made to read its configuration.
enum Application: String, CaseIterable {
  case reload, restart, none
}

struct ConfigurationEdit {
  /// An absolute path; a symbolic link is followed, and stays.
  let file: String
  /// Reads the file on its standard input, writes the edited one, changes nothing else.
  let edit: Command
  let processes: ServiceProcesses
  let apply: Application
  /// Beside it, on the node: `.path` (what the file really is), `.original`, `.edited`, `.before` (what
  /// the service had loaded); marks of how far things went: `.placed`, `.applied`, `.mended`.
  private let record: String

  init(
    of file: String, by edit: Command, for service: String, on node: Node, apply: Application,
    kind: String
  ) throws(Complaint) {
    self.file = file
    self.edit = edit
    self.apply = apply
    processes = try ServiceProcesses(of: service, on: node, for: kind)
    record = Self.record(kind, file)
  }

  /// Where the notes of such an edit are.
  static func record(_ kind: String, _ file: String) -> String {
    let name = file.utf8.map { byte in
      let isPlain = 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte
      return isPlain ? Character(Unicode.Scalar(byte)) : "_"
    }
    return "\(Procedure.stateFolder)/\(kind)\(String(name))"
  }

  /// `otherwise`: what the node lacks when the edit would change nothing, behind its name.
  func procedure(otherwise: String) -> Procedure {
    let control = processes.control
    return Procedure(
      prepare: [control.isActive, processes.prepare(.tree), prepare],
      inject: [place],
      confirm: [isInForce],
      heal: [restore, processes.restart],
      confirmHealed: [isRestored, control.isActive],
      touches: Touches(files: [file]),
      requirements: [Requirement(wouldChange, otherwise: otherwise)]
        + (apply == .reload ? Loading.requirements(of: control) : []))
  }

  /// What the service is made to read its files by; empty: nothing.
  private var application: String {
    switch apply {
    case .reload: processes.control.rereading.shellText
    case .restart: processes.control.restart.shellText
    case .none: ""
    }
  }

  private var wouldChange: Command {
    .script(
      """
      [ -f "$1" ] && eval "$2" <"$1" >/dev/null &&
        [ "$(eval "$2" <"$1" | sha256sum)" != "$(sha256sum <"$1")" ]
      """, [file, edit.shellText])
  }

  /// Shell: `same A B` compares two files.
  private static let same = """
    same() {
      [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]
    }

    """

  /// A file with a second name would be parted from it by a rename.
  private var prepare: Command {
    .script(
      Loading.loaded + Self.same + """
        umask 077
        file=$1 edit=$2 main=$3 record=$4
        real=$(readlink -f -- "$file") && [ -f "$real" ] ||
          { echo "$file is no file" >&2; exit 1; }
        [ "$(stat -c %h -- "$real")" = 1 ] ||
          { echo "$real has a second name (a hard link)" >&2; exit 1; }
        mkdir -p "${record%/*}" && rm -f "$record.placed" "$record.applied" "$record.mended" &&
          printf '%s\\n' "$real" >"$record.path" && cp -a -- "$real" "$record.original" &&
          cp -a -- "$real" "$record.edited" || exit 1
        eval "$edit" <"$record.original" >"$record.edited" &&
          ! same "$record.original" "$record.edited" ||
          { echo "the edit changes nothing in $file" >&2; exit 1; }
        loaded "$main" >"$record.before"
        """,
      [file, edit.shellText, processes.control.mainProcess.shellText, record])
  }

  /// The name of what is renamed into place: neither `*` nor `*.conf` of an include finds it.
  private static let temporary = #"temporary=${real%/*}/.${real##*/}.takeover"#

  private var place: Command {
    .script(
      """
      record=$1
      read -r real <"$record.path" || exit 1
      \(Self.temporary)
      : >"$record.placed" && rm -f "$record.mended" && cp -a -- "$record.edited" "$temporary" &&
        mv -f -- "$temporary" "$real" || exit 1
      status=0
      [ -z "$2" ] || eval "$2" || status=$?
      : >"$record.applied" && exit "$status"
      """, [record, application])
  }

  /// The file is the edited one, and the service has read its files since: not the same processes,
  /// or not with the same sockets. A daemon that ended of what it read is struck, too.
  private var isInForce: Command {
    .script(
      Loading.loaded + Self.same + """
        record=$1
        read -r real <"$record.path" && [ -e "$record.applied" ] &&
          same "$real" "$record.edited" || exit 1
        [ "$2" = none ] || [ "$(loaded "$3")" != "$(cat "$record.before")" ]
        """, [record, apply.rawValue, processes.control.mainProcess.shellText])
  }

  /// What somebody else has written meanwhile is not overwritten. A service that cannot be made to
  /// read its files any more is stopped: what comes next starts it.
  private var restore: Command {
    .script(
      Loading.loaded + Self.same + """
        record=$1 apply=$2 main=$3 active=$4 stop=$5
        [ -e "$record.placed" ] && [ ! -e "$record.mended" ] || exit 0
        read -r real <"$record.path" || exit 1
        \(Self.temporary)
        rm -f -- "$temporary"
        if ! same "$real" "$record.original"; then
          same "$real" "$record.edited" || [ ! -e "$real" ] ||
            { echo "$real was changed by somebody else meanwhile" >&2; exit 1; }
          cp -a -- "$record.original" "$temporary" && mv -f -- "$temporary" "$real" || exit 1
        fi
        loaded "$main" >"$record.struck"
        if [ -n "$apply" ] && eval "$active"; then
          eval "$apply" || eval "$stop"
          turn=0
          while [ "$turn" -lt 30 ] && [ "$(loaded "$main")" = "$(cat "$record.struck")" ]; do
            turn=$((turn + 1))
            sleep 0.1
          done
        fi
        : >"$record.mended"
        """,
      [
        record, application, processes.control.mainProcess.shellText,
        processes.control.isActive.shellText, processes.control.stop.shellText,
      ])
  }

  private var isRestored: Command {
    .script(
      Loading.loaded + Self.same + """
        record=$1
        [ -e "$record.placed" ] || exit 0
        read -r real <"$record.path" || exit 1
        \(Self.temporary)
        [ -e "$record.mended" ] && [ ! -e "$temporary" ] && same "$real" "$record.original" || exit 1
        [ "$2" = none ] || [ "$(loaded "$3")" != "$(cat "$record.struck")" ]
        """, [record, apply.rawValue, processes.control.mainProcess.shellText])
  }
}
