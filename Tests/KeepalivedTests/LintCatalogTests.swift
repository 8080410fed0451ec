// The catalog of rules: codes that stay, words that explain.

import TakeoverKeepalived
import Testing

@Suite struct `The catalog of the linter` {
  @Test func `codes are unique, in order, and of one form`() {
    let codes = LintCatalog.declarations.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes == codes.sorted())
    for code in codes {
      #expect(code.count == 5 && code.hasPrefix("KA") && Int(code.dropFirst(2)) != nil, "\(code)")
    }
    #expect(codes.count >= 45)
  }

  @Test func `every rule has a title and an explanation of its own`() {
    let declarations = LintCatalog.declarations
    #expect(Set(declarations.map(\.title)).count == declarations.count)
    for declaration in declarations {
      #expect(!declaration.title.isEmpty && !declaration.title.hasSuffix("."))
      #expect(declaration.explanation.count > 60, "\(declaration.code)")
      #expect(declaration.explanation.hasSuffix(".") || declaration.explanation.hasSuffix("?"))
    }
  }
}
