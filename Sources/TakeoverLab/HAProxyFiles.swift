// haproxy on a lab's machines: a node that says its name, or a load balancer in front of backends that
// say theirs; and the script by which keepalived asks for it.

import TakeoverModel

extension LabLayout {
  /// What keepalived tracks where the lab asks for it, relative to the node's root.
  static let checkProgram = "etc/keepalived/check"
  /// Settings of the machine's kernel (sysctl.d(5)), read as it starts.
  static let kernelFile = "etc/sysctl.d/60-lab.conf"

  /// Empty: what the kernel does by itself is right. systemd reads them before it starts a service
  /// (systemd-sysctl.service), the first process of a plain machine likewise.
  func kernelFiles(of machine: Machine) -> [NodeFile] {
    guard let haproxy = description.haproxy, haproxy.bind == .addresses, haproxy.nonlocalBind,
      machine.isMember
    else { return [] }
    let settings = "net.ipv4.ip_nonlocal_bind = 1\nnet.ipv6.ip_nonlocal_bind = 1\n"
    let wanted = "[Unit]\nWants=systemd-sysctl.service\n"
    return [NodeFile(Self.kernelFile, settings)]
      + (machine.node?.firstProcess == .plain
        ? [] : [NodeFile("etc/systemd/system/takeover.target.d/kernel.conf", wanted)])
  }

  func haproxyConfiguration(for machine: Machine) -> String {
    guard machine.isMember, let haproxy = description.haproxy else {
      return nameTeller(machine)
    }
    return loadBalancer(machine, haproxy)
  }

  /// Answers every request with the machine's name, so that a probe can tell who answered.
  private func nameTeller(_ machine: Machine) -> String {
    // Two load balancers, full, must not fill a backend.
    let limit = description.haproxy.map { 200 + 2 * $0.maxConnections } ?? 200
    return """
      global
          maxconn \(limit)
          nbthread 1
      defaults
          mode http
          timeout connect 1s
          timeout client \(description.haproxy == nil ? "5s" : "30s")
          timeout server 5s
      frontend service
      \(binds(.wildcard))
          http-request return status 200 content-type text/plain string \(machine.name)

      """
  }

  /// `Via` (RFC 9110, 7.6.3) tells through which of the two an answer came, also one that is haproxy's own
  /// (503: no backend); its text is the backend's. The statistics socket hands the listeners to the
  /// next process, so that a reload refuses nobody (haproxy's management guide, 4).
  private func loadBalancer(_ machine: Machine, _ haproxy: LabHAProxy) -> String {
    let backends = nodes.filter { haproxy.backends.contains($0.name) }.map {
      "    server \($0.name) \($0.cables[0].address):\(description.servicePort) check"
    }
    return """
      global
          maxconn \(haproxy.maxConnections)
          nbthread 1
          stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
      defaults
          mode http
          retries 2
          option redispatch
          timeout connect 1s
          timeout queue 1s
          timeout client 30s
          timeout server 5s
      frontend service
      \(binds(haproxy.bind))
          http-after-response set-header Via "1.1 \(machine.name)"
          default_backend machines
      backend machines
          balance roundrobin
          option httpchk GET /
          http-check expect status 200
          default-server inter \(haproxy.healthCheck.nanoseconds / 1_000_000) fall 2 rise 1
      \(backends.joined(separator: "\n"))

      """
  }

  /// haproxy takes what stands behind the last colon for the port.
  private func binds(_ bind: LabHAProxy.Bind) -> String {
    let port = description.servicePort
    let hasV6 = description.addresses.contains { !$0.address.isV4 }
    let lines =
      switch bind {
      case .wildcard: ["*:\(port)"] + (hasV6 ? [":::\(port) v6only"] : [])
      case .addresses:
        ["127.0.0.1:\(port)"] + description.addresses.map { "\($0.address):\(port)" }
      }
    return lines.map { "    bind \($0)" }.joined(separator: "\n")
  }

  /// bash(1) opens /dev/tcp/HOST/PORT by itself: a node needs no other program for it.
  var check: String {
    guard description.database == nil else { return Self.databaseCheck }
    guard description.keepalived.check?.asks != .process else {
      return "#!/bin/sh\nexec pkill -0 -x haproxy\n"
    }
    return """
      #!/bin/bash
      exec 3<>/dev/tcp/127.0.0.1/\(description.servicePort) || exit 1
      printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
      read -r -t 1 line <&3 && [[ $line == *" 200 "* ]]

      """
  }
}
