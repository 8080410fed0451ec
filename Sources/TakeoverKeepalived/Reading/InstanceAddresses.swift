// The addresses of a `vrrp_instance`: its own, its peers', and those it holds. All but the excluded
// ones are of one family, which the first of them gives.

internal import TakeoverModel

extension Instance {
  mutating func speaksOfUnicast(_ statement: Statement) {
    if unicastKeyword == nil { unicastKeyword = statement.place }
  }

  /// Whether an address is of the instance's family; the first one gives it.
  mutating func takes(_ address: IPAddress) -> Bool {
    let family = Address.family(address)
    if self.family == nil { self.family = family }
    return self.family == family
  }
}

extension KeywordTable<Instance> {
  @Sendable static func peers(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    instance.speaksOfUnicast(statement)
    instance.unicastBlock = statement.place
    for line in statement.block {
      guard let address = Address.read(line.keyword) else {
        reading.remarks.error(
          "\(quoted(line.keyword.bytes)) is no address of a peer: it is left out", at: line.place,
          remedy: "Write one address on each line.")
        continue
      }
      guard instance.takes(address) else {
        reading.remarks.error(
          "the peer \(quoted(line.keyword.bytes)) is of the other address family: it is left out",
          at: line.place, remedy: "Make an instance for each family.",
          about: .peerOfOtherFamily(address.description))
        continue
      }
      if reading.earlier("peer", address.description, at: line.place) != nil,
        reading.host.version >= .trixie
      {
        reading.remarks.error(
          "the peer \(address) is written twice: the second is left out", at: line.place,
          remedy: "Keep one of them.")
        continue
      }
      readPeerOptions(line, &instance, &reading)
      instance.unicastPeers.append(Placed(address.description, at: line.place))
    }
  }

  /// `min_ttl n`, `max_ttl n`.
  private static func readPeerOptions(
    _ line: Statement, _ instance: inout Instance, _ reading: inout Reading
  ) {
    var index = 1
    var bounds = (least: 0, most: 255)
    while index < line.words.count {
      let option = line.words[index]
      guard index + 1 < line.words.count, option == "min_ttl" || option == "max_ttl" else {
        reading.remarks.error(
          "a peer has no option \(quoted(option.bytes)), or it has no value: it is left out",
          at: option.place, remedy: "The options are min_ttl N and max_ttl N.")
        break
      }
      let number = Number.unsigned(line.words[index + 1].bytes, 0...255, lenient: false)
      if let value = reading.take(number, line, otherwise: "it is left out", at: option.place) {
        if option == "min_ttl" { bounds.least = value } else { bounds.most = value }
        instance.checksUnicastSource = Placed(true, at: line.place)
      }
      index += 2
    }
    guard bounds.least > bounds.most else { return }
    reading.remarks.error(
      "min_ttl is above max_ttl: every advertisement of this peer is dropped", at: line.place,
      remedy: "Leave one of them out.")
  }

  static func source(
    _ statement: Statement, _ instance: inout Instance, _ reading: inout Reading, isUnicast: Bool
  ) {
    if isUnicast { instance.speaksOfUnicast(statement) }
    guard let word = reading.argument(statement) else { return }
    guard let address = Address.read(word) else {
      reading.remarks.error(
        "\(quoted(word.bytes)) is no address: it is left out", at: word.place,
        remedy: "Write an address of this node.")
      return
    }
    guard instance.takes(address) else {
      reading.remarks.error(
        "\(quoted(word.bytes)) is of the other address family: it is left out", at: word.place,
        remedy: "Make an instance for each family.", about: .peerOfOtherFamily(word.text))
      return
    }
    // The daemon has one source address, whichever keyword gives it.
    reading.noteRepeat((instance.unicastSource ?? instance.multicastSource)?.place, statement)
    let value = Placed(address.description, at: statement.place)
    instance.unicastSource = isUnicast ? value : nil
    instance.multicastSource = isUnicast ? nil : value
  }

  @Sendable static func group(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    guard let address = Address.read(word), instance.takes(address),
      Address.isMulticast(address), address.isV4 || address.bytes[1] & 0x0f == 2
    else {
      reading.remarks.error(
        "\(quoted(word.bytes)) is no multicast address of the instance's family, link-local if IPv6:"
          + " it is left out", at: word.place, remedy: "Write 224.0.0.18 or ff02::12.")
      return
    }
    reading.noteRepeat(instance.multicastGroup?.place, statement)
    instance.multicastGroup = Placed(address.description, at: statement.place)
  }

  @Sendable static func addresses(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    for line in statement.block {
      guard let held = AddressLine.read(line, &reading), let address = held.value.address else {
        continue
      }
      guard instance.takes(address) else {
        reading.remarks.error(
          "\(quoted(line.keyword.bytes)) is of the other address family: it is left out",
          at: line.place, remedy: "Write it into virtual_ipaddress_excluded.",
          about: .addressOfOtherFamily(held.value.text))
        continue
      }
      guard !reading.isTwice(held, isExcluded: false) else { continue }
      instance.addresses.append(held)
    }
  }

  @Sendable static func excludedAddresses(
    _ instance: inout Instance, _ statement: Statement, _ reading: inout Reading
  ) {
    for line in statement.block {
      guard let held = AddressLine.read(line, &reading) else { continue }
      guard !reading.isTwice(held, isExcluded: true) else { continue }
      instance.excludedAddresses.append(held)
    }
  }
}

extension Reading {
  /// Whether an address is held already: from 2.3 on the daemon leaves the second out, before it says
  /// nothing.
  mutating func isTwice(_ held: Placed<HeldAddress>, isExcluded: Bool) -> Bool {
    let address = held.value.address?.description ?? held.value.text
    let onDevice = earlier(
      "address on a device", address + " " + (held.value.device ?? ""), at: held.place)
    let anywhere = isExcluded ? nil : earlier("address", address, at: held.place)
    guard let other = onDevice ?? anywhere else { return false }
    let sentence = "\(quoted(held.value.text)) is held already (\(other))"
    let remedy = "Keep one of them."
    guard host.version >= DaemonVersion(2, 3, 0) else {
      remarks.silent(sentence, at: held.place, remedy: remedy)
      return false
    }
    remarks.error(sentence + ": this one is left out", at: held.place, remedy: remedy)
    return true
  }
}
