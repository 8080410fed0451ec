// The configuration that a user of a HAVIP starts from, copied to both nodes unchanged.

package enum HAVIPText {
  package static let copied = """
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
        unicast_src_ip 172.17.16.7
        unicast_peer {
            172.17.16.13
        }
        virtual_ipaddress {
            172.17.16.3
        }
        garp_master_delay 1
        garp_master_refresh 5
        track_interface {
            eth0
        }
        track_script {
            checkhaproxy
        }
    }

    """

  /// keepalived -t refuses a line that tracks the instance's own interface.
  package static let untracked = copied.replacing(
    "    track_interface {\n        eth0\n    }\n", with: "")
}
