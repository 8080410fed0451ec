// A host key as people compare it: `SHA256:` and the digest in base64, as `ssh-keygen -l` prints it.

internal import FoundationEssentials

enum Fingerprint {
  static func of(_ key: [UInt8]) -> String {
    let text = Data(SHA256.digest(key)).base64EncodedString()
    return "SHA256:" + text.prefix { $0 != "=" }
  }

  static func of(base64 text: String) -> String {
    guard let key = Data(base64Encoded: text) else { return "(an unreadable key)" }
    return of(Array(key))
  }
}
