// Everything a run needs from outside, named once. Wiring fills it in; tests fill it with doubles.

package import TakeoverModel

package struct RunSetting: Sendable {
  package var name: String
  package var version: String
  package var plans: [Plan]
  package var site: Site
  package var faults: Catalog<any Fault.Type>
  /// By node name; not yet opened.
  package var transports: [String: any Transport]
  /// Second ways, for nodes that cannot be healed by the first; not yet opened.
  package var otherWays: [String: any Transport] = [:]
  /// The ways to whoever carries a node (a hypervisor, a switch), by the node's name; not yet opened.
  package var outsides: [String: any Transport] = [:]
  package var observers: [any Observer]
  package var clock: any RunClock
  package var limits = Limits()
  /// Whose the locks on the nodes are: letters, digits, dots and dashes, unlike any other run's.
  package var token: String
  /// The same in words, for whoever finds the lock.
  package var owner: String
  /// Renew locks and leases as time goes by; false only where time is turned by hand.
  package var renews = true
  /// Tells beforehand what each blow must cost; nil: nobody does.
  package var oracle: (any Oracle)?
  /// Has the nodes' daemons say how they see themselves; nil: nobody does.
  package var daemons: (any DaemonReader)?
  /// Somebody who may halt the run from outside; nil: only a signal does.
  package var halt: HaltWatch?
  /// Why a trial must not begin now (its windows close too soon); nil: it may.
  package var refusal: @Sendable (Trial) -> String? = { _ in nil }

  package init(
    name: String, version: String, plans: [Plan], site: Site, faults: Catalog<any Fault.Type>,
    transports: [String: any Transport], observers: [any Observer], clock: any RunClock
  ) {
    token = "\(name)-\(String(clock.origin, radix: 36))"
    owner = "run \(name)"
    self.name = name
    self.version = version
    self.plans = plans
    self.site = site
    self.faults = faults
    self.transports = transports
    self.observers = observers
    self.clock = clock
  }
}

/// How long each kind of step may take.
package struct Limits: Sendable {
  package var connect: Duration = .seconds(10)
  /// One ordinary command on a node.
  package var command: Duration = .seconds(10)
  /// The acknowledgement of a blow; longer, and it is taken for lost. A graceful stop through
  /// systemd waits for the service's end: TimeoutStopSec's standard is 90 s (systemd-system.conf(5)).
  package var acknowledgement: Duration = .seconds(20)
  /// From the blow until it must be shown to be in force: keepalived lingers a second after its
  /// goodbye, so a graceful stop cannot be shown sooner.
  package var confirmation: Duration = .seconds(4)
  /// From the first attempt to heal until the node counts as broken.
  package var healing: Duration = .seconds(45)
  /// What a node that was started anew may take beside that.
  package var restart: Duration = .seconds(120)
  /// How long the pair must have been sound before a blow.
  package var calm: Duration = .milliseconds(500)
  /// How often anything that is waited for is looked at.
  package var look: Duration = .milliseconds(50)
  /// How often it is looked at whether the run must stop.
  package var watch: Duration = .milliseconds(250)

  package init() {}
}
