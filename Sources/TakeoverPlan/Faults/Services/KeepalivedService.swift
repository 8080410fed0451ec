// What becomes of a pair when keepalived's own processes are struck.

internal import TakeoverModel

enum KeepalivedService {
  /// The service's name in plans and sites.
  static let name = "keepalived"

  /// What a deadly signal means, to all of its processes or to some. The child that speaks VRRP says
  /// goodbye at SIGTERM, which the kernel sends it when its parent dies (prctl(2), PR_SET_PDEATHSIG); a
  /// parent whose child died strips the addresses from the kernel when it starts a new one.
  static func death(of scope: ProcessScope, by signal: String) -> Consequence? {
    switch scope {
    case .tree: signal == "TERM" ? .goodbye : .silence(.kept)
    case .parent: .goodbye
    case .child: signal == "TERM" ? nil : .silence(.gone)
    case .worker: nil
    }
  }
}
