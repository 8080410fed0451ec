// The node that is this machine: for laboratories, and for everything that can be tried without SSH.

internal import TakeoverModel

/// Runs commands in a `sh` of this machine. A command that misses its deadline is killed with
/// everything in its process group; what shall live longer than that is started with `setsid`.
package final class LocalTransport: ShellBacked {
  package let shells: ShellTransport

  package init() {
    let loop = PollLoop()
    shells = ShellTransport(loop: loop, road: LocalRoad(on: loop))
  }
}
