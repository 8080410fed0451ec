// A node at the other end of an SSH connection, by whichever client can make it.

package import TakeoverModel

/// libssh2 where it can, else the OpenSSH client; `description` says which and why once it is open.
/// Host keys are always checked against known_hosts.
package final class AutomaticTransport: ShellBacked {
  package let shells: ShellTransport

  package init(_ reach: Reach) {
    let loop = PollLoop()
    shells = ShellTransport(loop: loop, road: AutomaticRoad(to: reach, on: loop))
  }
}
