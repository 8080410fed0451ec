// What is run on a node: words, never a shell string. Quoting belongs to whoever carries them there.

package struct Command: Hashable, Sendable, Codable {
  /// The program and its arguments, each to arrive byte for byte.
  package var arguments: [String]

  package init(_ arguments: [String]) { self.arguments = arguments }
  package init(_ arguments: String...) { self.arguments = arguments }

  /// A POSIX sh script with positional parameters: data goes into `parameters`, never into `body`.
  /// A transport that already has a shell runs it there without starting another program.
  package static func script(_ body: String, _ parameters: [String] = []) -> Command {
    Command(["sh", "-c", body, "takeover"] + parameters)
  }

  /// The body and the parameters, when this is a `script`.
  package var asScript: (body: String, parameters: ArraySlice<String>)? {
    guard arguments.count >= 4, arguments[0] == "sh", arguments[1] == "-c",
      arguments[3] == "takeover"
    else { return nil }
    return (arguments[2], arguments[4...])
  }

  /// The words as one would type them into a POSIX shell; exact for any bytes but NUL.
  package var shellText: String {
    arguments.map(Self.quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./:=,+@%".utf8.contains(byte)
      }
    }
    if plain, !word.isEmpty { return word }
    // By scalars: to `Character`s a quote with a combining mark is no quote, to a shell it is.
    let inside = word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }
    return "'" + inside.joined() + "'"
  }
}

/// What a command left behind. A status other than zero is a result, not an error.
package struct CommandResult: Hashable, Sendable {
  /// The exit status; 128 + n when signal n ended it.
  package var status: Int
  package var output: [UInt8]
  package var errorOutput: [UInt8]
  /// True when output was longer than the transport keeps; what is kept is its beginning.
  package var truncated: Bool

  package init(
    status: Int, output: [UInt8] = [], errorOutput: [UInt8] = [], truncated: Bool = false
  ) {
    self.status = status
    self.output = output
    self.errorOutput = errorOutput
    self.truncated = truncated
  }

  package var succeeded: Bool { status == 0 }
  /// The output as text; ill-formed UTF-8 is repaired.
  package var text: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}
