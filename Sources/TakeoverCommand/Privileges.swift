// What this process may do, and what a site's own captures and probes ask of it: a run that could see
// nothing must not break anything.

internal import Foundation
internal import TakeoverModel

struct Privileges: Equatable {
  /// capabilities(7): the effective set.
  let effective: UInt64

  static let all = Privileges(effective: .max)

  /// linux/capability.h.
  private static let netRaw: UInt64 = 1 << 13
  private static let sysAdmin: UInt64 = 1 << 21

  /// `status`: of /proc/self/status (proc(5)); nil when it does not tell.
  init?(status: String) {
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    guard let set = line?.dropFirst(7).drop(while: \.isWhitespace),
      let bits = UInt64(set, radix: 16)
    else { return nil }
    effective = bits
  }

  private init(effective: UInt64) { self.effective = effective }

  /// Where the kernel does not tell, a later error will.
  static var own: Privileges {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    return status.flatMap(Privileges.init(status:)) ?? .all
  }

  /// Ends the command before anything is broken for nothing. A lab says itself what it needs.
  func check(_ job: Job) throws {
    guard case .site(let site) = job.place, let missing = missing(for: site) else { return }
    throw Ending(.missingPrivilege, missing.problem, remedy: missing.remedy)
  }

  /// nil: nothing is missing. What nodes and machines capture and ask themselves needs nothing here.
  func missing(for site: Site) -> Complaint? {
    let captures = site.captures.filter { $0.through == nil }
    let vantages = site.vantages.filter { $0.through == nil }
    let names = (captures.map(\.name) + vantages.map(\.name)).joined(separator: ", ")
    let inNamespaces =
      captures.contains { $0.namespace != nil } || vantages.contains { $0.namespace != nil }
      || (site.nodes.map(\.reach) + site.machines.map(\.reach)).contains { $0.namespace != nil }
    if inNamespaces, effective & Self.sysAdmin == 0 {
      return Complaint(
        "\(site.name) names network namespaces, and entering one needs CAP_SYS_ADMIN",
        remedy: "run takeover as root")
    }
    guard !names.isEmpty, effective & Self.netRaw == 0 else { return nil }
    return Complaint(
      "capturing and asking from here (\(names)) needs CAP_NET_RAW",
      remedy: "run takeover as root, or give it that one capability: "
        + "setcap cap_net_raw+ep \"$(command -v takeover)\"")
  }
}
