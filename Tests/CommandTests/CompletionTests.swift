// What completes a word arrives in the shell as it is, whoever named it.

internal import ArgumentParser
internal import TakeoverCommand
internal import Testing

@Suite struct `What a shell is offered` {
  @Test func `are quoted for bash, which would expand them`() {
    #expect(Completions.spelled("Plans/crash.yaml", for: .bash) == "Plans/crash.yaml")
    #expect(Completions.spelled("$(touch x)", for: .bash) == "'$(touch x)'")
    #expect(Completions.spelled("the holder's", for: .bash) == #"'the holder'\''s'"#)
    #expect(Completions.spelled("Plans/", for: .bash) == "Plans")
    #expect(Completions.spelled("/", for: .bash) == "/")
  }

  @Test func `keep their colons in zsh, and everything in fish`() {
    #expect(Completions.spelled(#"a: b\c"#, for: .zsh) == #"a\: b\\c"#)
    #expect(Completions.spelled("Plans/", for: .zsh) == "Plans/")
    #expect(Completions.spelled("a: $(b)", for: .fish) == "a: $(b)")
    #expect(Completions.spelled("a: b", for: nil) == "a: b")
  }

  @Test(arguments: [CompletionShell.bash, .zsh, .fish]) func `leave out what is no line`(
    shell: CompletionShell
  ) {
    for word in ["", "a\nb", "a\tb", "\u{1B}[2J"] {
      #expect(Completions.spelled(word, for: shell) == nil)
    }
  }
}
