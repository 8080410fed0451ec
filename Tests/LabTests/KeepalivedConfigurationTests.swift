// keepalived.conf of a lab node, to the letter.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct KeepalivedConfiguration {
  private func configuration(
    _ description: LabDescription, of index: Int = 0
  ) throws -> String {
    let layout = try LabLayout(description, in: LabSamples.folders)
    return layout.keepalivedConfiguration(for: layout.nodes[index])
  }

  @Test func `the standard pair has the configuration that a user of a HAVIP starts from`() throws {
    let text = try configuration(LabSamples.pair(), of: 1)
    #expect(
      text == """
        global_defs {
            router_id b
            vrrp_version 2
        }
        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 51
            nopreempt
            priority 80
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass 1111
            }
            unicast_src_ip 172.17.16.13
            unicast_peer {
                172.17.16.7
            }
            virtual_ipaddress {
                172.17.16.3/24
            }
            garp_master_delay 1
            garp_master_refresh 5
            garp_master_repeat 5
            track_interface {
                eth0
            }
        }

        """)
  }

  @Test func `version 3, multicast and preemption are written as keepalived reads them`() throws {
    let keepalived = LabKeepalived(
      version: 3, vrid: 7, interval: .milliseconds(100), mode: .multicast, preempt: true,
      preemptDelay: .milliseconds(2500), garpMasterDelay: .seconds(2), garpMasterRefresh: .zero,
      garpMasterRepeat: 1, realTimePriority: 50)
    #expect(
      try configuration(LabSamples.pair(keepalived)) == """
        global_defs {
            router_id a
            vrrp_version 3
            vrrp_no_swap
        }
        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 7
            preempt_delay 2.5
            priority 100
            advert_int 0.1
            virtual_ipaddress {
                172.17.16.3/24
            }
            garp_master_delay 2
            garp_master_refresh 0
            garp_master_repeat 1
            track_interface {
                eth0
            }
        }

        """)
  }

  @Test func `an address of the other family is carried without being advertised`() throws {
    var description = LabSamples.pair()
    description.addresses.append(VirtualAddress(.v6(high: 0xfd00 << 48, low: 3), prefix: 64))
    let text = try configuration(description)
    #expect(
      text.contains(
        """
            virtual_ipaddress {
                172.17.16.3/24
            }
            virtual_ipaddress_excluded {
                fd00::3/64
            }
        """))
  }

  @Test func `each address has a virtual router of its own where the lab says so`() throws {
    var description = LabSamples.pair(LabKeepalived(instances: .perAddress))
    description.addresses.append(VirtualAddress(LabSamples.address(4), prefix: 32))
    let text = try configuration(description)
    let instances = text.components(separatedBy: "vrrp_instance ").dropFirst()
    #expect(instances.map { $0.prefix(4) } == ["VI_1", "VI_2"])
    for (instance, (vrid, address)) in zip(
      instances, [(51, "172.17.16.3/24"), (52, "172.17.16.4/32")])
    {
      #expect(instance.contains("    virtual_router_id \(vrid)\n"))
      #expect(instance.contains("    virtual_ipaddress {\n        \(address)\n    }\n"))
    }
    description.keepalived.vrid = 255
    #expect(throws: Complaint.self) { try configuration(description) }
  }

  @Test func `a lab with a check tracks a script of root's, and its nodes have that script`() throws
  {
    let check = LabCheck(interval: .seconds(2), fall: 3, weight: -30)
    let description = LabSamples.pair(LabKeepalived(check: check))
    let text = try configuration(description)
    #expect(
      text.hasPrefix(
        """
        global_defs {
            router_id a
            vrrp_version 2
            script_user root
            enable_script_security
        }
        vrrp_script service {
            script "/etc/keepalived/check"
            interval 2
            timeout 1
            fall 3
            rise 2
            weight -30
        }
        vrrp_instance VI_1 {

        """))
    #expect(text.hasSuffix("    track_script {\n        service\n    }\n}\n"))
    let layout = try LabLayout(description, in: LabSamples.folders)
    let program = layout.files(for: layout.nodes[0]).first { $0.path == "etc/keepalived/check" }
    #expect(program?.mode == "755")
    #expect(program?.content.contains("/dev/tcp/127.0.0.1/80") == true)
    let plain = try LabLayout(LabSamples.pair(), in: LabSamples.folders)
    #expect(!plain.files(for: plain.nodes[0]).contains { $0.path == "etc/keepalived/check" })
  }

  @Test func `a version 2 pair without a password has no authentication`() throws {
    let text = try configuration(LabSamples.pair(LabKeepalived(password: nil)))
    #expect(!text.contains("auth"))
  }

  @Test(arguments: [
    (Duration.seconds(1), "1"), (.milliseconds(10), "0.01"), (.milliseconds(1250), "1.25"),
    (.milliseconds(100), "0.1"), (.seconds(40), "40"), (.zero, "0"),
  ])
  func `seconds are exact decimals`(duration: Duration, text: String) {
    #expect(LabLayout.seconds(duration) == text)
  }
}
