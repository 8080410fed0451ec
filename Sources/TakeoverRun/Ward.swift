// What a trial does at one node, decided beforehand: its blows in order, how all of them are mended, and
// the promise that the node is given.

internal import TakeoverModel

/// One blow at one node.
struct Strike: Sendable {
  let fault: FaultUse
  let procedure: Procedure
  /// From the trial's first blow.
  let after: Duration
  /// How long it stays in force; nil: until the trial's healing.
  let hold: Duration?
  /// The blow cuts the coordinator's own road to the node.
  let cutsRoad: Bool
}

/// A node in the keeper's care for the length of a trial, by one way there: where it is struck both
/// itself and from outside, those are two wards.
struct Ward: Sendable {
  let node: Node
  let place: Procedure.Place
  /// In the order in which they fall.
  var strikes: [Strike]
  /// What the node was given to mend itself.
  var lease: Lease
  /// Where the blows fall.
  let acting: NodeCommands
  /// Where the node is looked at: on the node, wherever the blows fall.
  let looking: NodeCommands
  /// The node as it was before anything was touched; nil: it could not be looked at.
  var before: NodeState?

  var key: String { Self.key(node.name, place) }
  static func key(_ node: String, _ place: Procedure.Place) -> String {
    place == .node ? node : "\(node) from outside"
  }

  var cutsRoad: Bool { strikes.contains(where: \.cutsRoad) }
  /// One of the blows, or its healing, starts the node anew.
  var restarts: Bool { strikes.contains { $0.procedure.restarts } }
  /// The node is gone with its memory, and so is what it was given.
  var losesMemory: Bool { place == .node && restarts }

  var touches: Touches {
    strikes.map(\.procedure.touches).reduce(into: Touches()) { all, one in
      all.files += one.files
      all.sysctls += one.sysctls
    }
  }

  /// All of the healing, the last blow's first.
  var healing: Procedure {
    let all = strikes.reversed().map(\.procedure)
    return Procedure(
      inject: [], confirm: [], heal: all.flatMap(\.heal),
      confirmHealed: all.flatMap(\.confirmHealed), touches: touches, place: place,
      restarts: restarts)
  }

  /// The last command of a blow, which does not run without the lease.
  func armed(_ strike: Strike) -> Command? {
    strike.procedure.inject.last.map {
      strike.cutsRoad ? lease.recording($0, strike.procedure.confirm) : lease.guarding($0)
    }
  }
}
