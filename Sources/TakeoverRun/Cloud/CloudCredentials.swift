// Who asks a control plane: id and key from the user's own file, kept in memory and nowhere else.

internal import FoundationEssentials
package import TakeoverModel

package struct CloudCredentials: Hashable, Sendable {
  package let id: String
  package let key: String
  /// Of temporary credentials; nil: they are not.
  package let token: String?

  /// Where the vendor's own command-line client and its libraries keep them, below the home folder.
  package static let usualPaths = ["~/.tccli/default.credential", "~/.tencentcloud/credentials"]

  /// From the text of either; nil: it is neither, or has no id and key.
  package init?(text: String) {
    let isJSON = text.first { !$0.isWhitespace } == "{"
    guard let found = isJSON ? Self.json(text) : Self.ini(text),
      [found.id, found.key, found.token ?? "-"].allSatisfy(Self.isWord)
    else { return nil }
    (id, key, token) = found
  }

  private struct File: Decodable {
    var secretId: String
    var secretKey: String
    var token: String?
  }

  private typealias Found = (id: String, key: String, token: String?)

  private static func json(_ text: String) -> Found? {
    let file = try? JSONDecoder().decode(File.self, from: Data(text.utf8))
    return file.map { ($0.secretId, $0.secretKey, $0.token.flatMap { $0.isEmpty ? nil : $0 }) }
  }

  /// `secret_id = …` and `secret_key = …`, of the section `default` where there are several.
  private static func ini(_ text: String) -> Found? {
    var values: [Substring: String] = [:]
    var isDefault = true
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("[") { isDefault = line.hasPrefix("[default]") }
      guard isDefault, let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals].split(whereSeparator: \.isWhitespace).joined()
      let value = line[line.index(after: equals)...].split(whereSeparator: \.isWhitespace)
      values[name[...]] = value.joined(separator: " ")
    }
    guard let id = values["secret_id"], let key = values["secret_key"] else { return nil }
    return (id, key, values["token"].flatMap { $0.isEmpty ? nil : $0 })
  }

  /// It becomes part of a header, and of a line of a program's configuration.
  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != 0x22 && $0 != 0x5c }
  }

  /// Reads the file that a site names, or the first of the usual ones that is there. `read`: the text of
  /// the file at a path; nil: there is none.
  package static func found(
    for subnet: CloudSubnet, home: String, reading read: (String) -> String?
  ) throws(Complaint) -> CloudCredentials {
    let paths = (subnet.credentials.map { [$0] } ?? usualPaths).map { path in
      path.hasPrefix("~/") ? home + path.dropFirst() : path
    }
    for path in paths {
      guard let text = read(path) else { continue }
      guard let credentials = CloudCredentials(text: text) else {
        throw Complaint(
          "\(path) holds no id and key",
          remedy: "tccli configure writes such a file: {\"secretId\": …, \"secretKey\": …}")
      }
      return credentials
    }
    throw Complaint(
      "there are no credentials for the cloud's control plane: \(paths.joined(separator: ", ")) "
        + (paths.count == 1 ? "cannot be read" : "are not there"),
      remedy: "tccli configure writes them; a key that may only read the VPC is enough "
        + "(QcloudVPCReadOnlyAccess)")
  }
}

/// However it is printed, nobody sees what it holds.
extension CloudCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  package var description: String { "credentials" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
