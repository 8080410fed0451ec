// The shape of a lab file: which machines, which switch, which keepalived.

internal import TakeoverModel

enum LabShape {
  static let suites = ["bookworm", "bullseye", "trixie"]

  static let shape = Shape.fields(
    Shape.Fields(
      noun: "a lab",
      list: [
        Shape.Field("version", .scalar(.version), required: true, "1, the format's version"),
        Shape.Field("lab", .scalar(.name), required: true, "the lab's name"),
        Shape.Field(
          "nodes", .named(node, noun: "node", atLeast: 2), required: true,
          "the machines of the pair, by name"),
        Shape.Field(
          "clients", .named(.scalar(.network), noun: "client", atLeast: 0),
          "machines that look at the pair from outside: name, address and prefix length"),
        Shape.Field(
          "machines", .named(machine, noun: "machine", atLeast: 0),
          "machines of their own beside the pair, without keepalived: rogues, bystanders"),
        Shape.Field(
          "addresses", SiteShape.addresses, required: true,
          "the virtual addresses with their prefix lengths"),
        Shape.Field(
          "may-bind", .list(of: .scalar(.name), atLeast: 1),
          "the nodes whose ports may use the virtual addresses, as a cloud subnet has it; without it, "
            + "all"),
        Shape.Field("keepalived", keepalived, "what both nodes' keepalived.conf says"),
        Shape.Field(
          "service-port", SiteShape.port, standard: "80",
          "the port on which every node says its name"),
      ]))

  private static var machine: Shape {
    .fields(Shape.Fields(noun: "a machine", list: [address] + build))
  }

  private static let address = Shape.Field(
    "address", .scalar(.network), required: true, "its own address and prefix length")

  private static let build: [Shape.Field] = {
    func choice(_ words: [String]) -> Shape { .scalar(.form(.choice(words))) }
    return [
      Shape.Field(
        "image", choice(suites + ["host"]), standard: suites[0],
        "a Debian suite, or the machine the lab runs on"),
      Shape.Field(
        "init", choice(LabNode.Init.allCases.map(\.rawValue)), standard: "systemd",
        "systemd, or plain: the daemons without it"),
      Shape.Field(
        "management", choice(LabNode.Management.allCases.map(\.rawValue)),
        standard: "separate", "the way to the node: a second interface, or in-band"),
    ]
  }()

  private static var node: Shape {
    .fields(
      Shape.Fields(
        noun: "a node",
        list: [
          address,
          Shape.Field(
            "priority", .scalar(.form(.count(1...254))), required: true,
            "its VRRP priority (RFC 9568, 5.2.4: 255 is the address owner's)"),
        ] + build))
  }

  private static var keepalived: Shape {
    let standard = LabKeepalived()
    let flag = Shape.scalar(.form(.flag))
    func duration(_ value: Duration) -> (Shape, String) {
      (SiteShape.duration, TimeText.chosen(value))
    }
    func field(_ name: String, _ shape: (Shape, String), _ summary: String) -> Shape.Field {
      Shape.Field(name, shape.0, standard: shape.1, summary)
    }
    func count(_ range: ClosedRange<Int>, _ value: Int) -> (Shape, String) {
      (.scalar(.form(.count(range))), String(value))
    }
    return .fields(
      Shape.Fields(
        noun: "keepalived",
        list: [
          field("version", count(2...3, standard.version), "VRRP version"),
          field("vrid", count(1...255, standard.vrid), "virtual router id"),
          field("interval", duration(standard.interval), "advertisement interval"),
          field(
            "mode",
            (
              .scalar(.form(.choice(LabKeepalived.Mode.allCases.map(\.rawValue)))),
              standard.mode.rawValue
            ), "how advertisements travel"),
          field(
            "preempt", (flag, String(standard.preempt)),
            "whether a returning higher priority takes the addresses back"),
          Shape.Field("preempt-delay", SiteShape.duration, "how long it waits before"),
          Shape.Field(
            "password", SiteShape.text, standard: standard.password,
            "auth_pass of VRRPv2, at most 8 characters count; \"\" is none"),
          field(
            "garp-master-delay", duration(standard.garpMasterDelay),
            "when announcements are sent again"),
          field(
            "garp-master-refresh", duration(standard.garpMasterRefresh),
            "how often announcements are repeated; 0s is never"),
          field(
            "garp-master-repeat", count(1...100, standard.garpMasterRepeat),
            "announcements per address at once"),
          field(
            "instances",
            (
              .scalar(.form(.choice(LabKeepalived.Instances.allCases.map(\.rawValue)))),
              standard.instances.rawValue
            ), "one virtual router for all addresses, or one for each, with the vrids that follow"),
          Shape.Field(
            "real-time-priority", .scalar(.form(.count(1...99))),
            "of the process that speaks VRRP, which stays in memory then (vrrp_no_swap); without it, it "
              + "waits for a processor like any other"),
          Shape.Field(
            "check", check,
            "a script that keepalived tracks, /etc/keepalived/check: whether haproxy answers there"),
        ]))
  }

  private static var check: Shape {
    let standard = LabCheck()
    func count(_ range: ClosedRange<Int>) -> Shape { .scalar(.form(.count(range))) }
    return .fields(
      Shape.Fields(
        noun: "a check",
        list: [
          Shape.Field(
            "interval", SiteShape.duration, standard: TimeText.chosen(standard.interval),
            "how often it is run"),
          Shape.Field(
            "timeout", SiteShape.duration, standard: TimeText.chosen(standard.timeout),
            "a run that takes longer has failed"),
          Shape.Field(
            "fall", count(1...100), standard: String(standard.fall),
            "failures in a row that count"),
          Shape.Field(
            "rise", count(1...100), standard: String(standard.rise),
            "successes in a row that count"),
          Shape.Field(
            "weight", count(-253...253), standard: String(standard.weight),
            "added to the priority; 0: a node whose check fell leaves the election"),
        ]))
  }
}
