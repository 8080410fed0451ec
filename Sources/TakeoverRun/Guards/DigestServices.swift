// The services of a digest: whether they run, with which processes, and whether one of those stands
// still.

internal import TakeoverModel

extension NodeDigest.Reading {
  mutating func services(_ services: NodeDigest.Services) {
    guard let processes = parts["processes"]?.first, processes.status == 0 || processes.status == 2
    else {
      reasons[.services] = Self.reason(parts["processes"]?.first)
      return
    }
    let tree = ProcessTree(processes.lines, shell: number(parts["shell"]?.first?.lines.first))
    guard let own = whole(parts["own"] ?? [], services.commands.count) else {
      reasons[.services] = Self.reason(nil)
      return
    }
    var found: [String] = []
    for (name, part) in zip(services.commandNames, own) {
      let words = DigestWords.of(part.lines).map { $0[0][...] }
      found += lines(
        of: name, runs: words.first == "0", first: number(words.dropFirst().first), tree)
    }
    if !services.units.isEmpty {
      guard let part = parts["units"]?.first, part.status == 0 else {
        reasons[.services] = Self.reason(parts["units"]?.first)
        return
      }
      let units = units(part.lines)
      guard units.count == services.units.count else {
        reasons[.services] = "systemd speaks of other units"
        return
      }
      for (name, unit) in zip(services.unitNames, units) {
        let state = unit["ActiveState"]
        found += lines(
          of: name, runs: state == "active" || state == "reloading",
          first: number(unit["MainPID"]?[...]), tree)
        if let word = unit["UnitFileState"], !word.isEmpty {
          found.append("\(DigestWords.field(name[...]))\tat boot\t\(word)")
        }
      }
    }
    lines[.services] = found
  }

  private func lines(
    of name: String, runs: Bool, first: Int?, _ tree: ProcessTree
  ) -> [String] {
    let name = DigestWords.field(name[...])
    let sight = first.flatMap { tree.sight(of: $0) }
    var found = [
      "\(name)\truns\t\(runs ? "yes" : "no")",
      "\(name)\tfirst process\t\(sight == nil ? "no" : "yes")",
      "\(name)\tstopped\t\(sight?.isStopped == true ? "yes" : "no")",
    ]
    // What sshd has below it are sessions.
    if let count = sight?.count, !["ssh", "sshd"].contains(name) {
      found.append("\(name)\tprocesses\t\(count)")
    }
    return found
  }

  /// systemctl(1) prints `Property=value` lines, an empty one between units, in the order asked for.
  private func units(_ lines: [Substring]) -> [[String: String]] {
    var units: [[String: String]] = [[:]]
    for line in lines {
      if line.isEmpty {
        if units.last?.isEmpty == false { units.append([:]) }
      } else if let at = line.firstIndex(of: "=") {
        units[units.count - 1][String(line[..<at])] =
          DigestWords.field(line[line.index(after: at)...])
      }
    }
    if units.last?.isEmpty == true { units.removeLast() }
    return units
  }

  private func number(_ text: Substring?) -> Int? { text.flatMap { Int($0) } }
}

/// All processes of the node at one moment.
struct ProcessTree {
  struct Sight {
    /// The first process and its children; what is below them are check scripts, which come and go.
    /// Where children have the first one's name, those only: keepalived adopts a script whose caller
    /// died (PR_SET_CHILD_SUBREAPER, prctl(2)).
    /// nil: the tree carries our own shell, so that its children are sessions.
    var count: Int?
    var isStopped: Bool
  }

  private var names: [Int: Substring] = [:]
  private var states: [Int: Substring] = [:]
  private var children: [Int: [Int]] = [:]
  private let shell: Int?

  /// Lines of proc(5)'s `status`, in its order: Name, State, Pid, PPid.
  init(_ lines: [Substring], shell: Int?) {
    self.shell = shell
    var (name, state, pid): (Substring, Substring, Int?) = ("", "", nil)
    for line in lines {
      let words = DigestWords.of(line)
      guard words.count > 1 else { continue }
      switch words[0] {
      case "Name:": name = words[1][...]
      case "State:": (state, pid) = (words[1][...], nil)
      case "Pid:": pid = Int(words[1])
      case "PPid:":
        guard let pid, let parent = Int(words[1]) else { continue }
        names[pid] = name
        states[pid] = state
        children[parent, default: []].append(pid)
      default: break
      }
    }
  }

  /// nil: there is no such process, or it is dead and only not buried.
  func sight(of first: Int) -> Sight? {
    guard first > 1, let state = states[first], isAlive(state) else { return nil }
    var (tree, seen, next) = ([first], Set([first]), 0)
    while next < tree.count {
      for child in children[tree[next], default: []] where seen.insert(child).inserted {
        tree.append(child)
      }
      next += 1
    }
    if let shell, seen.contains(shell) { return Sight(count: nil, isStopped: state == "T") }
    let direct = children[first, default: []].filter { isAlive(states[$0] ?? "X") }
    let own = direct.filter { names[$0] == names[first] }
    return Sight(
      count: 1 + (own.isEmpty ? direct : own).count, isStopped: tree.contains { states[$0] == "T" })
  }

  private func isAlive(_ state: Substring) -> Bool { !["Z", "X", "x"].contains(state) }
}
