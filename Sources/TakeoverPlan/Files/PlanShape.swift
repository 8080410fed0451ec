// The shape of a plan file: its own keys, the faults' parameters and the checks.

internal import TakeoverModel

struct PlanShape {
  let faults: Catalog<any Fault.Type>
  let checks: [CheckDeclaration]

  var shape: Shape {
    .fields(
      Shape.Fields(
        noun: "a plan",
        list: [
          Shape.Field("version", .scalar(.version), required: true, "1, the format's version"),
          Shape.Field("name", .scalar(.name), required: true, "the plan's name, in reports"),
          Shape.Field("why", .scalar(.form(.text)), "what the plan proves, in a sentence"),
          Shape.Field(
            "tags", .list(of: .scalar(.name), atLeast: 0), "words to select plans and trials by"),
          Shape.Field(
            "site", .scalar(.form(.text)), "a site or lab file, relative to this file"),
          Shape.Field(
            "lab-matrix", .unchecked,
            "lists of changes below the lab file's keys (nodes, keepalived, …): the plan is carried out in "
              + "a lab for each combination"),
          Shape.Field(
            "lease", .scalar(.bounded(Self.lease)),
            standard: TimeText.chosen(Plan.standardLease),
            "how long a node waits for the coordinator's word before it heals itself, "
              + Self.lease.words),
          Shape.Field(
            "stop-if", Self.stopIf, "what ends the run at once, healed: each is watched if given"),
          Shape.Field(
            "observe", .list(of: Self.watch, atLeast: 0),
            "commands that are run again and again meanwhile, for the check observed"),
          Shape.Field(
            "trials", .list(of: trial, atLeast: 1), required: true,
            "what is done, in order, and what is expected of it"),
        ]))
  }

  private static let watch = Shape.fields(
    Shape.Fields(
      noun: "what is observed",
      list: [
        Shape.Field("name", .scalar(.name), required: true, "its name, in expectations"),
        Shape.Field(
          "on", .scalar(.name), standard: "here",
          "the node or machine on which it runs, by a connection of its own; or here"),
        Shape.Field(
          "command", SiteShape.command, required: true,
          "ends with 0 when all is well; text is a line for sh; changes nothing"),
        Shape.Field(
          "every", .scalar(.bounded(every)), standard: TimeText.chosen(CommandWatch.standardPeriod),
          "how often, \(every.words)"),
      ]))

  private static let every = Shape.Bounds(
    least: .milliseconds(50), most: .seconds(60), never: "what is not to be run is left out")

  static let lease = Shape.Bounds(
    least: Plan.shortestLease, most: Plan.longestLease,
    never: "a lease is never off: a node that has lost the coordinator must heal itself")

  private static let stopIf: Shape = {
    let lasting = Shape.scalar(
      .bounded(
        Shape.Bounds(
          least: .seconds(1), most: .seconds(3_600),
          never: "what is not to be watched is left out")))
    return .fields(
      Shape.Fields(
        noun: "stop-if", keys: "conditions", empty: .tooFew,
        list: [
          Shape.Field(
            "nobody-holds", lasting, "no node was seen to hold a virtual address for so long"),
          Shape.Field(
            "several-hold", lasting,
            "several nodes have held a virtual address together, or advertised, for so long"),
          Shape.Field("unreachable", lasting, "a node's shell has not answered for so long"),
          Shape.Field(
            "no-verdict", .scalar(.form(.count(1...1_000))),
            "so many trials in a row could not be struck"),
        ]))
  }()

  private var trial: Shape {
    blow(noun: "a trial", keySummary: "what is done to the target", common: common)
  }

  private var further: Shape {
    let duration = Shape.scalar(.form(.duration))
    return blow(
      noun: "a further blow", keySummary: "what is done besides",
      common: [
        Self.target,
        Shape.Field(
          "after", duration, standard: "0s", "how long after the trial's first blow it falls"),
        Shape.Field(
          "hold", duration, "how long it stays in force; without it, until the trial's healing"),
      ], definition: "blow")
  }

  private func blow(
    noun: String, keySummary: String, common: [Shape.Field], definition: String? = nil
  ) -> Shape {
    .kinds(
      Shape.Kinds(
        noun: noun, key: "fault", keySummary: keySummary, common: common,
        cases: faults.kinds.map { kind in
          Shape.Kinds.Case(
            word: kind.declaration.kind, summary: kind.declaration.summary,
            fields: kind.declaration.parameters.map(Shape.Field.init))
        },
        unknown: .unknownFault, unknownParameter: .unknownParameter, definition: definition))
  }

  private static let target = Shape.Field(
    "target", .scalar(.target),
    "holder, standby, both, a node's name, machine, or a machine's name; without it the fault's usual "
      + "one, mostly the holder")

  private var common: [Shape.Field] {
    let duration = Shape.scalar(.form(.duration))
    return [
      Shape.Field("name", .scalar(.form(.text)), required: true, "the trial's name, in reports"),
      Self.target,
      Shape.Field(
        Matrix.key, Matrix.shape,
        "values for keys: the trial is done once for each combination; include and exclude are lists "
          + "of combinations"),
      Shape.Field(
        "also", .list(of: further, atLeast: 1),
        "further blows that fall while the first one is in force, in order"),
      Shape.Field(
        "allow-outage", .scalar(.form(.flag)), standard: "false",
        "whether the blow may leave no node that serves; target: both needs it"),
      Shape.Field(
        "phase", .scalar(.phase), standard: "any",
        "where in the advertisement interval the blow falls: any, stratified, or a part"),
      Shape.Field("hold", duration, required: true, "how long the fault stays in force"),
      Shape.Field(
        "settle", duration, standard: TimeText.chosen(PlanReader.standardSettle),
        "how long the pair is watched after the healing"),
      Shape.Field(
        "recover", duration, standard: TimeText.chosen(PlanReader.standardRecover),
        "how long the pair may take to be redundant again"),
      Shape.Field(
        "repeat", .scalar(.form(.count(1...10_000))), standard: "1", "how often it is done"),
      Shape.Field(
        "tags", .list(of: .scalar(.name), atLeast: 0), "words to select the trial by"),
      Shape.Field(
        "expect",
        .either([expectations, .scalar(.form(.choice([PlanReader.standardExpectation])))]),
        standard: PlanReader.standardExpectation, "what the pair promises"),
    ]
  }

  private var expectations: Shape {
    .fields(
      Shape.Fields(
        noun: "expect", keys: "checks", unknown: .unknownCheck, empty: .nothingExpected,
        definition: "expectations",
        list: checks.map { check in
          var forms = check.forms.map { Shape.scalar(.form($0)) }
          if check.takesSeveral { forms += forms.map { .list(of: $0, atLeast: 1) } }
          return Shape.Field(
            check.name, forms.count == 1 ? forms[0] : .either(forms), check.summary)
        }))
  }
}

extension Shape.Field {
  init(_ parameter: Parameter) {
    self.init(
      parameter.name, .scalar(.form(parameter.form)), required: parameter.required,
      standard: parameter.standard?.description, parameter.summary)
  }
}
