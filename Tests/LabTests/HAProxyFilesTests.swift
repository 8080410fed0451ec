// haproxy.cfg of a lab's machines, to the letter, and what goes with it.

import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct `haproxy of a lab` {
  private func lab(
    _ haproxy: LabHAProxy?, check: LabCheck? = nil, plain: Bool = false
  ) -> LabDescription {
    var description = LabSamples.pair(LabKeepalived(check: check))
    description.haproxy = haproxy
    description.machines = [
      LabSamples.node("web1", 31, priority: 1), LabSamples.node("web2", 32, priority: 1),
      LabSamples.node("crowd", 40, priority: 1),
    ]
    if plain { description.nodes[0].firstProcess = .plain }
    return description
  }

  private func files(
    of name: String, _ haproxy: LabHAProxy?, check: LabCheck? = nil, plain: Bool = false
  ) throws -> [String: String] {
    let layout = try LabLayout(
      lab(haproxy, check: check, plain: plain), in: LabSamples.folders)
    let machine = try #require(layout.machines.first { $0.name == name })
    return Dictionary(
      uniqueKeysWithValues: layout.files(for: machine).map { ($0.path, $0.content) })
  }

  @Test func `a load balancer says through whom an answer came, and knows its backends`() throws {
    let haproxy = LabHAProxy(
      backends: ["web1", "web2"], maxConnections: 60, healthCheck: .seconds(2))
    #expect(
      try files(of: "b", haproxy)["etc/haproxy/haproxy.cfg"] == """
        global
            maxconn 60
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
            bind *:80
            http-after-response set-header Via "1.1 b"
            default_backend machines
        backend machines
            balance roundrobin
            option httpchk GET /
            http-check expect status 200
            default-server inter 2000 fall 2 rise 1
            server web1 172.17.16.31:80 check
            server web2 172.17.16.32:80 check

        """)
  }

  @Test func `a backend says its name, and takes more than both load balancers hold`() throws {
    let haproxy = LabHAProxy(backends: ["web1"], maxConnections: 60)
    let text = try files(of: "web1", haproxy)["etc/haproxy/haproxy.cfg"]
    #expect(text?.contains("text/plain string web1\n") == true)
    #expect(text?.contains("maxconn 320\n") == true)
  }

  @Test func `without backends every node answers by itself, as ever`() throws {
    #expect(
      try files(of: "a", nil)["etc/haproxy/haproxy.cfg"] == """
        global
            maxconn 200
            nbthread 1
        defaults
            mode http
            timeout connect 1s
            timeout client 5s
            timeout server 5s
        frontend service
            bind *:80
            http-request return status 200 content-type text/plain string a

        """)
  }

  @Test func `who binds the addresses binds them before it has them, if its kernel may`() throws {
    let addresses = LabHAProxy(backends: ["web1"], bind: .addresses)
    let sysctl = "etc/sysctl.d/60-lab.conf"
    let wanted = "etc/systemd/system/takeover.target.d/kernel.conf"
    let node = try files(of: "a", addresses)
    #expect(
      node["etc/haproxy/haproxy.cfg"]?.contains("    bind 127.0.0.1:80\n    bind 172.17.16.3:80\n")
        == true)
    #expect(node[sysctl]?.contains("net.ipv4.ip_nonlocal_bind = 1\n") == true)
    #expect(node[wanted]?.contains("Wants=systemd-sysctl.service") == true)
    let plain = try files(of: "a", addresses, plain: true)
    #expect(plain[sysctl] != nil && plain[wanted] == nil)
    #expect(plain["usr/local/sbin/takeover-init"]?.contains("sysctl -q -p /\(sysctl)") == true)
    let forbidden = LabHAProxy(backends: ["web1"], bind: .addresses, nonlocalBind: false)
    #expect(try files(of: "a", forbidden)[sysctl] == nil)
    #expect(try files(of: "a", LabHAProxy(backends: ["web1"]))[sysctl] == nil)
    #expect(try files(of: "web1", addresses)[sysctl] == nil)
  }

  @Test func `the check asks the service, or is content with a process`() throws {
    let haproxy = LabHAProxy(backends: ["web1"])
    let service = try files(of: "a", haproxy, check: LabCheck())
    #expect(service["etc/keepalived/check"]?.contains("/dev/tcp/127.0.0.1/80") == true)
    #expect(
      service["etc/keepalived/keepalived.conf"]?.contains("vrrp_script checkhaproxy {") == true)
    #expect(service["etc/keepalived/keepalived.conf"]?.contains("        checkhaproxy\n") == true)
    let process = try files(of: "a", haproxy, check: LabCheck(asks: .process))
    #expect(process["etc/keepalived/check"] == "#!/bin/sh\nexec pkill -0 -x haproxy\n")
  }

  @Test func `clients with kept connections watch where there is something behind the nodes`()
    throws
  {
    let site = try LabLayout(lab(LabHAProxy(backends: ["web1"])), in: LabSamples.folders).site
    #expect(site.probing.held == .milliseconds(100))
    #expect(site.probing.requests == .milliseconds(20))
    let bare = try LabLayout(lab(nil), in: LabSamples.folders).site
    #expect(bare.probing.held == nil && bare.probing.requests == nil)
  }

  @Test(arguments: [
    LabHAProxy(backends: []), LabHAProxy(backends: ["web1", "web3"]), LabHAProxy(backends: ["a"]),
    LabHAProxy(backends: ["web1"], maxConnections: 0),
  ])
  func `backends are machines of the lab`(haproxy: LabHAProxy) {
    #expect(throws: Complaint.self) { try LabLayout(lab(haproxy), in: LabSamples.folders) }
  }
}
