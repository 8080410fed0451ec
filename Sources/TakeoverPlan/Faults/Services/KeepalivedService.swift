// What becomes of a pair when keepalived's own processes are struck.

internal import TakeoverModel

enum KeepalivedService {
  /// The service's name in plans and sites.
  static let name = "keepalived"

  /// A blow at another service is one that VRRP knows of by its checks.
  static func means(_ consequence: Consequence, to service: String) -> Consequence {
    service == name ? consequence : .beside("the service \(service)")
  }

  /// Which of its processes it is, the VRRP process or one for virtual servers, only the node knows.
  private static let worker = Consequence.open(
    "which of keepalived's processes is its oldest without children is known on the node only")

  /// Standing still. The first process reads files and minds its children: VRRP goes on without it.
  static func frost(of scope: ProcessScope) -> Consequence {
    switch scope {
    case .tree, .child: .silence(.frozen)
    case .parent: .nothing
    case .worker: worker
    }
  }

  /// What a deadly signal means, to all of its processes or to some. The child that speaks VRRP says
  /// goodbye at SIGTERM, which the kernel sends it when its parent dies (prctl(2), PR_SET_PDEATHSIG); a
  /// parent whose child died strips the addresses from the kernel when it starts a new one.
  static func death(of scope: ProcessScope, by signal: String) -> Consequence {
    switch scope {
    case .tree: signal == "TERM" ? .goodbye : .silence(.kept)
    case .parent: .goodbye
    case .child: signal == "TERM" ? .goodbye : .silence(.restarted)
    case .worker: worker
    }
  }
}
