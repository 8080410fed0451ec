// A lab around a body: a lab that was up already stays, one that was made for the run goes with it.

internal import TakeoverLab
internal import TakeoverModel

enum LabScope {
  static func run<Value: Sendable>(
    _ description: LabDescription, say: @escaping @Sendable (String) -> Void,
    _ body: @escaping @Sendable (Site) async throws -> Value
  ) async throws -> Value {
    try await Wiring.laboratory(description) { laboratory in
      let wasUp = try await laboratory.status().isUp
      let outcome: Result<Value, any Error>
      do {
        let site = try await laboratory.up { say("takeover: \($0)") }
        outcome = .success(try await body(site))
      } catch {
        outcome = .failure(error)
      }
      if !wasUp {
        // A task of its own: the lab goes away also when the run was cancelled (see Shield.swift).
        try await Task { try await laboratory.down { say("takeover: \($0)") } }.value
      }
      return try outcome.get()
    }
  }
}
