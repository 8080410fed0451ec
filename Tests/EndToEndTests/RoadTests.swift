// A fault that drops everybody's packets, on nodes whose only road is the interface under test and
// comes in at a port that the site does not name.

import Foundation
import TakeoverModel
import TakeoverPlan
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The way to a node` {
  @Test func `stays open at the port of ssh_config while everything else is dropped`()
    async throws
  {
    let edit = { (text: String) in
      text.replacing("management: separate", with: "management: in-band")
    }
    try await Workplace.with(lab: edit) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      for node in ["a", "b"] {
        let second = try await place.run(
          "lab", "exec", "keepalived-pair", node, "--", "/usr/sbin/sshd", "-p", "2222")
        try #require(second.status == 0, "\(second.messages)")
      }
      let fabric = Fabric(lab: place.lab)
      let text = try String(contentsOfFile: fabric.site, encoding: .utf8)
      var site = try #require(SiteReader().read(text: text, path: "site").0)
      let config = place.folder + "/ssh_config"
      try "Host *\n  Port 2222\n".write(toFile: config, atomically: true, encoding: .utf8)
      // Host keys are known by host and port.
      let known = place.folder + "/known_hosts"
      let hosts = try String(contentsOfFile: fabric.knownHosts, encoding: .utf8)
      let elsewhere = hosts.split(separator: "\n").map { line in
        let words = line.split(separator: " ", maxSplits: 1)
        return "[\(words[0])]:2222 \(words[1])\n"
      }
      try elsewhere.joined().write(toFile: known, atomically: true, encoding: .utf8)
      for index in site.nodes.indices {
        site.nodes[index].reach.config = config
        site.nodes[index].reach.knownHosts = known
      }
      let path = place.folder + "/site.yaml"
      try SiteWriter.text(of: site).write(toFile: path, atomically: true, encoding: .utf8)
      let plan = """
        version: 1
        name: alone
        trials:
          - name: alone
            fault: drop-traffic
            protocol: all
            peer: any
            target: holder
            hold: 6s
            expect: {takeover-within: 5s}
        """
      try plan.write(toFile: place.folder + "/alone.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("run", "alone.yaml", "--site", path)
      #expect(ended.status == 0, "\(ended.messages)\(ended.output)")
      #expect(ended.messages.contains(":2222"), "\(ended.messages)")
      #expect(ended.messages.contains("in force on "), "\(ended.messages)")
      #expect(ended.messages.contains("  healed "), "\(ended.messages)")
    }
  }
}
