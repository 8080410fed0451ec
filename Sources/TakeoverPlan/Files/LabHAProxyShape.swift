// The part of a lab file that is about the pair's load balancers.

internal import TakeoverModel

extension LabShape {
  static var haproxy: Shape {
    let standard = LabHAProxy(backends: [])
    return .fields(
      Shape.Fields(
        noun: "haproxy",
        list: [
          Shape.Field(
            "backends", .list(of: .scalar(.name), atLeast: 1), required: true,
            "the machines that serve, each with its name for an answer"),
          Shape.Field(
            "bind", .scalar(.form(.choice(LabHAProxy.Bind.allCases.map(\.rawValue)))),
            standard: standard.bind.rawValue,
            "wildcard: every address of the node; addresses: the virtual ones themselves"),
          Shape.Field(
            "nonlocal-bind", .scalar(.form(.flag)), standard: String(standard.nonlocalBind),
            "whether a node that does not have the addresses may bind them (ip_nonlocal_bind)"),
          Shape.Field(
            "maxconn", .scalar(.form(.count(10...10_000))),
            standard: String(standard.maxConnections),
            "clients' connections at once; the next wait in the kernel's queue"),
          Shape.Field(
            "health-check", SiteShape.duration, standard: TimeText.chosen(standard.healthCheck),
            "how often each backend is asked: two failures take it out, one success brings it in"),
        ]))
  }
}

extension LabReader {
  func haproxy(_ checked: Checked?) -> LabHAProxy? {
    guard let checked else { return nil }
    let standard = LabHAProxy(backends: [])
    return LabHAProxy(
      backends: checked["backends"]?.list?.compactMap(\.text) ?? [],
      bind: checked["bind"]?.text.flatMap(LabHAProxy.Bind.init) ?? standard.bind,
      nonlocalBind: checked["nonlocal-bind"]?.flag ?? standard.nonlocalBind,
      maxConnections: checked["maxconn"]?.count ?? standard.maxConnections,
      healthCheck: checked["health-check"]?.duration ?? standard.healthCheck)
  }
  /// Backends are machines of the file's own; a health check is a request, and no flood.
  func checkHAProxy(_ checked: Checked?, machines: [String], _ diagnostics: inout Diagnostics) {
    let shortest = Duration.milliseconds(10)
    for backend in checked?["backends"]?.list ?? [] {
      guard let name = backend.text, !machines.contains(name) else { continue }
      diagnostics.report(
        .unknownNode, at: backend.span, "there is no machine \"\(name)\"",
        suggestion: Spelling.suggestion(for: name, among: machines),
        allowed: ShapeReader.listed("machines", machines))
    }
    if let part = checked?["health-check"], let period = part.duration, period < shortest {
      diagnostics.report(
        .notADuration, at: part.span, "backends cannot be asked every \(TimeText.chosen(period))",
        suggestion: "at least \(TimeText.chosen(shortest))")
    }
  }
}
