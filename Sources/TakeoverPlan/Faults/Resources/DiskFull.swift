// disk-full: nothing more can be written where the node writes.

package import TakeoverModel

package struct DiskFull: Fault {
  static let leave = 0
  static let most = 4_096

  package static let declaration = FaultDeclaration(
    kind: "disk-full",
    summary: "fill a directory's file system with one file, and remove it at the end",
    effect: "keepalived writes to no disk: the addresses stay, also where the service behind them "
      + "cannot write and fails",
    parameters: [
      Parameter(
        "directory", .text, required: true,
        summary: "a directory on that file system; not /run, where the healing is written down"),
      Parameter(
        "leave", .count(0...1_048_576), standard: .count(leave), summary: "MiB that stay free"),
      Parameter(
        "most", .count(1...16_777_216), standard: .count(most),
        summary: "MiB; a file system with more to fill is left alone"),
    ],
    requires: ["stat", "head"],
    examples: [
      ["directory": .text("/tmp")], ["directory": .text("/tmp"), "leave": .count(4)],
    ])

  let file: String
  let leave: Int
  let most: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    let directory = arguments.text("directory") ?? ""
    file = try FilePath.checked(directory, of: "a directory") + "/.takeover-full"
    leave = arguments.count("leave") ?? Self.leave
    most = arguments.count("most") ?? Self.most
    if directory == "/run" || directory.hasPrefix("/run/takeover") {
      throw Complaint(
        "\(directory) holds what heals the node", remedy: "name another file system's directory")
    }
  }

  /// Shell: `measure FILE` sets free, in bytes, of its folder's file system; root's reserve counts.
  private static let measure = """
    measure() {
      set -- $(stat -f -c '%f %S' -- "${1%/*}") || return 1
      free=$(($1 * $2))
    }

    """

  /// keepalived writes to no disk once it runs.
  package var consequence: Consequence { .beside("a full disk") }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let limits = [String(leave), String(most)]
    let directory = String(file.dropLast("/.takeover-full".count))
    return Procedure(
      prepare: [.script(#"[ ! -e "$1" ] || { echo "$1 is there already" >&2; exit 1; }"#, [file])],
      inject: [
        .script(
          Self.measure + """
            umask 077
            measure "$1" && size=$((free - $2 * 1048576)) && set -C && : >"$1" || exit 1
            [ "$size" -gt 0 ] || exit 0
            { command -v fallocate && fallocate -l "$size" -- "$1"; } >/dev/null 2>&1 ||
              head -c "$size" /dev/zero >|"$1" 2>/dev/null || :
            """, [file] + limits)
      ],
      confirm: [
        .script(
          Self.measure
            + #"[ -f "$1" ] && measure "$1" && [ "$free" -le $(($2 * 1048576 + 65536)) ]"#,
          [file] + limits)
      ],
      heal: [Command("rm", "-f", "--", file)],
      confirmHealed: [.script(#"[ ! -e "$1" ]"#, [file])],
      touches: Touches(files: [file]),
      requirements: [
        Requirement(.script(#"[ -d "$1" ]"#, [directory]), otherwise: "has no folder \(directory)"),
        Requirement(
          .script(
            #"[ "$(stat -c %d -- "$1")" != "$(stat -c %d -- "$2")" ]"#,
            [directory, Procedure.root]),
          otherwise: "keeps what heals it on the file system of \(directory)"),
        Requirement(
          .script(
            Self.measure + #"measure "$1" && [ "$free" -le $((($2 + $3) * 1048576)) ]"#,
            [file] + limits),
          otherwise: "has more than \(most) MiB to fill in \(directory)"),
      ])
  }
}
