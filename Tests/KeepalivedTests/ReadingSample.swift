// Short ways to read a text in a test.

import TakeoverKeepalived
import Testing

enum Reader {
  /// The machine of the corpus: its interfaces and its users.
  static func host(_ version: DaemonVersion = .bookworm) -> Host {
    Host(
      version: version, configID: "node-a", interfaces: ["lo", "eth0", "eth1"],
      users: ["root", "nobody"], missingScripts: ["/usr/bin/nothere"])
  }

  static func read(
    _ text: String, _ version: DaemonVersion = .bookworm, files: [String: String] = [:]
  ) -> Configuration {
    let named = ConfigurationFiles.named(files.mapValues { Array($0.utf8) })
    return ConfigurationReader(host: host(version), files: named)
      .read(Array(text.utf8), at: "/etc/keepalived/keepalived.conf")
  }

  /// An instance with all it needs, and `lines` before that.
  static func text(_ lines: String, before: String = "", after: String = "") -> String {
    """
    \(before)
    vrrp_instance VI_1 {
    \(lines)
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
        192.0.2.10/24
      }
    }
    \(after)
    """
  }

  static func instance(
    _ lines: String, before: String = "", _ version: DaemonVersion = .bookworm
  ) throws -> (instance: Instance, configuration: Configuration) {
    let configuration = read(text(lines, before: before), version)
    return (try #require(configuration.instances.first), configuration)
  }
}

extension Configuration {
  func says(_ gravity: Remark.Gravity, _ words: String) -> Bool {
    remarks.contains { $0.gravity == gravity && $0.sentence.contains(words) }
  }

  var isRefused: Bool { remarks.contains { $0.gravity == .refused } }
  var words: [String] { remarks.map { "\($0.gravity.rawValue) \($0.place): \($0.sentence)" } }
}
