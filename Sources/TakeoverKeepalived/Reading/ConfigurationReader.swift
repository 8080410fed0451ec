// Reads a keepalived.conf(5) as the daemon of a given version does, on a given host.

/// From a file's bytes to a `Configuration`: lines, statements, keywords, and what the daemon makes of
/// them together. The rules are those of keepalived 2.2.7 (lib/parser.c and the parsers beside it);
/// where 2.1.5 or 2.3.3 do otherwise the host's version decides.
package struct ConfigurationReader: Sendable {
  /// No configuration is that long: 1 MiB for each file.
  package static let fileLimit = 1 << 20

  package var host: Host
  package var files: ConfigurationFiles

  package init(host: Host = Host(), files: ConfigurationFiles = .none) {
    self.host = host
    self.files = files
  }

  /// Reads what `bytes` say, which stand at `path`. Nothing is thrown: what cannot be read is said in
  /// the remarks.
  package func read(_ bytes: [UInt8], at path: String) -> Configuration {
    var configuration = Configuration(file: path)
    var remarks = Remarks(version: host.version)
    remarks.isFoundByAll = true
    let root = KeywordTable<Configuration>.root
    var (lines, differsInCopy) = lines(bytes, path, isCopy: false, &remarks)
    readOutline(lines, &remarks)
    if differsInCopy, host.version.readsCopy {
      (lines, _) = self.lines(bytes, path, isCopy: true, &remarks)
      readOutline(lines, &remarks)
    }
    remarks.isFoundByAll = false

    var reader = StatementReader(lines, version: host.version, isOutline: false)
    let statements = reader.read(root.grammar, &remarks)
    configuration.unknown = reader.unknown
    var reading = Reading(host: host, remarks: remarks)
    // The parent process reads global_defs before the VRRP process reads the rest.
    var globals = Globals()
    for statement in statements where statement.keyword == "global_defs" {
      KeywordTable<Globals>.globalDefs.apply(statement.block, to: &globals, &reading)
    }
    reading.globals = globals
    readRootGlobals(statements, &reading)
    root.apply(statements, to: &configuration, &reading)
    configuration.globals = reading.globals
    Completion.complete(&configuration, &reading)
    configuration.remarks = reading.remarks.list
    return configuration
  }

  private func readOutline(_ lines: [TextLine], _ remarks: inout Remarks) {
    var reader = StatementReader(lines, version: host.version, isOutline: true)
    _ = reader.read(KeywordTable<Configuration>.root.grammar, &remarks)
  }

  private func lines(
    _ bytes: [UInt8], _ path: String, isCopy: Bool, _ remarks: inout Remarks
  ) -> (lines: [TextLine], differsInCopy: Bool) {
    var reader = LineReader(host: host, files: files, isCopy: isCopy)
    reader.start(path, bytes, &remarks)
    var lines: [TextLine] = []
    while let line = reader.next(&remarks) { lines.append(line) }
    if reader.depth > 0 {
      remarks.error(
        "\(reader.depth) { are not closed", at: lines.last?.place ?? reader.place,
        remedy: "Close every block with a }.")
    }
    return (lines, reader.differsInCopy)
  }

  /// `instance` and `net_namespace` stand outside of global_defs, and each counts once.
  private func readRootGlobals(_ statements: [Statement], _ reading: inout Reading) {
    for statement in statements {
      let path: WritableKeyPath<Globals, Placed<String>?>
      switch statement.keyword.text {
      case "instance": path = \.instanceName
      case "net_namespace": path = \.netNamespace
      default: continue
      }
      guard let word = reading.argument(statement, isLookedFor: true),
        reading.isFirst(reading.globals[keyPath: path]?.place, statement)
      else { continue }
      reading.globals[keyPath: path] = Placed(word.text, at: statement.place)
    }
  }
}
