// The JSON that keepalived writes of its instances (vrrp/vrrp_json.c): a list, or with `json_version 2`
// an object that has it.

internal import Foundation
internal import TakeoverModel

enum DaemonJSON {
  /// nil: it is not what keepalived writes, or not all of it.
  static func instances(_ text: String) -> [DaemonView.Instance]? {
    let decoder = JSONDecoder()
    let bytes = Data(text.utf8)
    let entries =
      (try? decoder.decode([Entry].self, from: bytes))
      ?? (try? decoder.decode(Document.self, from: bytes))?.vrrp
    return entries?.map(\.instance)
  }

  private struct Document: Decodable { var vrrp: [Entry] }

  private struct Entry: Decodable {
    var data: Facts
    var stats: [String: Int]?

    struct Facts: Decodable {
      var iname: String
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var ifp_ifname: String?
      var vrid: Int
      var state: Int
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var base_priority: Int?
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var effective_priority: Int?
      var vips: [String]?
      var evips: [String]?
    }

    var instance: DaemonView.Instance {
      DaemonView.Instance(
        name: data.iname, interface: data.ifp_ifname ?? "", vrid: data.vrid,
        state: DaemonJSON.state(data.state), priority: data.base_priority,
        effectivePriority: data.effective_priority,
        addresses: ((data.vips ?? []) + (data.evips ?? [])).compactMap { IPAddress(written: $0) },
        counters: stats.flatMap(DaemonJSON.counters))
    }
  }

  /// Of vrrp/vrrp.h.
  private static func state(_ number: Int) -> DaemonView.Instance.State? {
    switch number {
    case 0: .initial
    case 1: .backup
    case 2: .master
    case 3: .fault
    default: nil
    }
  }

  private static let refusals: [(String, DaemonView.Refusal)] = [
    ("packet_len_err", .length), ("ip_ttl_err", .ttl), ("invalid_type_rcvd", .type),
    ("advert_interval_err", .interval), ("addr_list_err", .addresses),
    ("invalid_authtype", .authenticationType), ("authtype_mismatch", .authenticationMismatch),
    ("auth_failure", .authenticationFailure),
  ]

  private static func counters(_ stats: [String: Int]) -> DaemonView.Counters? {
    guard let received = stats["advert_rcvd"], let sent = stats["advert_sent"],
      let became = stats["become_master"], let released = stats["release_master"]
    else { return nil }
    var counters = DaemonView.Counters(
      received: received, sent: sent, becameMaster: became, releasedMaster: released)
    for (key, reason) in refusals { counters.refused[reason] = stats[key] }
    return counters
  }
}
