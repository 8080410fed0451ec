// The manual's pages: complete, and nothing in them is taken for a request.

import ArgumentParser
import Foundation
import TakeoverModel
import TakeoverPlan
import TakeoverReport
import Testing

@testable import TakeoverCommand

@Suite struct `The manual` {
  /// As man(7) and groff_man_style(7) have them.
  private static let requests: Set = [
    ".TH", ".SH", ".SS", ".PP", ".TP", ".IP", ".B", ".br", ".EX", ".EE", ".RS", ".RE",
  ]

  private static func pages() throws -> [String] {
    [try Manual.program(), Manual.plan, Manual.site]
  }

  @Test func `has only requests that it means`() throws {
    for page in try Self.pages() {
      var depth = 0
      var examples = 0
      for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(!line.hasPrefix("'"), "\(line)")
        guard line.hasPrefix(".") else { continue }
        let request = String(line.prefix { $0 != " " })
        #expect(Self.requests.contains(request), "\(line)")
        depth += request == ".RS" ? 1 : request == ".RE" ? -1 : 0
        examples += request == ".EX" ? 1 : request == ".EE" ? -1 : 0
        #expect(depth >= 0 && (0...1).contains(examples))
      }
      #expect(depth == 0 && examples == 0)
      #expect(page.hasPrefix(".TH TAKEOVER"))
      #expect(page.contains("\n.SH \"NAME\"\ntakeover"))
    }
  }

  private static func escaped(_ text: String) -> String { text.replacing("-", with: "\\-") }

  @Test func `of the program tells every command, option and exit status`() throws {
    let page = try Manual.program()
    func check(_ commands: [CommandLineText.Command], _ path: String) {
      for command in commands {
        let name = "\(path) \(command.name)"
        #expect(page.contains(".SS \"\(Self.escaped(name))\""), "\(name)")
        for option in command.options {
          #expect(page.contains(".B \"\(Self.escaped(option.usage))\""), "\(name) \(option.usage)")
        }
        check(command.commands, name)
      }
    }
    check(try CommandLineText.of(Takeover._dumpHelp()).commands, "takeover")
    for status in TakeoverCommand.ExitStatus.allCases {
      #expect(page.contains(".TP\n.B \"\(status.rawValue)\"\n"))
    }
  }

  @Test func `of plans tells every key, check, fault and parameter`() {
    let page = Manual.plan
    for key in ["version", "trials", "lab\\-matrix", "stop\\-if", "nobody\\-holds", "repeat"] {
      #expect(page.contains(".B \"\(key)\"\n"), "\(key)")
    }
    for kind in CheckCatalog.checks.kinds {
      #expect(page.contains(".B \"\(Self.escaped(kind.declaration.name))\"\n"))
    }
    for kind in FaultCatalog.faults.kinds {
      #expect(page.contains(".B \"\(Self.escaped(kind.declaration.kind))\"\n"))
      for parameter in kind.declaration.parameters {
        #expect(page.contains("\n\(Self.escaped(parameter.name)): "), "\(parameter.name)")
      }
    }
  }

  @Test func `of sites tells every key`() {
    let page = Manual.site
    for key in [
      "nodes", "NAME", "host", "known\\-hosts", "other\\-way", "probes", "windows", "vlan",
    ] {
      #expect(page.contains(".B \"\(key)\"\n"), "\(key)")
    }
  }

  @Test func `gives examples that are read without a word`() {
    let example = Manual.plan.components(between: ".EX\n", and: ".EE")
    let plan = Wiring.plans.read(text: Self.unescaped(example), path: "example.yaml")
    #expect(plan.0 != nil && plan.1.isEmpty, "\(plan.1)")
    let site = SiteReader().read(
      text: Self.unescaped(Manual.site.components(between: ".EX\n", and: ".EE")),
      path: "example.yaml")
    #expect(site.0 != nil && site.1.isEmpty, "\(site.1)")
  }

  private static func unescaped(_ text: String) -> String {
    text.replacing("\\-", with: "-").replacing("\\(aq", with: "'").replacing("\\&", with: "")
  }

  @Test func `keeps text from becoming a request`() {
    var page = Roff("takeover-x", section: 5, version: "1", summary: "a - b")
    page.paragraph(".SH not a head\n'nor this \\fBbold\\fP")
    page.item("--x `y`", "")
    page.example(["", ".PP", "a\\n"])
    #expect(
      page.text == """
        .TH TAKEOVER-X 5 "" "takeover 1"
        .SH "NAME"
        takeover\\-x \\- a \\- b
        .PP
        \\&.SH not a head
        .br
        \\(aqnor this \\efBbold\\efP
        .TP
        .B "\\-\\-x \\(gay\\(ga"
        –
        .PP
        .EX
        \\&
        \\&.PP
        a\\en
        .EE

        """)
  }

  @Test func `begins each chapter with its first paragraph`() {
    var page = Roff("x", section: 1, version: "1", summary: "s")
    page.head("ONE")
    page.paragraph("first")
    page.paragraph("second")
    page.subhead("two")
    page.example(["third"])
    #expect(
      page.text.hasSuffix(
        """
        .SH "ONE"
        first
        .PP
        second
        .SS "two"
        .EX
        third
        .EE

        """))
  }
}

extension String {
  fileprivate func components(between one: String, and other: String) -> String {
    guard let start = range(of: one), let end = self[start.upperBound...].range(of: other) else {
      return ""
    }
    return String(self[start.upperBound..<end.lowerBound])
  }
}
