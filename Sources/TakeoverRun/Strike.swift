// A fault decided for one node: what will be done there, and how it is mended.

internal import TakeoverModel

struct Strike: Sendable {
  let node: Node
  let fault: FaultUse
  let procedure: Procedure
  /// What the node was given to mend itself.
  let lease: Lease
  /// The blow cuts the coordinator's own road to the node.
  let cutsRoad: Bool
  let commands: NodeCommands
  /// The node as it was before anything was touched; nil: it could not be looked at.
  var before: NodeState?

  /// The last command of the blow, which does not run without the lease.
  var armed: Command? {
    procedure.inject.last.map {
      cutsRoad ? lease.recording($0, procedure.confirm) : lease.guarding($0)
    }
  }
}
