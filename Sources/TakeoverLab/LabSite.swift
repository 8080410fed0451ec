// The lab as a site: how to reach the nodes, where to capture, where to probe from.

package import TakeoverModel

extension LabLayout {
  package var site: Site {
    Site(
      name: description.name, environment: .lab, nodes: members.map(node),
      machines: nodes.filter { !$0.isMember }.map { machine in
        TakeoverModel.Machine(
          name: machine.name, reach: reach(of: machine), interface: "eth0",
          addresses: [machine.cables[0].address])
      },
      addresses: description.addresses, vrid: description.keepalived.vrid,
      captures: machines.map { machine in
        CapturePoint(
          name: machine.name, interface: machine.name, namespace: fabric,
          node: machine.isMember ? machine.name : nil)
      },
      vantages: clients.map { client in
        VantagePoint(name: client.name, interface: "eth0", namespace: client.folder + "/net")
      },
      probing: Probing(
        arp: .milliseconds(20), echo: .milliseconds(10), connect: .milliseconds(10),
        port: description.servicePort))
  }

  private func node(_ machine: Machine) -> Node {
    var services: [String: ServiceControl] = [:]
    for name in Self.services(of: machine) {
      services[name] =
        machine.node?.firstProcess == .plain ? Self.plainControl(name) : .unit(name)
    }
    return Node(
      name: machine.name,
      reach: reach(of: machine), interface: "eth0", addresses: [machine.cables[0].address],
      services: services, priority: machine.node?.priority, outside: outside(of: machine))
  }

  private func reach(of machine: Machine) -> Reach {
    Reach(
      host: machine.management?.description ?? "", identity: userKey, knownHosts: knownHosts,
      namespace: fabric,
      // A user's ssh_config is about the user's machines, not about these.
      config: "none")
  }
}
