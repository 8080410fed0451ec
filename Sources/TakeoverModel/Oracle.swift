// An oracle reads from the nodes of a pair what moves its addresses, and tells beforehand what each
// blow must cost. Each kind of announcer has its own; the run and the judge know forecasts only.

package protocol Oracle: Sendable {
  /// One forecast for each trial that is judged by it and each node that may hold the addresses then;
  /// where nothing can be told, it says why. The nodes are read, and nothing is changed there.
  func forecasts(
    of plans: [Plan], at site: Site, over transports: [String: any Transport]
  ) async -> [Forecast]
}
