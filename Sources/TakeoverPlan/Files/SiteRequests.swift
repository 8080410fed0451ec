// The part of a site's probes that is about requests to the application, on connections that are kept.

internal import TakeoverModel

enum SiteRequests {
  private static let standard = Probing()
  private static let mostText = 1_000

  static let fields: [Shape.Field] = {
    let never = Shape.either([SiteShape.duration, .scalar(.form(.choice(["never"])))])
    return [
      Shape.Field(
        "held", never, standard: SiteShape.spelled(standard.held),
        "the period of requests on one connection that is held open, or never"),
      Shape.Field(
        "requests", never, standard: SiteShape.spelled(standard.requests),
        "the period of requests on connections that are kept for the next one, or never"),
      Shape.Field(
        "request-timeout", SiteShape.duration, standard: TimeText.chosen(Probing.requestLimit),
        "after so long one of requests has failed; one of held waits"),
      Shape.Field("path", SiteShape.text, standard: "/", "what is asked for, by HTTP/1.1"),
      Shape.Field("host", SiteShape.text, "the Host header; without it, the address"),
    ]
  }()

  /// The periods among them.
  static let periods = ["held", "requests"]

  static func read(_ checked: Checked?, into probing: inout Probing) {
    probing.held = checked?["held"]?.duration
    probing.requests = checked?["requests"]?.duration
    probing.requestTimeout = checked?["request-timeout"]?.duration
    probing.path = checked?["path"]?.text
    probing.host = checked?["host"]?.text
  }

  /// A request's first lines are lines of text: whatever ends one would be a header of its own.
  static func check(_ checked: Checked?, _ diagnostics: inout Diagnostics) {
    func refuse(_ key: String, _ suggestion: String, unless fits: (Substring.UTF8View) -> Bool) {
      guard let part = checked?[key], let text = part.text else { return }
      let isPlain = text.utf8.count <= mostText && text.utf8.allSatisfy { 0x21...0x7e ~= $0 }
      guard !isPlain || !fits(text[...].utf8) else { return }
      diagnostics.report(
        .wrongForm, at: part.span, "this cannot be a request's \(key)", suggestion: suggestion)
    }
    refuse("path", "it begins with / and has no blanks: /health?full=1") {
      $0.first == UInt8(ascii: "/") && !$0.contains(UInt8(ascii: "#"))
    }
    refuse("host", "a name or an address, with a port if need be: www.example.org:8080") {
      !$0.isEmpty && !$0.contains(UInt8(ascii: "/"))
    }
    if let part = checked?["request-timeout"], let limit = part.duration, limit < .milliseconds(10)
    {
      diagnostics.report(
        .notADuration, at: part.span,
        "a request cannot be given up after \(TimeText.chosen(limit))",
        suggestion: "10ms or more")
    }
  }

  /// As a site file has them; nothing of what is left at its standard.
  static func lines(_ probing: Probing, quoted: (String) -> String) -> [String] {
    var lines: [String] = []
    for (key, period) in [("held", probing.held), ("requests", probing.requests)] {
      if let period { lines.append("  \(key): \(TimeText.chosen(period))") }
    }
    if let limit = probing.requestTimeout {
      lines.append("  request-timeout: \(TimeText.chosen(limit))")
    }
    for (key, text) in [("path", probing.path), ("host", probing.host)] {
      if let text { lines.append("  \(key): \(quoted(text))") }
    }
    return lines
  }
}
