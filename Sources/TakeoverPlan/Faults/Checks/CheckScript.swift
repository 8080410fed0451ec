// A health check's script on a node, as the faults that hit checks see it: a file that another takes
// the place of, and that comes back as it was.

internal import TakeoverModel

/// The original stays beside the wrapper under another name (a hard link: the very same file, with its
/// content, owner, mode and times), and comes back by one rename(2), which nobody sees half done.
struct CheckScript {
  static let parameter = Parameter(
    "script", .text, required: true,
    summary: "the path of the check on the node, as whoever runs it is told it")

  static let example: [String: ParameterValue] = ["script": .text("/etc/keepalived/check")]

  let path: String
  /// The wrapper's own lines, behind `#!/bin/sh`. There, `$own` is the check's path, `$kept` that of
  /// the original, and `begin` the node's uptime in hundredths of a second when it was written.
  let body: String

  init(_ arguments: Arguments, body: String) throws(Complaint) {
    path = try FilePath.checked(arguments.text("script") ?? "", of: "a check")
    self.body = body
  }

  private func beside(_ word: String) -> String {
    let at = path.lastIndex(of: "/") ?? path.startIndex
    return path[...at] + "." + path[path.index(after: at)...] + ".takeover-" + word
  }

  private var kept: String { beside("kept") }
  private var new: String { beside("new") }

  /// All of it but the beginning's moment, which only the node knows.
  private var text: String {
    """
    own=\(Command(path).shellText) kept=\(Command(kept).shellText)
    # Goes on as the original, wherever that is by now.
    original() { [ ! -e "$kept" ] || exec "$kept" "$@"; exec "$own" "$@"; }
    \(body)

    """
  }

  var procedure: Procedure {
    Procedure(
      prepare: [
        .script(#"[ ! -e "$1" ] || { echo "$1 is there already" >&2; exit 1; }"#, [kept])
      ],
      inject: [
        .script(
          """
          umask 077
          read -r up rest </proc/uptime && ln -- "$1" "$2" && rm -f -- "$3" &&
            printf '#!/bin/sh\\nbegin=1%s%s\\n%s' "${up%.*}" "${up#*.}" "$4" >"$3" &&
            chown "$(stat -c %u:%g -- "$1")" "$3" && chmod "$(stat -c %a -- "$1")" "$3" &&
            sync -- "$2" "$3" "${1%/*}/"
          """, [path, kept, new, text]),
        Command("mv", "-f", "--", new, path),
      ],
      confirm: [
        .script(
          """
          [ -x "$1" ] && [ -e "$2" ] && [ ! "$1" -ef "$2" ] || exit 1
          wrapper=$(cat -- "$1") || exit 1
          case $wrapper in "#!/bin/sh
          begin="*"
          ${3%?}") ;; *) exit 1 ;; esac
          [ "$(stat -c '%a %u:%g' -- "$1")" = "$(stat -c '%a %u:%g' -- "$2")" ]
          """, [path, kept, text])
      ],
      heal: [
        .script(
          """
          # Whoever died before the wrapper was in its place left two names of one file: no mv(1) then.
          if [ "$2" -ef "$1" ]; then rm -f -- "$2" || exit 1; fi
          [ ! -e "$2" ] || mv -f -- "$2" "$1" || exit 1
          rm -f -- "$3" && sync -- "${1%/*}/"
          """, [path, kept, new])
      ],
      confirmHealed: [
        .script(
          #"[ -x "$1" ] && [ ! -e "$2" ] && [ ! -e "$3" ] && ! grep -qF -e "$2" -- "$1""#,
          [path, kept, new])
      ],
      touches: Touches(files: [path, kept, new]),
      requirements: [
        Requirement(
          .script(#"[ -f "$1" ] && [ ! -L "$1" ] && [ -x "$1" ]"#, [path]),
          otherwise: "has no check \(path), as a program and no link to one")
      ])
  }
}
