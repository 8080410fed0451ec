// takeover lab: a laboratory of real nodes that stays up between runs.

internal import ArgumentParser
internal import Foundation
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverRemote

struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "Build a lab of real nodes on this machine, look, take it away.",
    discussion: """
      EXAMPLES
        takeover lab up keepalived-pair
        takeover lab exec keepalived-pair a -- systemctl status keepalived
        takeover lab status keepalived-pair
        takeover lab down keepalived-pair
        takeover lab image keepalived-pair       make the image only

      NAME is a file, or the name of one in Plans/labs.
      """,
    subcommands: [Up.self, Down.self, Status.self, Exec.self, Image.self])

  struct Named: ParsableArguments {
    @Argument(help: "A lab file, or its name in Plans/labs.", completion: .labs)
    var name: String

    func description() throws -> LabDescription { try Self.description(of: name) }

    static func description(of name: String) throws -> LabDescription {
      let path =
        FileManager.default.fileExists(atPath: name) ? name : "Plans/labs/\(name).yaml"
      guard FileManager.default.fileExists(atPath: path) else {
        let known = ((try? FileManager.default.contentsOfDirectory(atPath: "Plans/labs")) ?? [])
          .filter { $0.hasSuffix(".yaml") }
        throw Ending(
          .notFound, "there is no lab \"\(name)\"",
          remedy: "labs: \(known.sorted().joined(separator: ", "))")
      }
      let (lab, diagnostics) = LabReader().read(text: try Selection.text(at: path), path: path)
      guard let lab else {
        throw Ending(
          .planInvalid, diagnostics.map(\.rendered).joined(separator: "\n"), remedy: "")
      }
      return try LabFiles.found(lab, besides: path)
    }
  }

  struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the lab, or leave it as it is.",
      discussion: """
        EXAMPLES
          takeover lab up keepalived-pair
          takeover lab up my-lab.yaml
        """)
    @OptionGroup var lab: Named

    func run() async throws {
      let description = try lab.description()
      let (site, path) = try await Wiring.laboratory(description) { laboratory in
        let site = try await laboratory.up { Terminal.note("takeover: \($0)") }
        let path = laboratory.layout.folder + "/site.yaml"
        try RunFolder.write(Array(Wiring.siteText(site).utf8), to: path)
        return (site, path)
      }
      for node in site.nodes {
        Terminal.tell("\(node.name)  \(node.addresses.map(\.description).joined(separator: " "))")
      }
      Terminal.tell(
        "addresses  \(site.addresses.map(\.address.description).joined(separator: " "))")
      Terminal.tell("site       \(path)")
      if let endpoint = try Wiring.endpoint(of: description) { tell(endpoint) }
      Terminal.tell("inside: takeover lab exec \(lab.name) \(site.nodes[0].name) -- ip address")
    }

    private func tell(_ endpoint: LabLayout.Endpoint) {
      let key = LabLayout.credential
      Terminal.tell(
        "endpoint   \(endpoint.address) (and http) for the nodes, and inside: nsenter --net="
          + endpoint.namespace)
      Terminal.tell(
        "           region \(key.region), SecretId \(key.secretID), SecretKey \(key.secretKey), "
          + "authority \(endpoint.authority)")
      Terminal.tell("decisions  \(endpoint.decisions)")
    }
  }

  struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take the lab away.",
      discussion: """
        EXAMPLES
          takeover lab down keepalived-pair
        """)
    @OptionGroup var lab: Named

    func run() async throws {
      try await Wiring.laboratory(try lab.description()) { laboratory in
        try await laboratory.down { Terminal.note("takeover: \($0)") }
      }
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what is up. Exit 2 when the lab is not.",
      discussion: """
        EXAMPLES
          takeover lab status keepalived-pair
        """)
    @OptionGroup var lab: Named

    func run() async throws {
      let status = try await Wiring.laboratory(try lab.description()) { try await $0.status() }
      Terminal.tell(status.isUp ? "up" : status.exists ? "incomplete" : "down")
      for (name, power) in status.power.sorted(by: { $0.key < $1.key }) {
        let first = status.firstProcesses[name].map { ", first process \($0)" } ?? ""
        Terminal.tell("  \(name): \(power.rawValue)\(first)")
      }
      try end(status.isUp ? .passed : .noVerdict)
    }
  }

  struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run a command inside a machine of the lab.",
      discussion: """
        EXAMPLES
          takeover lab exec keepalived-pair a
          takeover lab exec keepalived-pair a -- journalctl -u keepalived
        """)
    @OptionGroup var lab: Named
    @Argument(help: "The machine.") var machine: String
    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var words: [String] = []

    func run() async throws {
      let wanted = words.first == "--" ? Array(words.dropFirst()) : words
      let command = try await Wiring.laboratory(try lab.description()) { laboratory in
        laboratory.execution(of: wanted.isEmpty ? ["sh"] : wanted, on: machine)
      }
      guard let command else {
        throw Ending(
          .notFound, "the lab has no machine \"\(machine)\"", remedy: "see takeover lab status")
      }
      try Replacement.become(command)
    }
  }

  struct Image: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the images of the lab's nodes, if the cache does not have them.",
      discussion: """
        EXAMPLES
          takeover lab image keepalived-pair
        """)
    @OptionGroup var lab: Named

    func run() async throws {
      try await Wiring.laboratory(try lab.description()) { laboratory in
        try await laboratory.prepareImages { Terminal.note("takeover: \($0)") }
      }
    }
  }
}

/// Becomes another program, so that terminal, signals and status are its own.
enum Replacement {
  static func become(_ command: Command) throws -> Never {
    var words = unsafe command.arguments.map { unsafe strdup($0) } + [nil]
    unsafe execvp(command.arguments[0], &words)
    throw Ending(
      .notFound, "\(command.arguments[0]): \(unsafe String(cString: strerror(errno)))",
      remedy: "is util-linux installed?")
  }
}
