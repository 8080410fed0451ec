// How the program ends when several things happened at once.

internal import TakeoverCommand
internal import TakeoverModel
internal import Testing

@Suite struct `The exit status` {
  // Testing has an ExitStatus of its own.
  private typealias ExitStatus = TakeoverCommand.ExitStatus

  @Test func `a node that is broken outweighs everything`() {
    #expect(ExitStatus.worst(ExitStatus.allCases) == .notHealed)
  }

  @Test func `precedence is 3, 70, 130, 143, 2, 1, 5`() {
    let order: [ExitStatus] = [
      .notHealed, .bug, .interrupted, .terminated, .noVerdict, .failed, .nothingSelected,
    ]
    for index in order.indices {
      #expect(ExitStatus.worst([.passed] + order[index...].reversed()) == order[index])
    }
    #expect(order.map { $0.rawValue } == [3, 70, 130, 143, 2, 1, 5])
  }

  @Test func `nothing bad is 0`() {
    #expect(ExitStatus.worst([]) == .passed)
    #expect(ExitStatus.worst([.passed]).rawValue == 0)
  }

  @Test func `a verdict has its number`() {
    #expect(ExitStatus(.pass).rawValue == 0)
    #expect(ExitStatus(.fail).rawValue == 1)
    #expect(ExitStatus(.unknown).rawValue == 2)
  }
}
