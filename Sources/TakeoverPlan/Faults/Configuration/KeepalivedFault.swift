// What the faults that edit a keepalived.conf have in common: their parameters, and the way from an
// edit to a procedure.

internal import TakeoverModel

struct KeepalivedFault {
  static let file = Parameter(
    "file", .text, standard: .text("/etc/keepalived/keepalived.conf"),
    summary: "the file with the instance; it may be one that another includes")

  static let parameters = [
    ServiceProcesses.parameter, file,
    Parameter("instance", .text, summary: "the vrrp_instance; standard: all in the file"),
    Parameter(
      "apply", .choice([Application.reload.rawValue, Application.restart.rawValue]),
      standard: .text(Application.reload.rawValue),
      summary: "how keepalived is made to read it, now and after the healing"),
  ]

  static let requires = ["awk"]

  let kind: String
  let file: String
  let instance: String?
  private let service: String
  private let apply: Application

  init(_ arguments: Arguments, kind: String) throws(Complaint) {
    self.kind = kind
    file = try Self.file(arguments)
    instance = arguments.text("instance")
    service = arguments.text("service") ?? "keepalived"
    apply = arguments.text("apply").flatMap(Application.init) ?? .reload
  }

  /// The file that is edited, checked.
  static func file(_ arguments: Arguments) throws(Complaint) -> String {
    let file = arguments.text("file") ?? ""
    guard file.hasPrefix("/"), !file.hasSuffix("/"), !file.contains("\n"),
      !file.hasPrefix(Procedure.root + "/")
    else {
      throw Complaint(
        "\"\(file)\" is not a file's absolute path",
        remedy: "name the file as it stands on the node, below /")
    }
    return file
  }

  /// keepalived reads the edited file, or another service does.
  func consequence(_ operation: KeepalivedText.Operation) -> Consequence {
    KeepalivedService.means(
      .rereads(
        Rereading(
          of: file, by: KeepalivedText.edit(operation, of: instance), restarts: apply == .restart)),
      to: service)
  }

  /// `what` the file must have for the edit, as `auth_pass`; of every operation it is an instance.
  func procedure(
    _ operation: KeepalivedText.Operation, lacking what: String, on node: Node
  ) throws(Complaint) -> Procedure {
    let whose = instance.map { " in the instance \($0)" } ?? ""
    return try ConfigurationEdit(
      of: file, by: KeepalivedText.edit(operation, of: instance), for: service, on: node,
      apply: apply, kind: kind
    ).procedure(otherwise: "has \(what)\(whose) in \(file)")
  }
}
