// What real daemons say of themselves: a healthy pair agrees with what is seen of it, a planted
// disagreement is found, and nothing is left behind on the nodes.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The daemons' own view, asked` {
  private static let plan = """
    version: 1
    name: view
    site: Plans/labs/keepalived-pair.yaml
    trials:
      - name: an orderly stop
        fault: stop-service
        target: holder
        hold: 3s
        settle: 2s
        expect: {daemon-agrees: everywhere}
      # As in museum/32-kernel-without.yaml, but that nobody puts it right: the daemon misses that its
      # address goes, in more events than its socket takes.
      - name: the kernel loses the address, and the daemon does not know
        fault: exec
        inject: |
          i=0
          while [ $i -lt 1000 ]; do
            echo "address add 198.51.100.1/32 dev lo"
            echo "address del 198.51.100.1/32 dev lo"
            i=$((i + 1))
          done >"$3/batch"
          pkill -STOP -x keepalived
          ip -batch "$3/batch"
          ip address del 172.17.16.3/32 dev "$2"
          pkill -CONT -x keepalived
        confirm: test -z "$(ip address show dev "$2" to 172.17.16.3/32)"
        heal: pkill -CONT -x keepalived
        confirm-healed: pgrep -x keepalived
        requires: pkill pgrep
        target: holder
        hold: 2s
        settle: 2s
        recover: 5s
        expect: {daemon-agrees: everywhere}

    """

  /// Two versions in one pair, as in a rolling upgrade. The second trial's holder is b.
  @Test(arguments: [["bullseye", "2.1.5", "bookworm", "2.2.7"]])
  func `agrees on a healthy pair, and finds what was planted`(pair: [String]) async throws {
    let (imageA, versionA, imageB, versionB) = (pair[0], pair[1], pair[2], pair[3])
    try await Workplace.with(lab: { text in
      text.replacing("priority: 100, image: bookworm", with: "priority: 100, image: \(imageA)")
        .replacing("priority: 80, image: bookworm", with: "priority: 80, image: \(imageB)")
    }) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try Self.plan.write(toFile: place.folder + "/view.yaml", atomically: true, encoding: .utf8)
      let run = try await place.run("run", "view.yaml")
      let report = String(decoding: try place.bytes("Reports/latest/report.md"), as: UTF8.self)
      #expect(run.status == 1, "\(run.messages)\(report)")
      let findings = try place.trials().map { trial in
        try #require((trial["findings"] as? [[String: Any]])?.first)
      }
      #expect(findings.map { $0["outcome"] as? String } == ["pass", "fail"], "\(report)")
      let planted = findings.last?["sentence"] as? String ?? ""
      #expect(
        planted.contains(
          "b's keepalived \(versionB) said MASTER at the trial's end, and its kernel did not have "
            + "172.17.16.3"), "\(planted)")
      #expect(report.contains("keepalived \(versionA): "), "\(report)")
      for node in ["a", "b"] {
        let left = try await place.run(
          "lab", "exec", "keepalived-pair", node, "--", "sh", "-c",
          "find /tmp -name 'keepalived*'")
        #expect(left.output.isEmpty, "\(left.output)")
      }
    }
  }
}
