// What a shell offers at a place of the command line: files of a kind, and names that are there.

package import ArgumentParser
internal import Foundation
internal import TakeoverKeepalived
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverReport

extension CompletionKind {
  /// Plans, and folders of them: what lies below here, sites and labs left out.
  static var planFiles: CompletionKind { .offered { _, word in Completions.files(.plan, word) } }

  /// Sites and labs: either says where.
  static var siteFiles: CompletionKind {
    .offered { _, word in
      (Completions.files(.site, word) + Completions.files(.lab, word)).sorted()
    }
  }

  /// The names of the labs in Plans/labs, and lab files.
  static var labs: CompletionKind {
    .offered { _, word in Completions.labs + Completions.files(.lab, word) }
  }

  /// Folders of runs, the latest first.
  static var runs: CompletionKind { .offered { words, word in Completions.runs(words, word) } }

  static var interfaces: CompletionKind { .offered { _, _ in Completions.interfaces } }

  /// What `takeover explain` knows.
  static var codes: CompletionKind { .offered { _, _ in Explanations.all.map(\.code) } }

  static var kinds: CompletionKind {
    .offered { _, _ in
      Wiring.faults.kinds.map { $0.declaration.kind }
        + Wiring.checks.kinds.map { $0.declaration.name }
    }
  }

  /// Names of trials and plans, and tags: what `--only` picks from the plans that are named before it.
  static var trials: CompletionKind { .offered { words, _ in Completions.trials(words) } }

  /// `words`: from all the words that are there and the one that is completed.
  private static func offered(
    _ words: @escaping @Sendable (_ all: [String], _ word: String) -> [String]
  ) -> CompletionKind {
    .custom { all, _, word in
      let shell = CompletionShell.requesting
      return words(all, word).compactMap { Completions.spelled($0, for: shell) }
    }
  }
}

package enum Completions {
  /// A shell waits for us: nobody wants to see more names, nor to wait for them.
  private static let most = 500

  /// The word as the shell's script reads it; nil: it cannot, because it reads lines. What stands in a
  /// folder or a plan may be a stranger's: bash would run a `$(…)` in it.
  package static func spelled(_ word: String, for shell: CompletionShell?) -> String? {
    guard !word.isEmpty,
      !word.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    switch shell {
    case .some(.bash):
      // It puts a slash of its own behind a folder.
      let isFolder = word.count > 1 && word.hasSuffix("/")
      return Command(isFolder ? String(word.dropLast()) : word).shellText
    // What stands behind a colon would be a description.
    case .some(.zsh): return word.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
    default: return word
    }
  }

  /// Files of one kind: in the folder that the word names so far, and, for its first letters, in Plans.
  static func files(_ kind: FileKind, _ word: String) -> [String] {
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    var found = listed(folder, kind)
    if folder.isEmpty {
      let places = ["Plans/", "Plans/sites/", "Plans/labs/"]
      // What is offered from below a folder stands for it.
      found = found.filter { !places.contains($0) } + places.flatMap { listed($0, kind) }
    }
    return found.filter { $0.hasPrefix(word) }
  }

  private static func listed(_ folder: String, _ kind: FileKind) -> [String] {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().prefix(most).compactMap { name in
      guard !name.hasPrefix(".") else { return nil }
      let path = folder + name
      var isFolder: ObjCBool = false
      guard unsafe manager.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
      if isFolder.boolValue { return path + "/" }
      guard name.hasSuffix(".yaml") || name.hasSuffix(".yml"),
        let text = try? SourceFile.text(at: path)
      else { return nil }
      return FileKind(ofText: text) == kind ? path : nil
    }
  }

  static var labs: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "Plans/labs")) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// In the folder that the word names so far; else below the one that `--output` names, or the standard
  /// one.
  static func runs(_ words: [String], _ word: String) -> [String] {
    let manager = FileManager.default
    if let slash = word.lastIndex(of: "/") {
      let folder = String(word[...slash])
      let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted(by: >).prefix(most).compactMap { name in
        var isFolder: ObjCBool = false
        let path = folder + name
        guard unsafe manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else { return nil }
        return manager.fileExists(atPath: "\(path)/journal.jsonl") ? path : path + "/"
      }
    }
    let at = words.firstIndex(of: "--output").map { $0 + 1 }
    let root =
      at.flatMap { words.indices.contains($0) ? words[$0] : nil }
      ?? ReportingOptions.standardOutput
    let names = (try? manager.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted(by: >).prefix(most).map { "\(root)/\($0)" }.filter {
      manager.fileExists(atPath: "\($0)/journal.jsonl")
    }
  }

  static var interfaces: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? []).sorted()
  }

  static func trials(_ words: [String]) -> [String] {
    let paths = words.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    let plans = paths.compactMap { path in
      (try? SourceFile.text(at: path)).flatMap { Wiring.plans.read(text: $0, path: path).0 }
    }
    return Set(plans.flatMap { [$0.name] + $0.tags + $0.trials.flatMap { [$0.name] + $0.tags } })
      .sorted()
  }
}
