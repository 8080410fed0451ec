// takeover man: the manual's pages, made from the same catalogs as everything else.

internal import ArgumentParser
internal import Foundation

struct ManCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print a page of the manual, for man(1).",
    discussion: """
      EXAMPLES
        takeover man plan | man -l -                            read it
        takeover man takeover > /usr/local/share/man/man1/takeover.1
        takeover man plan > /usr/local/share/man/man5/takeover-plan.5
        takeover man site > /usr/local/share/man/man5/takeover-site.5
      """)

  enum Page: String, ExpressibleByArgument, CaseIterable { case takeover, plan, site }

  @Argument(help: "takeover (section 1), plan or site (section 5).")
  var page: Page = .takeover

  func run() throws {
    let text =
      switch page {
      case .takeover: try Manual.program()
      case .plan: Manual.plan
      case .site: Manual.site
      }
    Terminal.write(text, to: STDOUT_FILENO)
  }
}
