// What the machine's answers mean.

import TakeoverModel
import Testing

@testable import TakeoverLab

@Suite struct LabAnswers {
  private func result(_ text: String, status: Int = 0) -> CommandResult {
    CommandResult(status: status, output: Array(text.utf8))
  }

  @Test func `a lab is up when it was completed and every node runs`() throws {
    let layout = try LabLayout(LabSamples.pair(), in: LabSamples.folders)
    let up = layout.status(from: result("\(layout.fingerprint)\na 100\nb 200\n"))
    #expect(up.isUp)
    #expect(up.firstProcesses == ["a": 100, "b": 200])
    let half = layout.status(from: result("\(layout.fingerprint)\nb 200\n"))
    #expect(half.isComplete && !half.isUp)
    #expect(half.power == ["a": .off, "b": .on])
    #expect(layout.status(from: result("0123\na 100\nb 200\n")).isComplete == false)
    #expect(layout.status(from: result("\n")).exists)
    #expect(layout.status(from: result("", status: 1)).exists == false)
  }

  @Test func `every missing program is named with its package, once`() {
    let complaints = LabLayout.complaints(
      from: result("overlay\nprogram unshare\nprogram nsenter\nprogram mmdebstrap\n"))
    #expect(
      complaints == [
        Complaint("the kernel has no overlay file system", remedy: "modprobe overlay"),
        Complaint(
          "this machine lacks mmdebstrap, util-linux",
          remedy: "apt-get install --no-install-recommends mmdebstrap util-linux"),
      ])
    #expect(LabLayout.complaints(from: result("")).isEmpty)
  }

  @Test func `an image is named after its suite and its recipe, and names no mirror`() throws {
    let making = try #require(LabImage.suite("trixie").making(in: LabSamples.folders))
    let script = try #require(making.asScript)
    #expect(LabImage.suite("trixie").name.wholeMatch(of: /trixie-[0-9a-f]{8}/) != nil)
    #expect(
      Array(script.parameters.prefix(3)) == ["/cache", LabImage.suite("trixie").name, "trixie"])
    #expect(!making.arguments.contains { $0.contains("://") })
    #expect(LabImage.host.making(in: LabSamples.folders) == nil)
  }
}
