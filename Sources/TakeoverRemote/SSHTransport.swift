// A node at the other end of an SSH connection, by libssh2.

package import TakeoverModel

/// Keys: Ed25519 and ECDSA. Host keys are always checked against known_hosts.
package final class SSHTransport: Transport, ShellBacked {
  package let shells: ShellTransport

  package init(_ reach: Reach) {
    let loop = PollLoop()
    shells = ShellTransport(loop: loop, road: SSHRoad(to: reach, on: loop))
  }
}
