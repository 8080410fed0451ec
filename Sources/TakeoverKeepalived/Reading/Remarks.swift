// Collects what is to be said about a text, and weighs it as the daemon's version does.

/// The remarks of one reading. The four ways of speaking are the daemon's own: an error counts for
/// `--config-test`, a fatal one ends the process, a log line does neither, and much goes unsaid.
struct Remarks {
  let version: DaemonVersion
  private(set) var list: [Remark] = []
  private var counts: [Remark.Gravity: Int] = [:]
  private var seen: Set<Remark> = []
  /// True while what is found would be found by every process of the daemon, not by VRRP's only.
  var isFoundByAll = false

  /// More remarks than anybody reads, of each gravity: none hides a graver one.
  static let limit = 300

  init(version: DaemonVersion) { self.version = version }

  /// `report_config_error`: the daemon goes on; `--config-test` fails. Before 2.2 it forgets, between
  /// its processes, what the former ones found, and the last one reads no VRRP block.
  /// `isFatal`: the process ends once everything is read.
  mutating func error(
    _ sentence: String, at place: Place, remedy: String, isFatal: Bool = false,
    about subject: Remark.Subject? = nil
  ) {
    let counts = version.readsCopy || isFoundByAll
    add(
      counts ? .refused : .corrected, sentence, place, remedy, isFatal: isFatal, about: subject)
  }

  /// The process ends: no daemon runs with this text.
  mutating func fatal(_ sentence: String, at place: Place, remedy: String) {
    add(.refused, sentence, place, remedy, isFatal: true)
  }

  /// `log_message`: nothing but a line in the log, and none while the configuration is tested.
  mutating func logged(
    _ sentence: String, at place: Place, remedy: String, about subject: Remark.Subject? = nil
  ) {
    add(.corrected, sentence, place, remedy, about: subject)
  }

  /// The daemon says nothing.
  mutating func silent(
    _ sentence: String, at place: Place, remedy: String, about subject: Remark.Subject? = nil
  ) {
    add(.silent, sentence, place, remedy, about: subject)
  }

  private mutating func add(
    _ gravity: Remark.Gravity, _ sentence: String, _ place: Place, _ remedy: String,
    isFatal: Bool = false, about subject: Remark.Subject? = nil
  ) {
    let count = counts[gravity, default: 0]
    guard count < Self.limit else { return }
    let remark = Remark(
      gravity, at: place, sentence, remedy: remedy, isFatal: isFatal, about: subject)
    guard seen.insert(remark).inserted else { return }
    list.append(remark)
    counts[gravity] = count + 1
    guard count + 1 == Self.limit else { return }
    list.append(
      Remark(
        gravity, at: place, "there is more of this kind to say than \(Self.limit) remarks",
        remedy: "Mend these first."))
  }
}

/// A word of the configuration, fit for a sentence: quoted, short, without control characters.
func quoted(_ bytes: some Sequence<UInt8>) -> String {
  var shown: [UInt8] = []
  var isCut = false
  for byte in bytes {
    if shown.count == 60 {
      isCut = true
      break
    }
    shown.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: "?") : byte)
  }
  return "\u{201c}" + String(decoding: shown, as: UTF8.self) + (isCut ? "…\u{201d}" : "\u{201d}")
}

func quoted(_ text: String) -> String { quoted(text.utf8) }
