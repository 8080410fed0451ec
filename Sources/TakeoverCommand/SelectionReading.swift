// One pass over plan files: what is wrong with all of them is collected, and told at its end.

internal import Foundation
internal import TakeoverModel
internal import TakeoverPlan

struct SelectionReading {
  /// Instead of the sites that the plans name.
  let site: String?
  private(set) var jobs: [Job] = []
  private var texts: [String: String] = [:]
  private var places: [String: Place] = [:]
  private var mistakes: [String] = []
  private var warnings: [String] = []
  /// Files that could not be read.
  private var missing: [Ending] = []

  init(site: String?) { self.site = site }

  mutating func plan(at path: String) -> Plan? {
    do throws(Ending) {
      let text = try Selection.text(at: path)
      let (plan, found) = Wiring.plans.read(text: text, path: path)
      warnings += found.filter { $0.severity == .warning }.map(\.rendered)
      mistakes += found.filter { $0.severity == .error }.map(\.rendered)
      texts[path] = text
      return plan
    } catch {
      miss(error)
      return nil
    }
  }

  /// Where the plan runs, and whether it fits there; once for each of its labs.
  mutating func place(_ plan: Plan, at path: String) {
    guard let place = site ?? plan.site.map({ Self.relative($0, to: path) }) else {
      mistakes.append(
        "\(path): error: the plan names no site\n  → add `site:` to it, or give --site FILE")
      return
    }
    let copy = (
      name: String(path.split(separator: "/").last ?? "plan.yaml"), text: texts[path] ?? ""
    )
    let variants: [LabVariant?] = plan.labs.isEmpty ? [nil] : plan.labs
    for (index, variant) in variants.enumerated() {
      guard let ground = ground(at: place, changedBy: variant, number: index + 1) else { continue }
      let one = variant.map { Self.plan(plan, in: $0) } ?? plan
      do {
        mistakes += PlanFit.misfits(of: one, on: try Wiring.site(of: ground)).map(\.description)
      } catch {
        mistakes.append("\(place): error: \(error)")
      }
      if let index = jobs.firstIndex(where: { $0.place == ground }) {
        jobs[index].plans.append(one)
        jobs[index].planTexts.append(copy)
      } else {
        jobs.append(Job(place: ground, plans: [one], planTexts: [copy]))
      }
    }
  }

  /// Warnings are told; throws everything else, if there is anything.
  func complain() throws(Ending) {
    for warning in warnings { Terminal.note(warning) }
    let absent = missing.map(\.description)
    if !mistakes.isEmpty {
      throw Ending(.planInvalid, (mistakes + absent).joined(separator: "\n"), remedy: "")
    }
    guard let first = missing.first else { return }
    if missing.count == 1 { throw first }
    throw Ending(.notFound, absent.joined(separator: "\n"), remedy: "")
  }

  private mutating func ground(
    at place: String, changedBy variant: LabVariant?, number: Int
  ) -> Place? {
    let key = "\(place)\n\(variant.map(\.words) ?? "")"
    if let known = places[key] { return known }
    do throws(Ending) {
      let (found, mistakes) = try Selection.place(at: place, changedBy: variant, number: number)
      self.mistakes += mistakes
      places[key] = found
      return found
    } catch {
      miss(error)
      return nil
    }
  }

  /// Several plans may name one site.
  private mutating func miss(_ error: Ending) {
    if !missing.contains(where: { $0.problem == error.problem }) { missing.append(error) }
  }

  /// The plan as it is carried out in one of its labs: each trial says in which.
  private static func plan(_ plan: Plan, in variant: LabVariant) -> Plan {
    var one = plan
    one.labs = [variant]
    for index in one.trials.indices { one.trials[index].name += " [\(variant.words)]" }
    return one
  }

  private static func relative(_ path: String, to file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return NSString(string: String(file[...slash]) + path).standardizingPath
  }
}
