// What is written to a long-lived shell so that every command's output comes back unchanged and apart: the
// same protocol in the words of each kind of shell.

internal import TakeoverModel

/// The words of one shell: its nonce makes its markers unlike any output, its own earlier ones too.
protocol Dialect {
  /// 128 random bits in hexadecimal.
  var nonce: String { get }
  /// What is sent behind the byte that fires, when the answer is there or late.
  var release: String { get }
  /// Makes the shell predictable and answers 0.
  func greeting(_ number: Int) -> String
  /// Runs the command and answers its status.
  func run(_ command: Command, _ number: Int) -> String
  /// The same in two steps: answers `armed` and waits for one line; at the end of its input it leaves
  /// without running anything.
  func stage(_ command: Command, armed: Int, fired: Int) -> String
  /// Runs the command, hands its output on as it comes, and ends it, where that can be done, when the
  /// shell's input ends.
  func stream(_ command: Command, _ number: Int) -> String
  /// Has the shell print this word on a line and go on waiting.
  func saying(_ word: String) -> String
  /// What to look at when it does not greet.
  var silence: String { get }
  /// How the shell is started on a machine that this way leads to.
  static func program(for reach: Reach) -> String
}

extension Dialect {
  /// What precedes the status of answer `number`. A rare first byte: output that merely ends a line
  /// need not be held back until the next byte shows that it is no marker.
  func marker(_ number: Int) -> [UInt8] { [1] + Array("\(nonce).\(number):".utf8) }
}

extension NodeSystem {
  /// The words of a new shell.
  func dialect() -> any Dialect {
    switch self {
    case .posix: Framing()
    case .windows: PowerShellFraming()
    }
  }

  func program(for reach: Reach) -> String {
    switch self {
    case .posix: Framing.program(for: reach)
    case .windows: PowerShellFraming.program(for: reach)
    }
  }
}

enum Nonce {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return [generator.next(), generator.next()]
      .map { (word: UInt64) in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }
      .joined()
  }
}
