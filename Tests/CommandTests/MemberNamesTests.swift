// What the nodes of a pair are called when nobody names them.

import TakeoverCommand
import Testing

@Suite struct `The names of a pair's nodes` {
  @Test func `files of different names name their nodes`() {
    #expect(MemberNames.names(of: ["a.conf", "conf/b.conf"]) == ["a", "b"])
    #expect(MemberNames.names(of: ["one", ".conf"]) == ["one", ".conf"])
  }

  @Test func `files of one name are called by their folders`() {
    #expect(MemberNames.names(of: ["x/keepalived.conf", "y/keepalived.conf"]) == ["x", "y"])
  }

  @Test func `what nothing tells apart is counted`() {
    #expect(MemberNames.names(of: ["a/x/k.conf", "b/x/k.conf"]) == ["node-1", "node-2"])
    #expect(MemberNames.names(of: ["k.conf", "k.conf"]) == ["node-1", "node-2"])
    #expect(MemberNames.names(of: []) == [])
  }
}
