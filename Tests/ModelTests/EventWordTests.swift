// The list of a journal's words is the journal's.

internal import TakeoverModel
internal import Testing

@Suite struct `The words of a journal` {
  @Test(arguments: `Journal lines`.events) func `are those of its lines`(event: Event) {
    #expect(event.word.rawValue == event.name)
  }

  @Test func `are all of them`() {
    #expect(Set(`Journal lines`.events.map(\.word)) == Set(EventWord.allCases))
  }

  @Test(arguments: `Journal lines`.events) func `name what stands beside them`(event: Event) {
    let payload = Mirror(reflecting: event).children.first?.value
    #expect(payload.map { type(of: $0) == (event.word.payload as Any.Type) } == true)
  }
}
