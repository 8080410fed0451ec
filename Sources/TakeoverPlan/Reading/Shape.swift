// What a file may look like, declared once: reading, its messages and the JSON Schema follow from it.

internal import TakeoverModel

indirect enum Shape: Sendable {
  case scalar(Scalar)
  case list(of: Shape, atLeast: Int)
  case fields(Fields)
  /// Any names, each with a value of one shape.
  case named(Shape, noun: String, atLeast: Int)
  /// Fields that depend on the word at one key, as a trial's depend on its fault.
  case kinds(Kinds)
  /// The first that a value's form fits.
  case either([Shape])
  /// Anything: whoever takes it checks it.
  case unchecked

  enum Scalar: Sendable, Hashable {
    case form(Parameter.Form)
    /// 1…24 of a-z, 0-9 and -.
    case name
    /// A network interface: at most 15 characters (IFNAMSIZ, netdevice(7)).
    case interface
    /// An address with its prefix length, `10.0.0.100/24`.
    case network
    /// The version of the format.
    case version
    /// `holder`, `standby`, `both` or a node's name.
    case target
    /// A systemd unit: no pattern, which systemctl(1) would take for all that match it.
    case unit
    /// `any`, `stratified`, or a part of the advertisement interval.
    case phase
    /// A duration within bounds.
    case bounded(Bounds)
    /// `Mon-Fri 22:00-06:00`.
    case window
    /// `Europe/Berlin`.
    case timezone
  }

  struct Bounds: Sendable, Hashable {
    let least: Duration
    let most: Duration
    /// Said to `0s`, `none`, `never` and `off`: why there is no such thing here.
    let never: String

    func contains(_ duration: Duration) -> Bool { (least...most).contains(duration) }

    /// `5s to 2m`
    var words: String { "\(TimeText.chosen(least)) to \(TimeText.chosen(most))" }
  }

  struct Field: Sendable {
    let name: String
    let shape: Shape
    let required: Bool
    let summary: String
    /// As the file would spell it.
    let standard: String?

    init(
      _ name: String, _ shape: Shape, required: Bool = false, standard: String? = nil,
      _ summary: String
    ) {
      self.name = name
      self.shape = shape
      self.required = required
      self.standard = standard
      self.summary = summary
    }
  }

  struct Fields: Sendable {
    /// With its article: `a trial`.
    let noun: String
    /// What a key is called here, in the plural, and what an unknown one is reported as.
    var keys = "keys"
    var unknown = DiagnosticCode.unknownKey
    /// At least one of them must be there; what is reported when not.
    var empty: DiagnosticCode?
    /// The schema has it once, under this name.
    var definition: String?
    let list: [Field]
  }

  struct Kinds: Sendable {
    let noun: String
    /// The key whose word decides: `fault`.
    let key: String
    let keySummary: String
    let common: [Field]
    let cases: [Case]
    let unknown: DiagnosticCode
    let unknownParameter: DiagnosticCode
    /// The schema has it once, under this name.
    var definition: String?

    struct Case: Sendable {
      let word: String
      let summary: String
      let fields: [Field]
    }
  }
}

/// What was read by a shape, with its place. Wrong parts are left out, and have been reported.
struct Checked: Sendable {
  indirect enum Value: Sendable {
    case text(String)
    case duration(Duration)
    case count(Int)
    case flag(Bool)
    case address(IPAddress)
    case network(VirtualAddress)
    case list([Checked])
    case fields([String: Checked])
    case named([Named])
  }

  struct Named: Sendable {
    let name: String
    let span: Span
    let value: Checked
  }

  let value: Value
  let span: Span

  subscript(name: String) -> Checked? {
    if case .fields(let fields) = value { fields[name] } else { nil }
  }

  var text: String? { if case .text(let text) = value { text } else { nil } }
  var duration: Duration? { if case .duration(let duration) = value { duration } else { nil } }
  var count: Int? { if case .count(let count) = value { count } else { nil } }
  var flag: Bool? { if case .flag(let flag) = value { flag } else { nil } }
  var address: IPAddress? { if case .address(let address) = value { address } else { nil } }
  var network: VirtualAddress? { if case .network(let network) = value { network } else { nil } }
  var list: [Checked]? { if case .list(let list) = value { list } else { nil } }
  var named: [Named]? { if case .named(let named) = value { named } else { nil } }

  /// Text is a line for sh; a list is the program and its arguments.
  var command: Command? {
    if let text { return .script(text) }
    return list.map { Command($0.compactMap(\.text)) }
  }

  /// The value as a fault or a check takes it.
  var parameter: ParameterValue? {
    switch value {
    case .text(let text): .text(text)
    case .duration(let duration): .duration(duration)
    case .count(let count): .count(count)
    case .flag(let flag): .flag(flag)
    case .address(let address): .text(address.description)
    case .network, .list, .fields, .named: nil
    }
  }
}
