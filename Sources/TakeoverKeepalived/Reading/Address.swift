// Addresses as the daemon reads them, and the lines of virtual_ipaddress.

internal import TakeoverModel

enum Address {
  /// As inet_pton(3) reads it: no number of an IPv4 address has a zero before it.
  static func parse(_ bytes: some Collection<UInt8>) -> IPAddress? {
    let hasZero = bytes.split(separator: UInt8(ascii: ".")).contains {
      $0.count > 1 && $0.first == UInt8(ascii: "0")
    }
    if hasZero, bytes.contains(UInt8(ascii: ".")), !bytes.contains(UInt8(ascii: ":")) { return nil }
    return IPAddress(String(decoding: bytes, as: UTF8.self))
  }

  /// Up to a `-` or `/`, which the daemon leaves out (lib/utils.c, inet_stosockaddr).
  static func read(_ word: Word) -> IPAddress? {
    parse(word.bytes.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "/") })
  }

  static func family(_ address: IPAddress) -> Instance.Family { address.isV4 ? .v4 : .v6 }

  static func isMulticast(_ address: IPAddress) -> Bool {
    address.isV4 ? (address.bytes.first ?? 0) & 0xf0 == 0xe0 : address.bytes.first == 0xff
  }

  /// fe80::/10.
  static func isLinkLocal(_ address: IPAddress) -> Bool {
    !address.isV4 && address.bytes[0] == 0xfe && address.bytes[1] & 0xc0 == 0x80
  }
}

/// Reads a line of virtual_ipaddress; nil: the daemon leaves the address out (keepalived.conf(5);
/// vrrp/vrrp_ipaddress.c, alloc_ipaddress).
struct AddressLine {
  private let words: [Word]
  private var held: HeldAddress
  private var index = 1

  static func read(_ statement: Statement, _ reading: inout Reading) -> Placed<HeldAddress>? {
    guard var line = AddressLine(statement, &reading) else { return nil }
    guard line.readOptions(&reading) else { return nil }
    return Placed(line.held, at: statement.place)
  }

  private init?(_ statement: Statement, _ reading: inout Reading) {
    words = statement.words
    let first = words[0]
    let slash = first.bytes.firstIndex(of: UInt8(ascii: "/"))
    let bare = first.bytes[..<(slash ?? first.bytes.count)]
    let isV6 = first.bytes.contains(UInt8(ascii: ":"))
    var prefix = isV6 ? 128 : 32
    if let slash {
      let number = Number.unsigned(
        Array(first.bytes[(slash + 1)...]), 0...prefix, lenient: true)
      prefix =
        reading.take(
          number, statement, otherwise: "the prefix is read as \(prefix)", at: first.place)
        ?? prefix
    }
    guard let address = Address.parse(bare) else {
      reading.remarks.error(
        "\(quoted(first.bytes)) is no address: it is left out", at: first.place,
        remedy: "Write ADDRESS/PREFIX.")
      return nil
    }
    held = HeldAddress(first.text, address: address, prefix: prefix)
    if slash == nil, !isV6 {
      reading.remarks.silent(
        "no prefix is written: the address is added with /32", at: first.place,
        remedy: "Write the prefix of the network, as in \(address)/24, or /32.",
        about: .noPrefix)
    }
  }

  /// The word that belongs to the option at `index`; nil: it is missing, and the address with it.
  private mutating func value(_ reading: inout Reading) -> Word? {
    guard index + 1 < words.count else {
      reading.remarks.error(
        "\(quoted(words[index].bytes)) has no value: the address \(quoted(words[0].bytes)) is left"
          + " out", at: words[index].place, remedy: "Write the value after it.")
      return nil
    }
    index += 1
    return words[index]
  }

  private mutating func readOptions(_ reading: inout Reading) -> Bool {
    while index < words.count {
      guard readOption(&reading) else { return false }
      index += 1
    }
    if !(held.address?.isV4 ?? true), held.label != nil || held.scope != nil {
      reading.remarks.error(
        "an IPv6 address has no label and no scope: they are left out", at: words[0].place,
        remedy: "Take them away.")
      (held.label, held.scope) = (nil, nil)
    }
    return true
  }

  private static let flags: Set<String> = [
    "home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "use_vmac",
  ]

  private mutating func readOption(_ reading: inout Reading) -> Bool {
    let option = words[index]
    switch option.text {
    case "dev":
      guard let name = value(&reading) else { return false }
      return readDevice(name, &reading)
    case "brd", "broadcast":
      guard let word = value(&reading) else { return false }
      return readBroadcast(word, &reading)
    case "scope":
      guard let scope = value(&reading) else { return false }
      readScope(scope, &reading)
    case "label":
      guard let label = value(&reading) else { return false }
      // IFNAMSIZ, with the NUL.
      guard label.bytes.count < 16 else {
        reading.remarks.error(
          "a label has at most 15 bytes: the address \(quoted(words[0].bytes)) is left out",
          at: label.place, remedy: "Write a shorter one, as in eth0:vip.")
        return false
      }
      held.label = label.text
    case "peer", "preferred_lft": return value(&reading) != nil
    case "no_track": held.isUntracked = true
    case let flag where Self.flags.contains(flag): break
    default:
      reading.remarks.error(
        "an address has no option \(quoted(option.bytes)): it is left out", at: option.place,
        remedy: "The options are dev, brd, scope, label, peer, no_track (keepalived.conf(5)).")
    }
    return true
  }

  /// A name of /etc/iproute2/rt_scopes, or a number of one byte.
  private mutating func readScope(_ word: Word, _ reading: inout Reading) {
    let names = ["global", "nowhere", "host", "link", "site"]
    if names.contains(where: { word == $0 }) || UInt8(word.text) != nil {
      held.scope = word.text
    } else {
      reading.remarks.error(
        "there is no scope \(quoted(word.bytes)): it is left out", at: word.place,
        remedy: "Write global, site, link or host.")
    }
  }

  private mutating func readDevice(_ name: Word, _ reading: inout Reading) -> Bool {
    guard held.device == nil else {
      reading.remarks.error(
        "two devices are written: the address \(quoted(words[0].bytes)) is left out",
        at: name.place, remedy: "Keep one dev.")
      return false
    }
    guard reading.existsOrWaits(name) else { return false }
    held.device = name.text
    return true
  }

  private mutating func readBroadcast(_ word: Word, _ reading: inout Reading) -> Bool {
    guard held.address?.isV4 ?? false,
      word == "-" || word == "+" || (Address.parse(word.bytes)?.isV4 ?? false)
    else {
      reading.remarks.error(
        "\(quoted(word.bytes)) is no broadcast address for \(quoted(words[0].bytes)), which is left"
          + " out", at: word.place, remedy: "Write brd + or an IPv4 address.")
      return false
    }
    if word == "-" || word == "+", (held.prefix ?? 32) > 30 {
      reading.remarks.error(
        "a network of /\(held.prefix ?? 32) has no broadcast address: brd is left out",
        at: word.place, remedy: "Write the prefix of the network.")
    } else {
      held.broadcast = word.text
    }
    return true
  }
}

extension Reading {
  /// Whether an interface exists, or may come later (dynamic_interfaces). One that does not keeps the
  /// daemon's VRRP process from starting.
  mutating func existsOrWaits(_ name: Word) -> Bool {
    guard host.knowsNoInterface(name.text), globals.dynamicInterfaces == nil else { return true }
    remarks.error(
      "there is no interface \(quoted(name.bytes)): the daemon's VRRP process ends",
      at: name.place, remedy: "Name one that exists, or write dynamic_interfaces in global_defs.",
      isFatal: true)
    return false
  }
}
