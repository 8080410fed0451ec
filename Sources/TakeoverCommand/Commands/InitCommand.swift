// takeover init: a plan, and a site where there is none yet, from what a pair's configuration says.

internal import ArgumentParser
internal import Foundation
internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a plan and a site for a pair, from its keepalived configurations.",
    discussion: """
      EXAMPLES
        takeover init a.example b.example              two hosts that ssh reaches
        takeover init a.conf b.conf --output nightly   two files; fill in the hosts
        takeover init --site my-pair.yaml              the plan, for a site of yours

      Nothing is overwritten. The plan is run as it stands: takeover run plan.yaml
      """)

  @Argument(
    help: "Both hosts, as ssh knows them, or both configurations.",
    completion: .file(extensions: ["conf"]))
  var sources: [String] = []

  @Option(help: "A site or a lab file that is there.", completion: .siteFiles)
  var site: String?

  @Option(help: "The folder that gets the files.", completion: .directory)
  var output = "."

  @Option(
    help: "Which vrrp_instance is meant, where the pair shares several; else each, and all of them."
  )
  var instance: String?

  @Option(help: "Who logs in at the hosts; another user than root needs sudo -n there.")
  var user = "root"

  func validate() throws {
    guard site == nil ? sources.count == 2 : sources.isEmpty else {
      throw ValidationError("name both hosts, or both configurations, or give --site FILE")
    }
  }

  func run() async throws {
    var files: [(path: String, text: String)] = []
    if let site {
      let pair = try Selection.site(at: site)
      let read = try await LintReading.nodes(of: pair)
      let draft = try PlanDraft(
        name: pair.name, site: Self.relative(site, to: output), of: read.members,
        holding: pair.addresses.map(\.address))
      files = [("plan.yaml", draft.text)]
    } else {
      files = try await drafts()
    }
    for (name, text) in files { try write(text, as: name) }
    let plans = files.map(\.path).filter { $0.hasSuffix("plan.yaml") }.map { "\(folder)\($0)" }
    Terminal.tell("next: takeover validate \(plans.joined(separator: " "))")
  }

  /// A site and a plan for each instance that is meant, and for all of them where they move in step.
  private func drafts() async throws -> [(path: String, text: String)] {
    let isFiles = sources.allSatisfy { FileManager.default.fileExists(atPath: $0) }
    let reaches = sources.map {
      Reach(host: isFiles ? "HOST" : $0, user: user, sudo: user != "root")
    }
    let names = Self.names(of: isFiles ? MemberNames.names(of: sources) : sources)
    let read =
      isFiles
      ? try LintReading.files(sources, named: names)
      : try await LintReading.hosts(reaches, named: names)
    let shared = SiteDraft.instances(of: read.members)
    guard !shared.isEmpty else {
      throw Ending(
        .planInvalid, "the two configurations share no virtual router",
        remedy: "takeover lint says what does not agree")
    }
    let chosen = instance.map { [$0] } ?? shared
    var meant = chosen.map { (prefix: chosen.count == 1 ? "" : "\(Self.name($0))-", of: [$0]) }
    if chosen.count > 1, SiteDraft.moveTogether(chosen, of: read.members) {
      meant.append((prefix: "all-", of: chosen))
    }
    var files: [(path: String, text: String)] = []
    for (prefix, instances) in meant {
      let site = try SiteDraft.site(
        named: "\(prefix)\(names.joined(separator: "-"))", of: read.members, instances: instances,
        reaches: reaches, here: isFiles ? nil : Segment.interface(toward: read.members))
      let draft = try PlanDraft(
        name: site.name, site: "\(prefix)site.yaml", of: read.members,
        holding: site.addresses.map(\.address))
      files.append(("\(prefix)site.yaml", Self.siteHead(isFiles) + Wiring.siteText(site)))
      files.append(("\(prefix)plan.yaml", draft.text))
    }
    return files
  }

  private static func siteHead(_ isFiles: Bool) -> String {
    let hosts =
      isFiles
      ? "# HOST: how ssh reaches each node. " : "# Drafted from the nodes. "
    return hosts + """
      Each node must name this site in its
      # /etc/takeover/allow before anything is broken there; `takeover doctor --site` says what is missing.
      # Without `probes:` from outside nobody sees whether clients are served: add a machine that is
      # in the pair's segment (Plans/sites/two-machines.yaml shows how).

      """
  }

  private var folder: String { output == "." ? "" : "\(output)/" }

  private func write(_ text: String, as name: String) throws {
    let path = "\(folder)\(name)"
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Ending(
        .usage, "\(path) is there already, and is not overwritten",
        remedy: "name another folder with --output, or move it away")
    }
    try RunFolder.write(Array(text.utf8), to: path)
    Terminal.tell("wrote \(path)")
  }

  /// Names of nodes from hosts: `db-1.example.org` is db-1; two that are alike are node-1 and node-2.
  private static func names(of hosts: [String]) -> [String] {
    let names = hosts.map { host in
      IPAddress(host) == nil ? name(host.split(separator: ".").first.map(String.init) ?? host) : ""
    }
    return Set(names).count == names.count && !names.contains("") ? names : ["node-1", "node-2"]
  }

  /// 1 to 24 of a-z, 0-9 and -.
  private static func name(_ text: String) -> String {
    let letters = text.lowercased().map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    return String(letters.prefix(20))
  }

  /// The path of the site as the plan in `folder` names it.
  private static func relative(_ path: String, to folder: String) -> String {
    let here = FileManager.default.currentDirectoryPath
    func absolute(_ path: String) -> String {
      NSString(string: path.hasPrefix("/") ? path : "\(here)/\(path)").standardizingPath
    }
    let target = absolute(path).split(separator: "/")
    let base = absolute(folder).split(separator: "/")
    let shared = zip(target, base).prefix { $0 == $1 }.count
    guard shared > 0 else { return absolute(path) }
    let up = Array(repeating: "..", count: base.count - shared)
    return (up + target.dropFirst(shared).map(String.init)).joined(separator: "/")
  }
}
