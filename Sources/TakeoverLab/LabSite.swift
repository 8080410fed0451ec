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
        port: description.servicePort,
        // Where nothing is behind the nodes, a connection says no more than that it was made.
        held: description.haproxy == nil ? nil : .milliseconds(100),
        requests: description.haproxy == nil ? nil : .milliseconds(20)),
      cloud: cloud,
      database: description.database.map { database in
        Database(
          replication: database.replication,
          psql: Command(PostgreSQL.programs + "/psql", "-U", "postgres"))
      })
  }

  /// What the pair is called in the lab's cloud subnet; nil: the switch is a switch.
  private var cloud: CloudSubnet? {
    guard let subnet = description.fabric, let endpoint else { return nil }
    let names = members.map(\.name)
    let addresses = description.addresses.map(\.address)
    return CloudSubnet(
      endpoint: "http://\(controlAddress)/", region: Self.credential.region,
      credentials: credentials,
      namespace: endpoint.namespace,
      // The control plane counts them in this order.
      havips: havips.enumerated().map { CloudSubnet.Havip($1, id: "havip-lab\($0 + 1)") },
      owned: subnet.owned.filter { addresses.contains($0.address) && names.contains($0.node) }
        .map { CloudSubnet.Owned($0.address, by: $0.node) },
      instances: Dictionary(uniqueKeysWithValues: names.map { ($0, "ins-" + $0) }),
      period: .milliseconds(500), decisions: endpoint.decisions, lag: subnet.lag)
  }

  private func node(_ machine: Machine) -> Node {
    var services: [String: ServiceControl] = [:]
    for name in self.services(of: machine) {
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
