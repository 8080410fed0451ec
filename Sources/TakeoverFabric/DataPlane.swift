// The switch's rules, changed by nft(8) of the lab's image: one run is one transaction.

internal import Glibc
internal import TakeoverModel
internal import TakeoverSubnet

struct DataPlane: Sendable {
  private let tools: String
  private var applied: Forwarding

  init(_ forwarding: Forwarding, tools: String) throws(Complaint) {
    self.tools = tools
    applied = forwarding
    try Self.carryOut(forwarding.rules, tools: tools)
  }

  /// Nothing happens when nothing differs.
  mutating func become(_ forwarding: Forwarding) throws(Complaint) {
    let change = forwarding.change(from: applied)
    guard !change.isEmpty else { return }
    try Self.carryOut(change, tools: tools)
    applied = forwarding
  }

  /// What nft has to say goes where this process's own messages go. The path is the lab's, of plain
  /// characters (LabFolders).
  private static func carryOut(_ script: String, tools: String) throws(Complaint) {
    guard let pipe = unsafe popen("exec chroot \(tools) nft -f -", "we") else {
      throw Complaint(
        "nft cannot be started (error \(errno))", remedy: "look at this machine's limits: ulimit -a"
      )
    }
    unsafe fputs(script, pipe)
    guard unsafe pclose(pipe) == 0 else {
      throw Complaint(
        "nft refuses the switch's rules",
        remedy: "its message is above; the kernel needs nftables' bridge family")
    }
  }
}
