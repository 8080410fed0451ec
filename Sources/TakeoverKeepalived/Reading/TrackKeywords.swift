// The blocks that name what is tracked, in an instance and in a group: `NAME [weight N [reverse]]`
// (keepalived 2.2.7, vrrp/vrrp_track.c, trackers/track_file.c).

enum TrackedKind {
  case interface, script, file, process

  var word: String {
    switch self {
    case .interface: "interface"
    case .script: "script"
    case .file: "file"
    case .process: "process"
    }
  }

  /// An interface or a script can take 253 at most away or give it; 254 is taken as 253.
  var isCapped: Bool { self == .interface || self == .script }
}

extension Keyword {
  static func tracked(
    _ name: String, _ kind: TrackedKind, _ path: any Path<[Tracked]>
  ) -> Keyword {
    Keyword(name, .values) { subject, statement, reading in
      for line in statement.block {
        guard let tracked = reading.tracked(line, kind) else { continue }
        subject[keyPath: path].append(tracked)
      }
    }
  }

  /// Lines that are kept as they stand, once they are looked at.
  static func lines(
    _ name: String, _ path: any Path<[Placed<String>]>,
    check: @escaping @Sendable (Statement, inout Reading) -> Void
  ) -> Keyword {
    Keyword(name, .values) { subject, statement, reading in
      check(statement, &reading)
      subject[keyPath: path] += statement.block.map {
        Placed(String(decoding: $0.line.bytes, as: UTF8.self), at: $0.place)
      }
    }
  }

  /// `notify_… "COMMAND" [user [group]]`: each may be said once.
  static func notify(_ name: String, _ path: any Path<[Placed<[String]>]>) -> Keyword {
    Keyword(name) { subject, statement, reading in
      let isOptional = name == "notify_deleted"
      if statement.words.count == 1 {
        if isOptional {
          subject[keyPath: path].append(Placed([name], at: statement.place))
        } else {
          reading.remarks.logged(
            "\(name) has no command, and is left out", at: statement.place,
            remedy: "Write the command in quotes.")
        }
        return
      }
      guard reading.earlier("notify", name, at: statement.place) == nil else {
        reading.remarks.error(
          "\(name) is written above already: this one is left out", at: statement.place,
          remedy: "Keep one of them.")
        return
      }
      guard let (words, rest) = reading.command(statement), reading.hasUser(statement, rest)
      else { return }
      reading.runs(words, at: statement.place)
      subject[keyPath: path].append(Placed([name] + words, at: statement.place))
    }
  }
}

extension Reading {
  mutating func tracked(_ line: Statement, _ kind: TrackedKind) -> Tracked? {
    let name = line.keyword
    guard isKnown(name, kind) else { return nil }
    guard earlier(kind.word, name.text, at: name.place) == nil else {
      remarks.error(
        "the \(kind.word) \(quoted(name.bytes)) is tracked already: this line is left out",
        at: name.place, remedy: "Keep one of them.")
      return nil
    }
    var tracked = Tracked(name.text, at: name.place)
    guard let option = line.arguments.first else { return tracked }
    guard option == "weight", line.words.count > 2 else {
      remarks.error(
        "\(quoted(name.bytes)) can be followed by weight N, and not by \(quoted(option.bytes))"
          + " alone: the line is left out", at: option.place, remedy: "Write weight N.")
      return nil
    }
    tracked.weight = weight(line, line.words[2], kind)
    guard line.words.count > 3 else { return tracked }
    let last = line.words[3]
    switch last.text {
    case "reverse": tracked.isReversed = true
    case "noreverse" where kind != .interface: break
    default:
      remarks.error(
        "a weight can be followed by reverse, and not by \(quoted(last.bytes))", at: last.place,
        remedy: "Write reverse, or nothing.")
      if kind == .file { return nil }
    }
    return tracked
  }

  /// nil: the daemon takes the weight of what is tracked, or 0 for an interface.
  private mutating func weight(_ line: Statement, _ word: Word, _ kind: TrackedKind) -> Int? {
    let number = Number.signed(word.bytes, -254...254, lenient: true)
    if let complaint = number.complaint {
      let outcome =
        number.value.map { "the daemon takes \($0)" } ?? "the weight is left out"
      remarks.error(
        "weight: \(complaint); \(outcome)", at: word.place, remedy: "Write -253 to 253.")
    }
    guard let value = number.value else { return kind == .interface ? 0 : nil }
    guard kind.isCapped, abs(value) == 254 else { return value }
    remarks.error(
      "a weight of \(value) cannot be: the daemon takes \(value.signum() * 253)", at: word.place,
      remedy: "Write \(value.signum() * 253).")
    return value.signum() * 253
  }

  private mutating func isKnown(_ name: Word, _ kind: TrackedKind) -> Bool {
    let isKnown =
      switch kind {
      case .interface: !host.knowsNoInterface(name.text) || globals.dynamicInterfaces != nil
      case .script: scripts[name.text] != nil
      case .file: files.contains(name.text)
      case .process: processes.contains(name.text)
      }
    guard !isKnown else { return true }
    remarks.error(
      kind == .interface
        ? "there is no interface \(quoted(name.bytes)): the daemon's VRRP process ends"
        : "no \(kind.word) \(quoted(name.bytes)) is defined above, or it was left out: it is not"
          + " tracked", at: name.place,
      remedy: kind == .interface
        ? "Name one that exists." : "Define it above the instance, under the same name.",
      isFatal: kind == .interface,
      about: kind == .interface ? nil : .undefinedCheck(name.text))
    return false
  }
}
