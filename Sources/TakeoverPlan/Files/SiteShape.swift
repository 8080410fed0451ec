// The shape of a site file: real machines, how to reach them, and where to watch.

internal import TakeoverModel

enum SiteShape {
  static let text = Shape.scalar(.form(.text))
  static let interface = Shape.scalar(.interface)
  static let port = Shape.scalar(.form(.count(1...65535)))
  static let duration = Shape.scalar(.form(.duration))
  static let addresses = Shape.list(of: .scalar(.network), atLeast: 1)

  static let shape = Shape.fields(
    Shape.Fields(
      noun: "a site",
      list: [
        Shape.Field("version", .scalar(.version), required: true, "1, the format's version"),
        Shape.Field("site", .scalar(.name), required: true, "the site's name, in reports"),
        Shape.Field(
          "environment",
          .scalar(.form(.choice(Site.Environment.allCases.map(\.rawValue)))), required: true,
          "lab, test or production"),
        Shape.Field(
          "nodes", .named(node, noun: "node", atLeast: 2), required: true,
          "the machines of the pair, by name"),
        Shape.Field(
          "machines", .named(machine, noun: "machine", atLeast: 0),
          "machines beside the pair: to capture on, to probe from, or to be a rogue; by name"),
        Shape.Field(
          "addresses", addresses, required: true,
          "the virtual addresses with their prefix lengths"),
        Shape.Field(
          "vrid", .scalar(.form(.count(1...255))), "the virtual router id, where VRRP is used"),
        Shape.Field(
          "capture", .list(of: capture, atLeast: 0), "where frames are captured"),
        Shape.Field("probes", probes, "who asks the virtual addresses, and how often"),
        Shape.Field(
          "windows", .list(of: .scalar(.window), atLeast: 1),
          "when it may be broken: 22:00-06:00, Mon-Fri 01:30-05:00; without it, always"),
        Shape.Field(
          "timezone", .scalar(.timezone), standard: "UTC",
          "whose clock the windows mean: a name such as Europe/Berlin"),
      ]))

  private static let reach = [
    Shape.Field("host", text, required: true, "host name, address or alias for SSH"),
    Shape.Field("port", port, standard: "22", "port for SSH"),
    Shape.Field("user", text, standard: "root", "user for SSH"),
    Shape.Field(
      "client", .scalar(.form(.choice(Reach.Client.allCases.map(\.rawValue)))),
      standard: "automatic", "who speaks SSH: libssh2, openssh, or whichever can"),
    Shape.Field("config", text, "path of the ssh_config file, or none"),
    Shape.Field("sudo", .scalar(.form(.flag)), standard: "false", "commands run by sudo -n"),
    Shape.Field("identity", text, "path of the private key"),
    Shape.Field("known-hosts", text, "path of the known_hosts file"),
    Shape.Field("namespace", text, "path of the network namespace to connect from"),
  ]

  private static let address = Shape.either([
    .scalar(.form(.address)), .list(of: .scalar(.form(.address)), atLeast: 1),
  ])

  private static var machine: Shape {
    .fields(
      Shape.Fields(
        noun: "a machine",
        list: reach + [
          Shape.Field(
            "interface", interface,
            "its interface in the pair's segment; without it nothing is done to it"),
          Shape.Field("address", address, "its own address there, or a list of them"),
        ]))
  }

  private static var node: Shape {
    .fields(
      Shape.Fields(
        noun: "a node",
        list: reach + [
          Shape.Field(
            "interface", interface, required: true, "the interface with the virtual addresses"),
          Shape.Field(
            "address", address, required: true,
            "the node's own address, or a list of them, on that interface"),
          Shape.Field(
            "priority", .scalar(.form(.count(1...255))),
            "the VRRP priority that its configuration gives it, for the report"),
          Shape.Field(
            "other-way", .fields(Shape.Fields(noun: "another way", list: reach)),
            "a second way there, to heal it when the first does not lead there"),
          Shape.Field(
            "reboot", command,
            "what starts it anew, as the last means to heal it; without it, that is not done"),
          Shape.Field(
            "outside", outside, "what can be done to it from outside: by a hypervisor, a switch"),
          Shape.Field(
            "services", .named(service, noun: "service", atLeast: 0),
            standard: "keepalived: {unit: keepalived}", "services by the names that plans use"),
        ]))
  }

  private static var outside: Shape {
    let words: [Outside.Act: String] = [
      .power: "cuts its power at once; mend starts it",
      .pause: "makes the whole machine stand still",
      .carrier: "takes the carrier of its cable away, at the far end",
      .forwarding: "makes the switch's port not forward",
      .memory: "makes the switch forget which port leads to it",
    ]
    let commands = Shape.fields(
      Shape.Fields(
        noun: "what is done from outside",
        list: [
          Shape.Field("break", command, required: true, "does it; text is a line for sh"),
          Shape.Field("mend", command, required: true, "undoes it; harmless when it is undone"),
          Shape.Field("broken", command, required: true, "exits with 0 while it is in force"),
        ]))
    return .fields(
      Shape.Fields(
        noun: "outside", empty: .tooFew,
        list: [
          Shape.Field(
            "at", .fields(Shape.Fields(noun: "a machine", list: reach)),
            "where the commands are run; without it, here")
        ]
          + Outside.Act.allCases.map {
            Shape.Field($0.rawValue, commands, words[$0, default: ""])
          }))
  }

  static let command = Shape.either([text, .list(of: text, atLeast: 1)])

  static var service: Shape {
    let unit = Shape.Fields(
      noun: "a service with a unit",
      list: [Shape.Field("unit", .scalar(.unit), required: true, "the systemd unit")])
    let commands = Shape.Fields(
      noun: "a service with commands",
      list: [
        Shape.Field("start", command, required: true, "starts it; text is a line for sh"),
        Shape.Field("stop", command, required: true, "stops it"),
        Shape.Field("active", command, required: true, "exits with 0 when it runs"),
        Shape.Field(
          "main-process", command, required: true, "prints the id of its first process"),
        Shape.Field(
          "reload", command, "has it read its configuration anew; reload-service needs it"),
      ])
    return .either([.fields(unit), .fields(commands)])
  }

  private static var capture: Shape {
    .fields(
      Shape.Fields(
        noun: "a capture",
        list: [
          Shape.Field("name", .scalar(.name), required: true, "its name, in the evidence"),
          Shape.Field("interface", interface, required: true, "where frames are captured"),
          Shape.Field("namespace", text, "path of the interface's network namespace"),
          Shape.Field(
            "node", .scalar(.name),
            "the node behind this port; without it a shared segment, but on a node its own port"),
          Shape.Field(
            "through", .scalar(.name),
            "the node or machine on which tcpdump captures; without it, here"),
          Shape.Field(
            "vlan", .scalar(.form(.count(1...4094))),
            "the 802.1Q network that is meant, on a trunk; without it the untagged one"),
        ]))
  }

  private static var probes: Shape {
    let vantage = Shape.fields(
      Shape.Fields(
        noun: "a vantage point",
        list: [
          Shape.Field("name", .scalar(.name), required: true, "its name, in reports"),
          Shape.Field("interface", interface, required: true, "where questions are sent from"),
          Shape.Field("namespace", text, "path of the interface's network namespace"),
          Shape.Field(
            "through", .scalar(.name), "the machine from which is asked; without it, this one"),
        ]))
    let never = Shape.either([duration, .scalar(.form(.choice(["never"])))])
    let standard = Probing()
    return .fields(
      Shape.Fields(
        noun: "probes",
        list: [
          Shape.Field(
            "from", .either([vantage, .list(of: vantage, atLeast: 0)]), required: true,
            "one vantage point, or a list of them"),
          Shape.Field(
            "arp", never, standard: spelled(standard.arp), "the period of ARP probes, or never"),
          Shape.Field(
            "echo", never, standard: spelled(standard.echo), "the period of pings, or never"),
          Shape.Field(
            "connect", never, standard: spelled(standard.connect),
            "the period of TCP connections, or never"),
          Shape.Field("port", port, standard: String(standard.port), "the port of connect"),
        ]))
  }

  /// A period as the file has it.
  static func spelled(_ period: Duration?) -> String { period.map(TimeText.chosen) ?? "never" }
}
