// Edits of a keepalived.conf as text → text: each is a command that reads the file on its standard
// input and writes the edited one. It ends with status 3, and writes nothing, where there is nothing to
// edit.

internal import TakeoverModel

enum KeepalivedText {
  /// What is edited, in the instances that are meant.
  enum Operation {
    /// A keyword of the instance gets this value, or gets in.
    case set(String, String)
    /// A block of the instance goes away with all that is in it.
    case removeBlock(String)
    /// The instance itself goes away.
    case removeInstance
    /// A line more in the instance's virtual_ipaddress; in the first instance that has one.
    case addAddress(String)
    /// The lines with this address go away, also those of virtual_ipaddress_excluded.
    case removeAddress(String)
    /// auth_pass gets another first character, or another ninth.
    case password(PasswordDifference)
    /// A keyword in global_defs.
    case global(String)

    fileprivate var words: [String] {
      switch self {
      case .set(let keyword, let value): ["set", keyword, value]
      case .removeBlock(let block): ["remove-block", block, ""]
      case .removeInstance: ["remove-instance", "", ""]
      case .addAddress(let address): ["add-address", "virtual_ipaddress", address]
      case .removeAddress(let address): ["remove-address", "", address]
      case .password(let difference): ["password", "", difference.rawValue]
      case .global(let keyword): ["global", keyword, ""]
      }
    }
  }

  /// Where a password differs: keepalived compares its first eight characters (RFC 2338, 10.4).
  enum PasswordDifference: String, CaseIterable {
    case first
    case afterEighth = "after-8th"
  }

  /// `instance`: the name of a vrrp_instance; nil: all of them.
  static func edit(_ operation: Operation, of instance: String?) -> Command {
    .script(
      "OPERATION=$1 KEYWORD=$2 VALUE=$3 INSTANCE=$4 awk '\(reading)\(editing)'",
      operation.words + [instance ?? ""])
  }

  /// awk: takes the lines apart as lib/parser.c of keepalived does. Whatever stands between two
  /// braces, or between a brace and a line's end, is a piece: `open` (its text is the block's head,
  /// where that stands on the same line), `close`, `word`; a line without any is `raw`. `!` and `#`
  /// begin comments, but not within quotes or behind a backslash; `$NAME=` defines a parameter, over
  /// several lines where they end with a backslash; the braces of `${NAME}` are none. A line that is one
  /// piece stays as it was written.
  private static let reading = #"""
    function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
    function add(kind, text) { n++; kinds[n] = kind; said[n] = texts[n] = text }
    function end_piece() { piece = trim(piece); if (piece != "") add("word", piece); piece = "" }
    {
      sub(/\r$/, "")
      if (continued || $0 ~ /^[ \t]*(@[^ \t]+[ \t]+)?\$[A-Za-z0-9_]+[ \t]*=/) {
        continued = $0 ~ /\\[ \t]*$/
        add("raw", $0)
        next
      }
      first = n; quoted = 0; piece = ""
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c == "\\") { piece = piece substr($0, i, 2); i++; continue }
        if (c == "\"") quoted = !quoted
        if (quoted || c == "\"") { piece = piece c; continue }
        if (c == "!" || c == "#") break
        if (c == "$" && substr($0, i + 1, 1) == "{") {
          j = index(substr($0, i), "}")
          if (!j) j = length($0)
          piece = piece substr($0, i, j)
          i += j - 1
        } else if (c == "{") {
          piece = trim(piece)
          add("open", piece)
          texts[n] = piece (piece == "" ? "" : " ") "{"
          piece = ""
        } else if (c == "}") { end_piece(); add("close", "}") }
        else piece = piece c
      }
      end_piece()
      if (n == first) add("raw", "")
      if (n == first + 1) texts[n] = $0
    }

    """#

  /// awk: finds the blocks, does the operation, writes what is left. A keyword may be tied to one
  /// machine (`@a priority 100`).
  private static let editing = #"""
    function word(text, which,   found) {
      sub(/^@[^ \t]+[ \t]+/, "", text)
      while (text != "" && which-- > 0) {
        if (!match(text, /^"[^"]*"/) && !match(text, /^[^ \t"]+/)) return ""
        found = substr(text, 1, RLENGTH)
        text = trim(substr(text, RLENGTH + 1))
      }
      gsub(/"/, "", found)
      return which <= 0 ? found : ""
    }
    function drop(from, to,   k) { for (k = from; k <= to; k++) gone[k] = 1; changed = 1 }
    function other(text, at) {
      return substr(text, 1, at - 1) (substr(text, at, 1) == "x" ? "y" : "x") substr(text, at + 1)
    }
    function take(i,   address, pass) {
      if (operation == "set" && depth == 1 && word(said[i], 1) == keyword) {
        found[++count] = i
        same = word(said[i], 2) == value && said[i] !~ /^@/
      } else if (operation == "remove-address" && depth == 2 && head[2] ~ /^virtual_ipaddress/) {
        address = tolower(word(said[i], 1))
        sub(/\/.*/, "", address)
        if (address == value) drop(i, i)
      } else if (operation == "password" && depth == 2 && head[2] == "authentication") {
        pass = word(said[i], 2)
        if (word(said[i], 1) != "auth_pass" || pass == "") return
        if (value == "first") pass = other(pass, 1)
        else if (length(pass) >= 8) pass = other(substr(pass, 1, 8), 9)
        else return
        texts[i] = "auth_pass " pass
        changed = 1
      }
    }
    END {
      operation = ENVIRON["OPERATION"]; keyword = ENVIRON["KEYWORD"]
      value = ENVIRON["VALUE"]; instance = ENVIRON["INSTANCE"]
      if (operation == "remove-address") value = tolower(value)
      for (i = 1; i <= n; i++) {
        if (kinds[i] == "open") {
          start = said[i] == "" ? last : i
          depth++
          head[depth] = word(said[start], 1)
          begin[depth] = start
          if (depth == 1) {
            meant = head[1] == "vrrp_instance" &&
              (instance == "" || word(said[start], 2) == instance)
            inside = i; count = same = 0
          }
          if (operation == "add-address" && meant && depth == 2 && head[2] == keyword && !changed) {
            after[i] = value
            changed = 1
          }
        } else if (kinds[i] == "close") {
          if (meant && depth == 2 && operation == "remove-block" && head[2] == keyword)
            drop(begin[2], i)
          if (meant && depth == 1 && operation == "remove-instance") drop(begin[1], i)
          if (meant && depth == 1 && operation == "set" && !(count == 1 && same)) {
            for (k = 1; k <= count; k++) gone[found[k]] = 1
            after[inside] = keyword " " value
            changed = 1
          }
          if (depth > 0) depth--
          if (depth == 0) meant = 0
        } else if (kinds[i] == "word") {
          last = i
          if (meant) take(i)
          if (depth == 1 && head[1] == "global_defs" && word(said[i], 1) == keyword) known = 1
        }
      }
      if (operation == "global" && !known) { print "global_defs {\n" keyword "\n}"; changed = 1 }
      if (!changed) exit 3
      for (i = 1; i <= n; i++) {
        if (!gone[i]) print texts[i]
        if (i in after) print after[i]
      }
    }
    """#
}
