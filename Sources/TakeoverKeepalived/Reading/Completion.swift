// What the daemon finds once everything is read: instances that cannot run, and keywords that do not
// go together (keepalived 2.2.7, vrrp/vrrp.c, vrrp_complete_init and vrrp_complete_instance).

internal import TakeoverModel

enum Completion {
  static func complete(_ configuration: inout Configuration, _ reading: inout Reading) {
    secureScripts(&configuration, &reading)
    for instance in configuration.instances {
      checkLeast(instance, configuration.globals, &reading)
    }
    checkGroups(configuration, &reading)
    let lookup = TrackLookup(configuration)
    for index in configuration.instances.indices {
      let instance = configuration.instances[index]
      checkStrict(instance, configuration.globals, &reading)
      checkAuthentication(instance, configuration.globals, &reading)
      checkUnicast(instance, configuration.globals, &reading)
      checkInterval(instance, configuration.globals, &reading)
      checkPreemption(instance, configuration.globals, &reading)
      checkAddresses(&configuration.instances[index], configuration.globals, &reading)
      checkTracks(instance, lookup, &reading)
    }
    checkRouterIDs(configuration, &reading)
    checkUnused(configuration, &reading)
  }

  private static func secureScripts(_ configuration: inout Configuration, _ reading: inout Reading)
  {
    guard !configuration.instances.isEmpty else { return }
    let missing = configuration.scripts.filter { script in
      script.command?.value.first.map(reading.host.missingScripts.contains) ?? false
    }
    let names = Set(missing.map(\.name))
    for script in missing {
      reading.remarks.error(
        "the command of vrrp_script \(quoted(script.name)) is not there: the script is left out, and"
          + " nothing tracks it", at: script.command?.place ?? script.place,
        remedy: "Put it there, or name another one.")
    }
    if !names.isEmpty {
      for index in configuration.instances.indices {
        configuration.instances[index].scripts.removeAll { names.contains($0.name) }
      }
      for index in configuration.groups.indices {
        configuration.groups[index].scripts.removeAll { names.contains($0.name) }
      }
    }
    guard let place = reading.firstScript, reading.globals.scriptSecurity == nil else { return }
    reading.remarks.error(
      "scripts run, and enable_script_security is not written: the daemon calls that a violation,"
        + " and runs them all the same", at: place,
      remedy: "Write enable_script_security and script_user in global_defs.",
      about: .insecureScripts)
  }

  private static func checkLeast(
    _ instance: Instance, _ globals: Globals, _ reading: inout Reading
  ) {
    if instance.routerID == nil {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has no virtual_router_id: the daemon's VRRP process"
          + " ends", at: instance.place, remedy: "Write virtual_router_id, 1 to 255.",
        isFatal: true)
    }
    let mayGoWithout =
      reading.host.version >= DaemonVersion(2, 3, 0) && instance.unicastKeyword != nil
    if instance.interface == nil, !mayGoWithout {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has no interface: the daemon's VRRP process ends",
        at: instance.place, remedy: "Write interface.", isFatal: true)
    } else if instance.interface == nil, instance.unicastSource == nil {
      reading.remarks.error(
        "the instance \(quoted(instance.name)) has neither an interface nor unicast_src_ip: the"
          + " daemon's VRRP process ends", at: instance.place, remedy: "Write interface.",
        isFatal: true)
    }
    guard instance.addresses.isEmpty, !(instance.needsNoAddress?.value ?? false) else { return }
    let needsOne =
      instance.version(in: globals) == 3 || instance.effectiveFamily == .v6
      || instance.isStrict(in: globals)
    let outcome = needsOne ? ": the daemon's VRRP process ends" : ", which is of no use"
    reading.remarks.error(
      "the instance \(quoted(instance.name)) holds no address" + outcome, at: instance.place,
      remedy: "Write virtual_ipaddress.", isFatal: needsOne)
  }

  private static func checkGroups(_ configuration: Configuration, _ reading: inout Reading) {
    let names = Set(configuration.instances.map(\.name))
    var grouped: [String: String] = [:]
    for group in configuration.groups {
      var count = 0
      for member in group.members {
        if !names.contains(member.value) {
          reading.remarks.error(
            "the group \(quoted(group.name)) has a member \(quoted(member.value)), and there is no"
              + " such instance: it is left out", at: member.place, remedy: "Name an instance.")
        } else if let other = grouped[member.value] {
          reading.remarks.error(
            "the instance \(quoted(member.value)) is in the group \(quoted(other)) already: it stays"
              + " there", at: member.place, remedy: "Put it into one group.")
        } else {
          grouped[member.value] = group.name
          count += 1
        }
      }
      guard count < 2 else { continue }
      reading.remarks.error(
        count == 0
          ? "the group \(quoted(group.name)) has no instance, and is left out"
          : "the group \(quoted(group.name)) has one instance only, which is of no use",
        at: group.place, remedy: "Name two instances, or take the group away.")
    }
  }

  /// Two instances of one number on one interface, of one family, that speak to the same ones.
  private static func checkRouterIDs(_ configuration: Configuration, _ reading: inout Reading) {
    struct Voice: Hashable {
      var number: Int
      var family: Instance.Family
      var interface: String
      var partner: String
    }
    var seen: [Voice: String] = [:]
    for instance in configuration.instances {
      guard let number = instance.routerID?.value, let interface = instance.interface?.value else {
        continue
      }
      let partners: [String] =
        switch instance.mode(in: configuration.globals) {
        case .unicast(let peers):
          Set(peers).map { $0 + " " + (instance.unicastSource?.value ?? "") }
        case .multicast(let group, _): [group]
        case .fault: []
        }
      for partner in partners {
        let voice = Voice(
          number: number, family: instance.effectiveFamily, interface: interface, partner: partner)
        if let other = seen[voice] {
          reading.remarks.error(
            "the instances \(quoted(other)) and \(quoted(instance.name)) both have the"
              + " virtual_router_id \(number) on \(interface): the daemon's VRRP process ends",
            at: instance.routerID?.place ?? instance.place, remedy: "Give each one of its own.",
            isFatal: true)
          break
        }
        seen[voice] = instance.name
      }
    }
  }

  private static func checkUnused(_ configuration: Configuration, _ reading: inout Reading) {
    let used = Set(
      configuration.instances.flatMap { $0.scripts.map(\.name) }
        + configuration.groups.flatMap { $0.scripts.map(\.name) })
    for script in configuration.scripts where !used.contains(script.name) {
      reading.remarks.logged(
        "nothing tracks the vrrp_script \(quoted(script.name)), and it never runs",
        at: script.place,
        remedy: "Track it in an instance, or take it away.")
    }
  }
}
