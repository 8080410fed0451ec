// keepalived.conf(5) of one lab node, written from the lab's parameters.

import TakeoverModel

extension LabLayout {
  /// The file for `machine`; the peers are all other nodes of the lab.
  func keepalivedConfiguration(for machine: Machine) -> String {
    let keepalived = description.keepalived
    let own = machine.cables[0].address
    // One instance speaks one family; addresses of the other family ride along, unadvertised.
    let advertised = description.addresses.filter { $0.address.isV4 == own.isV4 }
    let excluded = description.addresses.filter { $0.address.isV4 != own.isV4 }
    let routers = keepalived.instances == .one ? [advertised] : advertised.map { [$0] }
    var globals = ["router_id \(machine.name)", "vrrp_version \(keepalived.version)"]
    // In memory: a kernel that takes pages nobody used for a while makes the takeover wait for the disk.
    if keepalived.realTimePriority != nil { globals.append("vrrp_no_swap") }
    if keepalived.check != nil { globals += ["script_user root", "enable_script_security"] }
    var all = Self.block("global_defs", globals) + (keepalived.check.map(Self.script) ?? [])
    for (index, addresses) in routers.enumerated() {
      all += Self.block(
        "vrrp_instance VI_\(index + 1)",
        instance(index, of: machine, addresses, excluded: index == 0 ? excluded : []))
    }
    return all.joined(separator: "\n") + "\n"
  }

  private func instance(
    _ index: Int, of machine: Machine, _ addresses: [VirtualAddress], excluded: [VirtualAddress]
  ) -> [String] {
    let keepalived = description.keepalived
    let peers = members.filter { $0.name != machine.name }.map { $0.cables[0].address }
    var lines = [
      "state BACKUP", "interface eth0", "virtual_router_id \(keepalived.vrid + index)",
    ]
    if !keepalived.preempt { lines.append("nopreempt") }
    if keepalived.preempt, let delay = keepalived.preemptDelay {
      lines.append("preempt_delay \(Self.seconds(delay))")
    }
    lines.append("priority \(machine.node?.priority ?? 100)")
    lines.append("advert_int \(Self.seconds(keepalived.interval))")
    if keepalived.version == 2, let password = keepalived.password {
      lines += Self.block("authentication", ["auth_type PASS", "auth_pass \(password)"])
    }
    if keepalived.mode == .unicast {
      lines.append("unicast_src_ip \(machine.cables[0].address)")
      lines += Self.block("unicast_peer", peers.map(\.description))
    }
    lines += Self.block("virtual_ipaddress", addresses.map(Self.virtual))
    if !excluded.isEmpty {
      lines += Self.block("virtual_ipaddress_excluded", excluded.map(Self.virtual))
    }
    lines.append("garp_master_delay \(keepalived.garpMasterDelay.components.seconds)")
    lines.append("garp_master_refresh \(keepalived.garpMasterRefresh.components.seconds)")
    lines.append("garp_master_repeat \(keepalived.garpMasterRepeat)")
    lines += Self.block("track_interface", ["eth0"])
    if keepalived.check != nil { lines += Self.block("track_script", ["service"]) }
    return lines
  }

  private static func script(_ check: LabCheck) -> [String] {
    block(
      "vrrp_script service",
      [
        "script \"/\(checkProgram)\"", "interval \(seconds(check.interval))",
        "timeout \(seconds(check.timeout))", "fall \(check.fall)", "rise \(check.rise)",
        "weight \(check.weight)",
      ])
  }

  private static func virtual(_ address: VirtualAddress) -> String {
    "\(address.address)/\(address.prefix)"
  }

  private static func block(_ name: String, _ lines: [String]) -> [String] {
    [name + " {"] + lines.map { "    " + $0 } + ["}"]
  }

  /// Seconds as keepalived reads them: `1`, `0.1`, `1.25`; 10 ms is its finest step for adverts.
  static func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var fraction = String(attoseconds / 1_000_000_000_000_000)
    guard fraction != "0" else { return String(seconds) }
    fraction = String(repeating: "0", count: max(0, 3 - fraction.count)) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(seconds).\(fraction)"
  }
}
