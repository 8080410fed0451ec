// The catalog of what can be wrong with a file, for `takeover explain`.

package enum DiagnosticCode: String, CaseIterable, Hashable, Sendable {
  case notYAML = "TK001"
  case tooMuch = "TK002"
  case noAnchors = "TK003"
  case duplicateKey = "TK004"
  case unknownKey = "TK005"
  case missingKey = "TK006"
  case wrongForm = "TK007"
  case notADuration = "TK008"
  case notACount = "TK009"
  case notAFlag = "TK010"
  case notAChoice = "TK011"
  case unknownFault = "TK012"
  case unknownParameter = "TK013"
  case unknownCheck = "TK014"
  case badTarget = "TK015"
  case nothingExpected = "TK016"
  case tooFew = "TK017"
  case sameName = "TK018"
  case notAnAddress = "TK019"
  case badName = "TK020"
  case badVersion = "TK021"
  case keepalivedRefuses = "TK022"
  case sameAddress = "TK023"
  case shortHold = "TK024"
  case unknownNode = "TK025"
  case faultRefuses = "TK026"
  case noSurvivor = "TK027"
  case outOfBounds = "TK028"
  case notAWindow = "TK029"
  case notATimeZone = "TK030"
  case checkRefuses = "TK031"

  package var title: String { text.title }

  /// A paragraph for somebody who has just met it.
  package var explanation: String { text.explanation }

  private var text: (title: String, explanation: String) {
    switch self {
    case .notYAML:
      (
        "this is not YAML",
        "The file cannot be read as YAML 1.1 block or flow style, so nothing after this place is "
          + "looked at. Usual causes: a tab in the indentation, a missing space after a colon, an "
          + "unclosed quote or bracket, two documents in one file."
      )
    case .tooMuch:
      (
        "the file is too large, or nested too deep",
        "Plans, sites and labs are at most 1 MiB, with at most 32 levels of nesting, and hold text "
          + "only: no control characters."
      )
    case .noAnchors:
      (
        "anchors, aliases and tags are not supported",
        "`&name`, `*name`, `<<` and `!tag` are refused: a plan says the same thing to whoever "
          + "reads it line by line, and a few aliases can expand to gigabytes. Write the value "
          + "out, or quote it when it is text that begins with one of these characters."
      )
    case .duplicateKey:
      (
        "a key stands twice in one mapping",
        "YAML readers silently keep one of the two, and not all of them the same one. Remove one."
      )
    case .unknownKey:
      (
        "a key that means nothing here",
        "Every key is known beforehand, so that a typing error cannot switch off what you meant. "
          + "`takeover schema` prints all of them for an editor."
      )
    case .missingKey: ("a required key is missing", "Add the key; the message says where.")
    case .wrongForm:
      (
        "a list, a mapping or text where another of them belongs",
        "For example a single word where a list is expected: `tags: [nightly]`. Text that looks "
          + "like a boolean must be quoted."
      )
    case .notADuration:
      (
        "not a duration",
        "A duration is a number directly followed by its unit: `250us`, `20ms`, `3s`, `1.5s`, "
          + "`2m`, `1h`. A bare number is refused, because nobody knows whether it means seconds."
      )
    case .notACount:
      (
        "not a whole number in range",
        "A count is written in decimal digits without quotes, sign, fraction or leading zeros, and "
          + "lies in the range that the message gives."
      )
    case .notAFlag:
      (
        "not true or false",
        "Only `true` and `false` are booleans. `yes`, `on` and `1` are text to some YAML readers."
      )
    case .notAChoice: ("not one of the words allowed here", "The message lists them.")
    case .unknownFault:
      ("a fault that does not exist", "`takeover kinds` lists the faults with their parameters.")
    case .unknownParameter:
      (
        "a key that is no parameter of this fault",
        "A trial has its own keys and those of its fault. `takeover kinds` lists the parameters of "
          + "every fault."
      )
    case .unknownCheck:
      ("a check that does not exist", "`takeover kinds` lists the checks that `expect:` may name.")
    case .badTarget:
      (
        "not a target",
        "`target` is `holder`, `standby` or `both`, found out from the wire right before the blow, "
          + "or the name of a node of the site."
      )
    case .nothingExpected:
      (
        "an `expect:` with nothing in it",
        "Nothing would be judged, and a trial without a judgement can never pass. Say what the pair "
          + "promises, for example `takeover-within: 4s`, or leave `expect:` out: then what the "
          + "pair's own configuration promises is expected."
      )
    case .tooFew:
      ("a list with nothing in it", "A plan has at least one trial, a pair at least two nodes.")
    case .sameName:
      (
        "a name is used twice",
        "Names tell trials, nodes and captures apart, in reports and from run to run: each is "
          + "unique in its file."
      )
    case .notAnAddress:
      (
        "not an IP address",
        "Addresses are written as `10.0.0.1` or `fd00::1`; where a prefix length belongs to it, as "
          + "`10.0.0.100/24`. Host names are not looked up here."
      )
    case .badName:
      (
        "not a name that works everywhere",
        "Names of nodes, sites and labs become host names, interface names and file names: 1 to 24 "
          + "of a-z, 0-9 and -. An interface name has at most 15 characters, without space or /."
      )
    case .badVersion:
      (
        "a format version that is not known",
        "This program reads `version: 1`. A later version may mean other things by the same words."
      )
    case .keepalivedRefuses:
      (
        "keepalived could not do this",
        "VRRPv2 counts its interval in whole seconds (RFC 3768), VRRPv3 in steps of 10 ms from "
          + "0.01 s to 40.95 s (RFC 9568) and without a password; preempt-delay needs preempt."
      )
    case .sameAddress:
      (
        "an address is used twice",
        "Two machines with one address answer for each other; a virtual address belongs to none."
      )
    case .shortHold:
      (
        "the fault ends before the takeover may have happened",
        "`hold` is shorter than what `takeover-within` allows: the fault may be healed before the "
          + "standby has had its chance, and the trial then shows less than it says."
      )
    case .unknownNode:
      ("a node that the site does not have", "The name must be one of the keys below `nodes:`.")
    case .faultRefuses:
      (
        "the fault cannot be done with these parameters",
        "Each parameter is right alone, but not together. The message says why."
      )
    case .noSurvivor:
      (
        "a blow that no node survives",
        "`target: both` breaks every node at once: nobody can take over, and the addresses are gone "
          + "until a node is healed. Where that is what you want to see, write `allow-outage: true` "
          + "into the trial."
      )
    case .outOfBounds:
      (
        "a duration beyond its bounds",
        "Some durations keep a run from doing harm and have bounds of their own. The lease, after "
          + "which a node that has lost the coordinator heals itself, is 5s to 120s and never off: "
          + "what nobody can mend from afar must mend itself."
      )
    case .notAWindow:
      (
        "not a window of time",
        "A window is `22:00-06:00`, with days `Mon-Fri 01:30-05:00` or `Sat,Sun 00:00-24:00`: the "
          + "days are those on which it opens, and one that closes before it opens goes on into the "
          + "next day. The clock is that of `timezone:`. In a list in brackets, quote a window with "
          + "commas."
      )
    case .checkRefuses:
      (
        "a value that means nothing to its check",
        "What `observed` is given names a command below the plan's `observe:` and says what is promised "
          + "of it: `primary: good within 5s`, `primary: bad at most 2s`, `primary: never bad`, "
          + "`primary: good at the end`, `writers: output stays`, `writers: output is 1`."
      )
    case .notATimeZone:
      (
        "not a time zone",
        "Time zones have the names of the IANA database: `Europe/Berlin`, `Asia/Shanghai`, `UTC`. "
          + "Abbreviations are refused: CST is four different ones."
      )
    }
  }
}
