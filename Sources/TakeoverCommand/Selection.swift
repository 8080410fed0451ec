// From the words on the command line to checked plans, grouped by where they will run.

internal import Foundation
internal import TakeoverModel
internal import TakeoverPlan

/// Plans that run in one place, in one run.
struct Job {
  var place: Place
  var plans: [Plan]
  /// The plans' own texts, for the copies in the run folder.
  var planTexts: [(name: String, text: String)]
}

/// Where a job runs: a lab that is made for it, or a site that is there.
enum Place: Hashable {
  case lab(LabDescription)
  case site(Site)

  var name: String {
    switch self {
    case .lab(let lab): lab.name
    case .site(let site): site.name
    }
  }
}

struct Selection {
  var jobs: [Job]

  /// Reads everything, reports every mistake of every file, and only then goes on.
  static func read(_ words: [String], site: String?, only: [String], repetitions: Int?) throws
    -> Selection
  {
    var reading = SelectionReading(site: site)
    for path in try planFiles(words) {
      guard var plan = reading.plan(at: path) else { continue }
      select(&plan, only: only, repetitions: repetitions)
      if !plan.trials.isEmpty { reading.place(plan, at: path) }
    }
    try reading.complain()
    guard !reading.jobs.isEmpty else {
      throw Ending(
        .nothingSelected, "no trial is selected",
        remedy: only.isEmpty
          ? "name a plan or a folder that has some"
          : "--only \(only.joined(separator: " --only "))"
            + " matches no plan, trial or tag; see takeover validate for the names")
    }
    return Selection(jobs: reading.jobs)
  }

  /// Keeps the trials whose plan, name or tags contain one of the words.
  private static func select(_ plan: inout Plan, only: [String], repetitions: Int?) {
    if let repetitions {
      for index in plan.trials.indices { plan.trials[index].repetitions = repetitions }
    }
    guard !only.isEmpty else { return }
    let tags = plan.tags
    let planName = plan.name
    plan.trials.removeAll { trial in
      let words = [planName, trial.name] + tags + trial.tags
      return !only.contains { wanted in words.contains { $0.contains(wanted) } }
    }
  }

  /// A lab file or a site file, told apart by its first key.
  /// `variant`: changes of a lab, which gets a name of its own by its number.
  static func place(
    at path: String, changedBy variant: LabVariant? = nil, number: Int = 0
  ) throws(Ending) -> (Place?, [String]) {
    let text = try text(at: path)
    switch FileKind(ofText: text) {
    case .lab:
      var (lab, found) = LabReader().read(text: text, path: path, changedBy: variant)
      if variant != nil, let name = lab?.name { lab?.name = "\(name)-\(number)" }
      if let read = lab { lab = try LabFiles.found(read, besides: path) }
      let place = variant.map { " (changed by lab-matrix: \($0.words))" } ?? ""
      return (lab.map(Place.lab), found.map { $0.rendered + place })
    case .site, .plan:
      guard variant == nil else {
        return (nil, ["\(path): error: lab-matrix changes labs, and this is no lab"])
      }
      let (site, found) = SiteReader().read(text: text, path: path)
      return (site.map(Place.site), found.map(\.rendered))
    }
  }

  /// The site, or the lab's, at that path.
  static func site(at path: String) throws -> Site {
    let (place, diagnostics) = try Self.place(at: path)
    guard let place else {
      throw Ending(.planInvalid, diagnostics.joined(separator: "\n"), remedy: "")
    }
    return try Wiring.site(of: place)
  }

  /// Files as they are; folders: every .yaml below, sorted, but not sites, labs and what CI reads.
  static func planFiles(_ words: [String]) throws -> [String] {
    var paths: [String] = []
    for word in words {
      var isFolder: ObjCBool = false
      guard word != "-" else {
        paths.append(word)
        continue
      }
      guard unsafe FileManager.default.fileExists(atPath: word, isDirectory: &isFolder) else {
        throw Ending(.notFound, "there is no \(word)", remedy: "name a plan file or a folder")
      }
      guard isFolder.boolValue else {
        paths.append(word)
        continue
      }
      let below = FileManager.default.enumerator(atPath: word)?.compactMap { $0 as? String } ?? []
      paths += below.filter { path in
        (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
          && !path.split(separator: "/").contains { ["sites", "labs", "ci"].contains($0) }
      }.sorted().map { word.hasSuffix("/") ? word + $0 : "\(word)/\($0)" }
    }
    return paths
  }

  static func text(at path: String) throws(Ending) -> String {
    do throws(Complaint) {
      return try SourceFile.text(at: path)
    } catch {
      throw Ending(.notFound, error.problem, remedy: error.remedy)
    }
  }
}
