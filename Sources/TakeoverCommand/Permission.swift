// Whether a run may begin: its site is meant, nobody has stopped runs, and the hour is right.

internal import Foundation
internal import TakeoverModel

/// Whether real machines may be broken.
enum Consent { case given, ask, refused }

enum Permission {
  /// Every site that was confirmed is one of this run's, and every production site was confirmed:
  /// known before the first of them is touched.
  static func check(_ confirmed: [String], for places: [Place]) throws {
    let names = places.map(\.name)
    if let other = confirmed.first(where: { !names.contains($0) }) {
      throw Ending(
        .usage, "--confirm=\(other) names no site of this run",
        remedy: "it runs at \(names.joined(separator: ", "))")
    }
    for case .site(let site) in places
    where site.environment == .production && !confirmed.contains(site.name) {
      throw Ending(
        .usage, "\(site.name) is a production site: \(nodes(of: site)) would be broken",
        remedy: "say --confirm=\(site.name) if that is meant; --yes is not enough")
    }
  }

  /// A site that was named on the command line needs no question.
  static func ask(_ consent: Consent, _ confirmed: [String], about place: Place) throws {
    guard case .site(let site) = place, site.environment != .lab,
      !confirmed.contains(site.name)
    else { return }
    let names = nodes(of: site)
    switch consent {
    case .given: return
    case .ask:
      guard Terminal.confirm("Break \(names) of \(site.name), a \(site.environment) site?") else {
        throw Ending(.usage, "nothing was done", remedy: "")
      }
    case .refused:
      throw Ending(
        .usage, "\(site.name) is no lab: \(names) would be broken, and nobody can be asked",
        remedy: "say --yes if that is meant")
    }
  }

  /// Refuses a run that would be halted at once, or that would begin outside its site's windows.
  static func begin(in output: String, at place: Place) throws {
    if let reason = StopFile(in: output).reason {
      let option = output == ReportingOptions.standardOutput ? "" : " --output \(output)"
      throw Ending(
        .noVerdict, "no run begins: \(reason)",
        remedy: "when that is settled: takeover stop --clear\(option)")
    }
    guard case .site(let site) = place,
      let refusal = OpeningHours(of: site).refusal(of: nil, lasting: .zero, at: Date())
    else { return }
    throw Ending(.noVerdict, refusal, remedy: "run it then, or change `windows:` in the site")
  }

  private static func nodes(of site: Site) -> String {
    site.nodes.map { "\($0.name) (\($0.reach.host))" }.joined(separator: " and ")
  }
}
