// Lines of owner, property and value, compared by owner and property: what was it, what is it now?

/// One property that is not what it was.
struct PropertyChange {
  let owner: String
  let property: String
  /// nil: there was none.
  let before: String?
  /// nil: there is none.
  let after: String?
  /// Whether anything at all was known of the owner.
  let ownerWas: Bool
  let ownerIs: Bool

  /// Everything that changed, by owner, then by property.
  static func all(from old: [String], to new: [String]) -> [PropertyChange] {
    let (before, after) = (table(old), table(new))
    return Set(before.keys).union(after.keys).sorted().flatMap { owner in
      let (was, now) = (before[owner], after[owner])
      return Set(was?.keys ?? [:].keys).union(now?.keys ?? [:].keys).sorted().compactMap {
        property -> PropertyChange? in
        let (one, other) = (was?[property], now?[property])
        guard one != other else { return nil }
        return PropertyChange(
          owner: owner, property: property, before: one, after: other, ownerWas: was != nil,
          ownerIs: now != nil)
      }
    }
  }

  private static func table(_ lines: [String]) -> [String: [String: String]] {
    var table: [String: [String: String]] = [:]
    for line in lines {
      let fields = Fields.of(line)
      let property = fields.count > 1 ? fields[1] : ""
      let value = fields.dropFirst(2).joined(separator: "\t")
      // Two of one name: both are compared.
      table[fields[0], default: [:]][property] =
        table[fields[0]]?[property].map { $0 + "; " + value } ?? value
    }
    return table
  }
}

/// The changes of each owner, in their order.
extension [PropertyChange] {
  var byOwner: [(owner: String, changes: [PropertyChange])] {
    var found: [(owner: String, changes: [PropertyChange])] = []
    for change in self {
      if found.last?.owner == change.owner {
        found[found.count - 1].changes.append(change)
      } else {
        found.append((change.owner, [change]))
      }
    }
    return found
  }

  subscript(property: String) -> PropertyChange? { first { $0.property == property } }
}

/// A line's fields, a field's words. By bytes: a space before a combining mark is a space, too.
enum Fields {
  /// At least one.
  static func of(_ line: String) -> [String] {
    line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
  }

  static func words(_ field: String) -> [String] {
    field.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
  }

  /// As much as a sentence bears.
  static func cut(_ text: String) -> String {
    text.unicodeScalars.count <= 200
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))) + "…"
  }
}
