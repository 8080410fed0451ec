// The manual: takeover(1), takeover-plan(5), takeover-site(5), from the command line's own description,
// the shapes of the files, and the catalogs.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverReport

package enum Manual {
  // MARK: takeover(1)

  package static func program() throws -> String {
    let top = try CommandLineText.of(Takeover._dumpHelp())
    var page = Roff(
      "takeover", section: 1, version: Takeover.version,
      summary: "break one node of a failover pair and time the takeover on the wire")
    page.head("SYNOPSIS")
    page.paragraph("takeover COMMAND [OPTION ...] [ARGUMENT ...]")
    page.head("DESCRIPTION")
    page.paragraph(
      "Takeover breaks one node of a failover pair on purpose, watches the wire for the moment the virtual "
        + "address changes hands, and says, with evidence and with honest error bars, whether the pair did "
        + "what its operators promised. It heals what it broke, also when it is interrupted.")
    page.paragraph(
      "A plan (takeover-plan(5)) says what is broken and what is expected; a site (takeover-site(5)) says "
        + "where. The result goes to standard output, progress and messages to standard error.")
    page.head("COMMANDS")
    for command in top.commands { describe(command, below: "", on: &page) }
    page.head("EXIT STATUS")
    for status in ExitStatus.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      page.item("\(status.rawValue)", "\(status.title). \(status.explanation)")
    }
    page.paragraph("Where several apply, the first of 3, 70, 130, 143, 2, 1, 5 is taken.")
    page.head("ENVIRONMENT")
    for (name, words) in environment { page.item(name, words) }
    page.head("FILES")
    for (name, words) in files { page.item(name, words) }
    page.head("SEE ALSO")
    page.paragraph("takeover-plan(5), takeover-site(5), keepalived.conf(5), tcpdump(8)")
    return page.text
  }

  private static func describe(
    _ command: CommandLineText.Command, below path: String, on page: inout Roff
  ) {
    let name = path.isEmpty ? command.name : "\(path) \(command.name)"
    page.subhead("takeover \(name)")
    page.paragraph(command.abstract)
    let (examples, rest) = command.examples
    if !examples.isEmpty { page.example(examples) }
    for paragraph in rest { page.paragraph(paragraph) }
    for option in command.options { page.item(option.usage, option.words) }
    for inner in command.commands { describe(inner, below: name, on: &page) }
  }

  private static let environment = [
    ("NO_COLOR", "Not empty: no colour (no-color.org)."),
    (
      "FORCE_COLOR",
      "Not empty and not 0: colour, also where there is no terminal; outweighs NO_COLOR."
    ),
    ("TERM", "dumb: no colour and no live view, but lines."),
    (
      "XDG_CACHE_HOME",
      "Where the images of lab nodes are kept, below takeover/images; else ~/.cache."
    ),
    ("SSH_AUTH_SOCK", "The agent whose keys may log in at the nodes."),
  ]

  private static let files = [
    (
      "Reports/RUN/",
      "A run's folder: results.json, report.md, TEST-takeover.xml, journal.jsonl, captures."
    ),
    ("Reports/latest", "Points to the last one."),
    (
      "Reports/STOP", "Halts every run of that folder and lets none begin; takeover stop writes it."
    ),
    (
      "/etc/takeover/allow",
      "On each node: a line with the site's name, or nothing is broken there."
    ),
    (
      "/run/takeover/",
      "On each node: the lock, the lease and the notes of a fault that is in force."
    ),
    ("~/.ssh/known_hosts", "The nodes' host keys; an unknown or a changed one is refused."),
  ]

  // MARK: takeover-plan(5)

  package static var plan: String {
    var page = Roff(
      "takeover-plan", section: 5, version: Takeover.version,
      summary: "what is broken, and what is expected of the pair")
    page.head("DESCRIPTION")
    page.paragraph(
      "A plan is a YAML file: trials, each a fault, whom it hits, for how long, and what the pair promises. "
        + "Durations carry units (20ms, 3s, 2m); only true and false are booleans; anchors, aliases and "
        + "tags are refused. takeover validate says everything that is wrong with it at once.")
    page.head("EXAMPLE")
    page.example(example)
    page.head("KEYS")
    keys(
      KeyEntries.plan(
        faults: Wiring.faults, checks: Wiring.checks.kinds.map { $0.declaration }), on: &page)
    page.head("CHECKS")
    page.paragraph("Below expect: of a trial.")
    for check in Wiring.checks.kinds.map({ $0.declaration }) {
      let forms = check.forms.map(\.words).joined(separator: ", or ")
      page.item(
        check.name, "\(forms)\(check.takesSeveral ? ", or a list of them" : ""): \(check.summary)")
    }
    page.head("FAULTS")
    for fault in Wiring.faults.kinds.map({ $0.declaration }) {
      page.item(
        fault.kind, "\(fault.summary). \(fault.effect)",
        more: fault.parameters.map { parameter in
          let standard = parameter.standard.map { "; standard: \($0)" } ?? ""
          let need = parameter.required ? ", required" : standard
          return "\(parameter.name): \(parameter.form.words)\(need). \(parameter.summary)"
        })
    }
    page.head("SEE ALSO")
    page.paragraph("takeover(1), takeover-site(5)")
    return page.text
  }

  private static let example = [
    "version: 1",
    "name: nightly",
    "site: sites/my-pair.yaml",
    "trials:",
    "  - name: all of the holder's keepalived is killed",
    "    fault: kill-process",
    "    target: holder",
    "    hold: 6s",
    "    expect:",
    "      takeover-within: 3800ms",
    "      single-holder: 50ms",
  ]

  // MARK: takeover-site(5)

  package static var site: String {
    var page = Roff(
      "takeover-site", section: 5, version: Takeover.version,
      summary: "the pair, the way to its nodes, and where it is watched from")
    page.head("DESCRIPTION")
    page.paragraph(
      "A site is a YAML file that says where a plan runs: the nodes and how SSH reaches them, the virtual "
        + "addresses, where frames are captured and from where the addresses are asked for. A file with "
        + "lab: instead describes a laboratory that Takeover builds. takeover doctor says what the machines "
        + "of a site lack.")
    page.head("EXAMPLE")
    page.example(siteExample)
    page.head("KEYS")
    keys(KeyEntries.site, on: &page)
    page.head("SEE ALSO")
    page.paragraph("takeover(1), takeover-plan(5)")
    return page.text
  }

  private static let siteExample = [
    "version: 1",
    "site: my-pair",
    "environment: test",
    "nodes:",
    "  a: {host: a.example, interface: eth0, address: 192.0.2.11}",
    "  b: {host: b.example, interface: eth0, address: 192.0.2.12}",
    "addresses: [192.0.2.100/24]",
    "vrid: 51",
    "capture:",
    "  - {name: lan, interface: eth0}",
    "probes:",
    "  from: {name: here, interface: eth0}",
  ]

  private static func keys(_ entries: [KeyEntry], on page: inout Roff) {
    var depth = 0
    for entry in entries {
      while depth < entry.depth {
        page.indent()
        depth += 1
      }
      while depth > entry.depth {
        page.dedent()
        depth -= 1
      }
      let standard = entry.standard.map { "; standard: \($0)" } ?? ""
      page.item(
        entry.name,
        "\(entry.form)\(entry.isRequired ? ", required" : standard)."
          + (entry.summary.isEmpty ? "" : " \(entry.summary)."))
    }
    for _ in 0..<depth { page.dedent() }
  }
}
