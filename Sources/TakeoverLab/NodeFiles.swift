// What a node's disk has beyond its image: configuration of the daemons, and who it is.

import TakeoverModel

struct NodeFile: Hashable, Sendable {
  var path: String
  var mode: String
  var content: String

  init(_ path: String, mode: String = "644", _ content: String) {
    self.path = path
    self.mode = mode
    self.content = content
  }
}

extension LabLayout {
  func files(for machine: Machine) -> [NodeFile] {
    var common = [
      NodeFile("etc/hostname", machine.name + "\n"),
      NodeFile("etc/hosts", hosts()),
      NodeFile("etc/resolv.conf", ""),
      NodeFile("etc/fstab", ""),
      NodeFile("etc/machine-id", machineID(machine) + "\n"),
      NodeFile("etc/haproxy/haproxy.cfg", haproxyConfiguration(for: machine)),
      NodeFile("etc/ssh/sshd_config", Self.sshdConfiguration),
      NodeFile("etc/takeover/allow", description.name + "\n"),
    ]
    if machine.isMember {
      common.append(
        NodeFile("etc/keepalived/keepalived.conf", keepalivedConfiguration(for: machine)))
    }
    if machine.isMember, description.keepalived.check != nil {
      common.append(NodeFile(Self.checkProgram, mode: "755", check))
    }
    let services = Self.services(of: machine)
    return switch machine.node?.firstProcess {
    case .plain: common + Self.plainFiles(services, realTime: realTimePriority)
    default:
      common + Self.systemdFiles(services.map { $0 + ".service" } + watchers(of: machine))
        + keepalivedUnit(of: machine)
    }
  }

  private var realTimePriority: Int? { description.keepalived.realTimePriority }

  /// A check that runs before its service does fails, and the node is in FAULT for the first seconds.
  private func keepalivedUnit(of machine: Machine) -> [NodeFile] {
    guard machine.isMember else { return [] }
    var lines = description.keepalived.check == nil ? [] : ["[Unit]", "After=haproxy.service"]
    if realTimePriority != nil {
      lines += ["[Service]", "ExecStartPost=\(Self.firstProgram)"]
    }
    guard !lines.isEmpty else { return [] }
    return [
      NodeFile(
        "etc/systemd/system/keepalived.service.d/lab.conf", lines.joined(separator: "\n") + "\n")
    ] + (realTimePriority.map(Self.goingFirst) ?? [])
  }

  private func hosts() -> String {
    let lines = machines.map { "\($0.cables[0].address) \($0.name)" }
    return (["127.0.0.1 localhost", "::1 localhost"] + lines).joined(separator: "\n") + "\n"
  }

  /// 32 hexadecimal digits (machine-id(5)), the same each time for the same node.
  private func machineID(_ machine: Machine) -> String {
    let name = description.name + "/" + machine.name
    return Digest.hexadecimal(name, digits: 16) + Digest.hexadecimal(name + "+", digits: 16)
  }

  /// Answers every request with the node's name, so that a probe can tell who answered.
  private func haproxyConfiguration(for machine: Machine) -> String {
    let hasV6 = description.addresses.contains { !$0.address.isV4 }
    let bindV6 = hasV6 ? "\n    bind :::\(description.servicePort) v6only" : ""
    return """
      global
          maxconn 200
          nbthread 1
      defaults
          mode http
          timeout connect 1s
          timeout client 5s
          timeout server 5s
      frontend service
          bind *:\(description.servicePort)\(bindV6)
          http-request return status 200 content-type text/plain string \(machine.name)

      """
  }

  /// What keepalived tracks where the lab asks for it, relative to the node's root.
  static let checkProgram = "etc/keepalived/check"

  /// bash(1) opens /dev/tcp/HOST/PORT by itself: a node needs no other program for it.
  private var check: String {
    """
    #!/bin/bash
    exec 3<>/dev/tcp/127.0.0.1/\(description.servicePort) || exit 1
    printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
    read -r -t 1 line <&3 && [[ $line == *" 200 "* ]]

    """
  }

  /// Without PAM a login costs no session; the key is the only way in.
  private static let sshdConfiguration = """
    HostKey /etc/ssh/ssh_host_ed25519_key
    AuthorizedKeysFile /root/.ssh/authorized_keys
    PermitRootLogin prohibit-password
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    UsePAM no
    PrintMotd no
    MaxSessions 64
    MaxStartups 100
    Subsystem sftp internal-sftp

    """

  /// The node's own target: the units under test and the journal, nothing of the image's habits.
  private static func systemdFiles(_ units: [String]) -> [NodeFile] {
    [
      NodeFile(
        "etc/systemd/system/takeover.target",
        """
        [Unit]
        Description=Takeover lab node
        Wants=systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket
        Wants=\(units.joined(separator: " "))
        After=basic.target
        Conflicts=shutdown.target
        AllowIsolate=yes

        """),
      NodeFile(
        "etc/systemd/journald.conf", "[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\nAudit=no\n"),
      NodeFile("etc/systemd/system.conf", "[Manager]\nDefaultTimeoutStopSec=10s\n"),
    ]
  }
}
