// memory-pressure: something else on the node wants the memory.

package import TakeoverModel

package struct MemoryPressure: Fault {
  static let share = 80
  static let most = 1_024

  package static let declaration = FaultDeclaration(
    kind: "memory-pressure",
    summary: "take up a part of the memory that is free",
    effect:
      "a daemon whose pages stay in memory goes on: the addresses stay; one that is swapped out "
      + "or has to wait for memory misses its advertisements",
    parameters: [
      Parameter(
        "share", .count(1...95), standard: .count(share),
        summary: "percent of what is available (MemAvailable of proc(5))"),
      Parameter(
        "most", .count(1...1_048_576), standard: .count(most),
        summary: "MiB; never more than these, and 64 MiB are always left"),
    ],
    requires: Companion.requires, examples: [["most": .count(64)]])

  let share: Int
  let most: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    share = arguments.count("share") ?? Self.share
    most = arguments.count("most") ?? Self.most
  }

  package var consequence: Consequence {
    .open("whether the daemon's pages stay in memory is the kernel's choice")
  }

  /// tail(1) keeps what has no line's end in memory. When memory runs out after all, the kernel ends
  /// it first: its oom_score_adj is the highest there is (proc(5)).
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind)"
    let companion = Companion(record: record)
    return Procedure(
      prepare: [
        .script(
          """
          while read -r name value rest; do
            [ "$name" != MemAvailable: ] || available=$value
          done </proc/meminfo
          size=$((available / 100 * $1))
          [ "$size" -le $((available - 65536)) ] || size=$((available - 65536))
          [ "$size" -le $(($2 * 1024)) ] || size=$(($2 * 1024))
          [ "$size" -ge 1024 ] || { echo "there is no memory to take" >&2; exit 1; }
          umask 077
          mkdir -p "${3%/*}" && echo "$size" >"$3.size"
          """, [String(share), String(most), record])
      ],
      inject: [
        companion.start(
          """
          echo 1000 >/proc/self/oom_score_adj && read -r size <"${1%.on}.size" || exit 1
          { head -c $((size * 1024)) /dev/zero; while [ -e "$1" ]; do sleep 1; done; } | tail -n 1
          """, [])
      ],
      confirm: [
        .script(
          ServiceProcesses.look + """
            read -r own began <"$1.companion" && read -r size <"$1.size" && found=0 || exit 1
            for folder in /proc/[0-9]*; do
              look "${folder#/proc/}" && [ "$group" = "$own" ] || continue
              while read -r name value rest; do
                case $name in VmRSS: | VmSwap:) found=$((found + value)) ;; esac
              done <"$folder/status"
              read -r score <"$folder/oom_score_adj" && [ "$score" = 1000 ] || exit 1
            done
            [ "$found" -ge $((size / 100 * 95)) ]
            """, [record])
      ],
      heal: [companion.end],
      confirmHealed: [companion.isGone])
  }
}
