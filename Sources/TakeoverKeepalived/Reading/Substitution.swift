// Names replaced by what they stand for, in one line (lib/parser.c, replace_param).

enum Substitution {
  /// nil: no name was replaced. Otherwise the further lines of a definition that has some.
  static func replace(
    _ line: inout TextLine, _ definitions: Definitions, directory: String, _ remarks: inout Remarks
  ) -> (lines: ArraySlice<UInt8>?, Void)? {
    var found = false
    var lines: ArraySlice<UInt8>?
    var index = 0
    var turns = 0
    while let next = line.bytes[index...].firstIndex(of: dollar), next + 1 < line.bytes.count {
      index = next
      guard let use = Definitions.use(in: line.bytes, at: index),
        let definition = definitions[use.name],
        use.range == nil || definition.takesRange,
        !definition.hasLines || use.end == line.bytes.count
      else {
        remarks.silentlyUndefined(line, at: index)
        index += 1
        continue
      }
      found = true
      turns += 1
      var value = definition.value[...]
      if definition.hasLines {
        let end = value.firstIndex(of: 0x0a) ?? value.endIndex
        lines = end < value.endIndex ? value[(end + 1)...] : nil
        value = value[..<end]
      } else if use.name == Definitions.directory, value.isEmpty {
        value = Array(directory.utf8)[...]
      } else if definition.takesRange {
        value = randomValue(use, line.place(at: index), &remarks)
      }
      guard line.bytes.count + value.count - (use.end - index) <= LineSource.longestLine,
        turns < 1_000
      else {
        tooLong(line.place(at: index), isEndless: turns == 1_000, &remarks)
        return nil
      }
      line.replace(index..<use.end, by: value)
      if value.first(where: { !isBlank($0) }) == UInt8(ascii: "~") { break }
    }
    return found ? (lines, ()) : nil
  }

  private static func tooLong(_ place: Place, isEndless: Bool, _ remarks: inout Remarks) {
    if isEndless {
      remarks.fatal(
        "a definition contains itself: the daemon never gets past this line", at: place,
        remedy: "Give the definition another name than the one it uses.")
    } else {
      remarks.logged(
        "what the names stand for makes the line longer than \(LineSource.longestLine) bytes: the"
          + " daemon leaves the name as it is", at: place, remedy: "Part the line.")
    }
  }

  private static func randomValue(
    _ use: Definitions.Use, _ place: Place, _ remarks: inout Remarks
  ) -> ArraySlice<UInt8> {
    let low = use.range?.split(separator: 0x20).first ?? [UInt8(ascii: "0")]
    remarks.silent(
      "the value is another one at each start of the daemon; here it is read as"
        + " \(String(decoding: low, as: UTF8.self))", at: place,
      remedy: "Nothing, if that is what you want.")
    return low
  }
}

extension Remarks {
  /// A `$` that stands for nothing stays in the text.
  mutating func silentlyUndefined(_ line: TextLine, at index: Int) {
    guard let use = Definitions.use(in: line.bytes, at: index) else { return }
    silent(
      "no $\(String(decoding: use.name, as: UTF8.self)) is defined before this line, or its"
        + " definition has several lines and something follows: the text stays as it is",
      at: line.place(at: index), remedy: "Define it above with $NAME=value.")
  }
}
